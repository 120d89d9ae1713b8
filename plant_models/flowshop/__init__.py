"""A batch shop: three products on the same four vessels, before and after cleaner production.

``plant`` is the textbook's shop alone, with its known answers, built from `sim`'s public names;
the rest makes a plant of it that can be compared, costed and rebuilt as the chlorobenzene line can.

>>> from plant_models import flowshop
>>> flowshop.shop("S2").cleaning.drain_hours
0.5
"""

from __future__ import annotations

from plant_models.flowshop.model import PLANT, shop, simulate, steady_state
from plant_models.flowshop.plant import Flowshop, campaign_hours
from plant_models.flowshop.shop import Shop

__all__ = ["PLANT", "Flowshop", "Shop", "campaign_hours", "shop", "simulate", "steady_state"]
