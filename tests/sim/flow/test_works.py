"""Where reactors, washers, second feeds, headers, steam and shares meet, all laws hold."""

import pytest

from tests.sim.flow.random_networks import Drawn, keeps_its_laws
from tests.sim.flow.random_works import Washer, works

SLOW = {4, 29, 46, 98, 106, 184}
"""Of the first 220, that take more than 3 s for a day: 3,000 to 100,000 intervals."""


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=[pytest.mark.long] if number >= 10 else [])
        for number in (*range(100), 238, 244, 308, 462, 547, 970)
        if number not in SLOW
    ],
)
def test_random_works_keep_all_laws(number: int):
    """Tanks of 10 g beside tanks of 1,000 t, failures every two minutes, reactions that turn."""
    network = works(number)
    keeps_its_laws(Drawn(number), 24.0, network=network)
    for unit in network.units.values():
        if isinstance(unit, Washer):
            assert unit.shown[0] > -1e-9
