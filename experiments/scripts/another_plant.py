"""The same study on another plant: the textbook's batch flowshop and its schemes."""

import experiments as ex
from plant_models import flowshop

YEARS, REPLICATIONS = 0.1, 3

if __name__ == "__main__":
    print(ex.compare("none", "all", plant=flowshop.PLANT, years=YEARS, replications=REPLICATIONS))
