"""Everything fails twice as often: what that costs in output and in hydrogen chloride."""

import experiments as ex
from plant_models import chlorobenzene as cb

YEARS, REPLICATIONS = 1.0, 5

if __name__ == "__main__":
    often = cb.own_design(scales={"*.failure.mtbf": 0.5})
    found = ex.compare(cb.BASELINE, often, years=YEARS, replications=REPLICATIONS)
    for name in ("chlorobenzene_t", "wastewater.hydrogen_chloride_t"):
        change = found.differences[name].interval
        print(
            f"{name}: {change.mean:+,.1f} t/yr, 95 % from {change.low:,.1f} to {change.high:,.1f}"
        )
