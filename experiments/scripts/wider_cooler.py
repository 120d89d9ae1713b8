"""A sweep over one parameter: what a larger off-gas cooler does to benzene and steam.

What it condenses must be boiled off again; what leaves to the air is set by the absorber behind it.
"""

from plant_models import chlorobenzene as cb

AREAS = (40.0, 60.0, 80.0, 100.0)  # m2

if __name__ == "__main__":
    for area in AREAS:
        design = cb.own_design(settings={"off_gas_cooler.area": area})
        state = cb.steady_state("F1", design=design).indicators
        print(f"{area:5.0f} m2  benzene to air {state['air.benzene_t']:6.1f} t/yr  "
              f"steam {state['steam_t']:,.0f} t/yr")  # fmt: skip
