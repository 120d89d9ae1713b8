"""A year of the line under some schemes: figures, receipt, flows as a table."""

from plant_models import chlorobenzene as cb

YEARS = 1.0

if __name__ == "__main__":
    run = cb.simulate("F1-F4, F7", years=YEARS, seed=1)
    print(run.indicators)
    print(run.receipt())
    lost = run.flows[run.flows.medium == "emission gas"]
    print(lost.groupby(["source", "component"]).kg.sum().nlargest(5))
