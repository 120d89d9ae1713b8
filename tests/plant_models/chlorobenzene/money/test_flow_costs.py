"""Material flow cost accounting: closed forms with recycles, and sums that close on the line."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene.line.wiring import PROCESS_OF, PROCESSES, network
from plant_models.chlorobenzene.model import PLANT, line, simulate, steady_state
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.flow_costs import flow_costs
from plant_models.chlorobenzene.money.prices import prior_prices
from plant_models.methods.flow_costing import PRODUCTS, Transfer, carried_costs

PRICES = prior_prices().tree
EXACT = 1e-9  # of all input cost; rounding is a millionth of it
SHARES = st.floats(0.01, 1.0)


@pytest.fixture(scope="module")
def before():
    return steady_state("none")


@settings(max_examples=30)
@given(SHARES, SHARES, st.floats(0.0, 50.0), st.floats(1.0, 1e6))
def test_a_recycle_is_counted_once(product, loss, recycle, spent):
    """Whatever is recycled, cost ends in the ratio of loss to product: C l / (l + p)."""
    loop = [
        Transfer("feed", "still", product + loss),
        Transfer("still", "loss", loss),
        Transfer("still", "product", product),
        Transfer("still", "still", recycle),
    ]
    costs = carried_costs(loop, {"feed": spent})
    assert costs[1] == pytest.approx(spent * loss / (loss + product), rel=EXACT)
    assert costs[1] + costs[2] == pytest.approx(spent, rel=EXACT)


@given(SHARES, SHARES, st.floats(0.0, 0.9), st.floats(1.0, 1e6), st.floats(1.0, 1e6))
def test_energy_spent_in_a_recycle_is_shared_by_what_leaves_it(first, second, back, feed, heat):
    """Two centres, of which the second returns a share r to the first.

    Cost through the second is (C + E) / (1 - r); of it 1 - r leaves, in the ratio of two outlets.
    """
    out = first + second
    flows = [
        Transfer("feed", "one", 1.0),
        Transfer("one", "two", 1.0),
        Transfer("two", "one", out * back / (1.0 - back)),
        Transfer("two", "loss", first),
        Transfer("two", "product", second),
    ]
    costs = carried_costs(flows, {"feed": feed, "two": heat})
    assert costs[1] == pytest.approx(feed + (feed + heat) * back / (1.0 - back), rel=1e-9)
    assert costs[3] == pytest.approx((feed + heat) * first / out, rel=1e-9)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(1e-3, 1e3)), max_size=20),
    st.lists(st.floats(0.0, 1e6), min_size=6, max_size=6),
)
def test_all_that_is_spent_arrives(loops, spent):
    """Any network whose every centre also lets something out."""
    assume(sum(spent) > 1.0)
    ways = [Transfer(f"c{a}", f"c{b}", kg) for a, b, kg in loops]
    ways += [Transfer(f"c{i}", "out", 1.0) for i in range(6)]
    costs = carried_costs(ways, {f"c{i}": cost for i, cost in enumerate(spent)})
    arrived = sum(cost for way, cost in zip(ways, costs, strict=True) if way.sink == "out")
    assert arrived == pytest.approx(sum(spent), rel=1e-9)
    assert min(costs) >= -1e-9 * sum(spent)


def test_cost_in_a_closed_loop_is_refused():
    loop = [Transfer("a", "b", 1.0), Transfer("b", "a", 1.0)]
    with pytest.raises(ValueError, match="closed loop"):
        carried_costs(loop, {"a": 1.0})


def test_cost_spent_where_nothing_leaves_is_refused():
    with pytest.raises(ValueError, match="spent in a, which gives nothing"):
        carried_costs([Transfer("b", "c", 1.0)], {"a": 1.0})


@pytest.mark.parametrize("schemes", ["none", "F1-F11", "all"])
def test_every_cost_of_the_line_ends_somewhere(schemes):
    result = steady_state(schemes)
    costs = flow_costs(result, PRICES)
    assert sum(row.cost for row in costs.rows) == pytest.approx(costs.total, rel=EXACT)
    for material in costs.spent:
        ended = sum(row.cost for row in costs.rows if row.material == material)
        assert ended == pytest.approx(costs.spent[material], rel=EXACT)


@pytest.mark.parametrize("schemes", ["none", "F1-F11"])
def test_the_input_cost_is_what_the_books_show_as_bought(schemes):
    result = steady_state(schemes)
    values = ECONOMY.annual_value(result.indicators, PRICES).values()
    bought = -sum(value for value in values if value < 0.0)
    assert flow_costs(result, PRICES).total == pytest.approx(bought, rel=EXACT)


def test_a_year_of_events_closes_too():
    """Stocks before and after are part of it, and what trips and spills lose."""
    costs = flow_costs(simulate("none", years=0.05, seed=3), PRICES)
    assert sum(row.cost for row in costs.rows) == pytest.approx(costs.total, rel=EXACT)
    assert any(row.medium == "stock" for row in costs.rows)


def test_benzene_lost_costs_its_price_per_atom_of_carbon(before):
    """All carbon is bought as benzene, so every kilogram of it costs the same, recycled or not.

    The cost of benzene lost is the carbon lost over the carbon bought.
    """
    costs = flow_costs(before, PRICES)
    ledger = before.ledger
    carbon = dict(zip(ledger.components.elements, ledger.components.element_mass, strict=True))["C"]
    lost = sum(
        float(kg @ carbon)
        for entry, kg in ledger.flows.items()
        if entry.medium not in (*PRODUCTS, "internal")
    )
    bought = ledger.total("benzene", source="benzene_supply") * carbon[0]
    found = sum(
        row.cost for row in costs.rows if row.material == "benzene" and row.medium not in PRODUCTS
    )
    assert found == pytest.approx(costs.spent["benzene"] * lost / bought, rel=1e-9)


def test_lost_benzene_carries_the_steam_that_was_spent_on_it(before):
    """Steam at double its price makes losses dearer, by what they carried of it."""
    dearer = flow_costs(before, replace(PRICES, steam=2.0 * PRICES.steam))
    costs = flow_costs(before, PRICES)
    steam = before.indicators["steam_t"] * PRICES.steam
    assert dearer.total - costs.total == pytest.approx(steam, rel=1e-9)
    assert 0.0 < dearer.lost - costs.lost < 0.05 * steam


def test_the_programme_cuts_the_cost_of_losses(before):
    assert flow_costs(steady_state("F1-F11"), PRICES).lost < 0.5 * flow_costs(before, PRICES).lost


def test_losses_by_process_add_up(before):
    costs = flow_costs(before, PRICES)
    table = costs.losses()
    assert set(table) == set(PROCESSES)
    assert sum(sum(row.values()) for row in table.values()) == pytest.approx(costs.lost, rel=EXACT)


def test_every_unit_and_tank_is_part_of_one_process():
    accounts = [account for accounts in PROCESSES.values() for account in accounts]
    ours = PLANT.own_schemes(catalogue="ours")
    everything = line("E1, E2, O12, O13", known=ours)
    full = network(everything, releases=True)  # what is not built belongs to a process all the same
    assert sorted(accounts) == sorted([*full.units, *full.tanks])
    assert PROCESS_OF["absorber"] == "absorption"
