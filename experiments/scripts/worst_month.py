"""What happened in a recorded run: the diary, and which trains stood for how long."""

from plant_models import chlorobenzene as cb

YEARS = 1 / 12

if __name__ == "__main__":
    run = cb.simulate("none", years=YEARS, seed=3, start_hour=4344.0, record=True)  # July
    print(run.diary())
    stood = run.states()
    print(stood[stood.state != "running"].groupby("train").hours.sum())
