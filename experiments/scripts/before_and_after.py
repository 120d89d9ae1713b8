"""Three designs under the same breakdowns, on all processors, with intervals and a folder."""

import experiments as ex

YEARS, REPLICATIONS, WORKERS = 1.0, 10, None

if __name__ == "__main__":  # processes start from here
    found = ex.compare(
        "none", "F1-F4", "F1-F11", years=YEARS, replications=REPLICATIONS, workers=WORKERS
    )
    print(found)
    found.save("before_and_after")
