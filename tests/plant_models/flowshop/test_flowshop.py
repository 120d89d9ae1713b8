"""The second plant: the textbook's batches are made, the books close, sim is used by the door."""

import ast
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

import sim
from plant_models.flowshop import plant as flowshop
from plant_models.flowshop.plant import (
    BATCH,
    PRODUCTS,
    STEP_HOURS,
    VESSELS,
    Flowshop,
    campaign_hours,
)

MONTH = 500.0  # h

MOVES = 2.2e-3
"""h. The textbook moves batches in no time; here each takes 349 kg / 1e8 kg/h = 3.5e-6 h at most.
The 126 batches are moved five times each, which cannot add up to more than 2.2e-3 h."""


@pytest.fixture(scope="module")
def campaigns() -> Flowshop:
    plant = Flowshop([name * 42 for name in PRODUCTS.names])
    plant.run(MONTH + MOVES)
    return plant


def test_a_month_of_campaigns_makes_42_batches_of_each_product(campaigns: Flowshop):
    """Turton et al., example 3.3."""
    assert Counter(name for _, name in campaigns.shipped) == dict.fromkeys("ABC", 42)
    assert campaigns.shipped[-1][0] == pytest.approx(MONTH, abs=MOVES)


def test_a_43rd_batch_of_each_does_not_fit_into_the_month():
    plant = Flowshop([name * 43 for name in PRODUCTS.names])
    plant.run(MONTH + MOVES)
    assert Counter(name for _, name in plant.shipped)["C"] < 43


@pytest.mark.parametrize(("product", "hours"), [("A", 2.631), ("B", 4.619), ("C", 4.655)])
def test_the_cycle_times_are_the_printed_ones(campaigns: Flowshop, product: str, hours: float):
    """To the three digits that are printed; example 3.3."""
    ends = {name: hour for hour, name in campaigns.shipped}
    begins = max((end for end in ends.values() if end < ends[product]), default=0.0)
    assert (ends[product] - begins) / 42 == pytest.approx(hours, abs=5.1e-4)


def test_the_sequence_abc_makes_five_more_of_each():
    """Turton et al., example 3.4."""
    plant = Flowshop(["ABC" * 60])
    plant.run(MONTH)
    made = Counter(name for _, name in plant.shipped)
    assert min(made.values()) == 42 + 5


def test_in_the_sequence_abc_the_separator_never_waits():
    """So batches C leave every 2.5 + 4.5 + 3.5 h."""
    plant = Flowshop(["ABC" * 10])
    plant.run(120.0)
    ends = [hour for hour, name in plant.shipped if name == "C"]
    separator = sum(hours[VESSELS.index("separator")] for hours in STEP_HOURS.values())
    for one, other in pairwise(ends):
        assert other - one == pytest.approx(separator, abs=MOVES)


@pytest.mark.parametrize("product", PRODUCTS.names)
@pytest.mark.parametrize("batches", [1, 2, 7])
def test_a_campaign_takes_the_time_of_the_closed_form(product: str, batches: int):
    """T = sum of the steps + (n - 1) x the longest."""
    plant = Flowshop([product * batches])
    plant.run(80.0)
    assert plant.shipped[-1][0] == pytest.approx(campaign_hours(product, batches), abs=MOVES)


def test_the_books_close_and_hold_every_batch(campaigns: Flowshop):
    books = campaigns.plant.ledger()
    assert books.certificate().closure <= 1e-9
    for name in PRODUCTS.names:
        assert books.total(name, sink="customers") == pytest.approx(42 * BATCH[name], rel=1e-6)
        assert books.total(name, source=f"store_{name}") == pytest.approx(
            42 * BATCH[name], rel=1e-6
        )


def test_a_month_of_the_line_is_what_the_textbook_asks_for(campaigns: Flowshop):
    """10,000, 15,000 and 12,000 kg in 43 batches; 42 make 42/43 of them (section 3.5.1)."""
    books = campaigns.plant.ledger()
    asked = {"A": 10_000.0, "B": 15_000.0, "C": 12_000.0}
    for name, kg in asked.items():
        assert books.total(name, sink="customers") == pytest.approx(kg * 42 / 43, rel=1e-6)


def test_the_plant_is_short_and_comes_in_by_the_door():
    source = Path(flowshop.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 200
    taken = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            assert not any(name.name.startswith(("sim", "simpy")) for name in node.names)
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            assert not node.module.startswith(("sim.", "simpy", "plant_models"))
            if node.module == "sim":
                taken |= {name.name for name in node.names}
    assert taken
    assert taken <= set(sim.__all__)
