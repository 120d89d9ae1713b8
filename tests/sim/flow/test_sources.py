"""Headers and second feeds draw on their sources in order, whoever could do more with the next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Blender, Boiler, Machine
from sim.clock.life import Life, Outages, turndown
from sim.clock.plant import Plant
from sim.flow.arrays import EMPTY, FULL
from sim.network.chemistry import Components
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.unit import Conditions, Recipe, Stream, Unit
from sim.steady.state import SteadyState
from tests.sim.flow.random_networks import WASH, Drawn, keeps_its_laws, with_second_feeds

RATIO = 0.5


def rinsing(**changes: Any) -> Network:
    """Return a blender of 10 kg/h whose second feed, 5 kg/h, is what comes back, then brine.

    Packing comes first, and could do more with the brine: more of its salt goes to the top.
    """
    parts: dict[str, Any] = {
        "components": BRINE,
        "units": {
            "rinse": Blender(capacity=10.0, ratio=RATIO, salt=0.8, water=0.3),
            "packer": Machine(capacity=100.0),
        },
        "tanks": {
            "used": Tank(capacity=1000.0, heel=0.0, initial_level=0.0),
            "store": Tank(capacity=1000.0, heel=0.0, initial_level=0.0),
        },
        "contents": {"used": (0.0, 1.0), "store": (0.0, 1.0)},
        "supplies": {"well": (0.0, 1.0), "brine": (0.9, 0.1)},
        "sinks": {"customers": "product", "sewer": "wastewater"},
        "trains": (Train("rinse", "well", ("rinse",)), Train("packing", "store", ("packer",))),
        "pipes": {
            "rinse.top": Pipe("store"),
            "rinse.bottom": Pipe("used"),
            "packer.made": Pipe("customers"),
        },
        "draws": {"rinse.second": Header(("used",), "brine")},
        "spills": {},
        "pacer": "rinse",
    }
    return Network(**(parts | changes))


def came(plant: Plant, source: str) -> float:
    """Return what a second feed has had of a source, kg."""
    return sum(
        float(kg.sum())
        for entry, kg in plant.ledger().flows.items()
        if entry.stream == f"{source}>rinse.second"
    )


def small(**changes: Any) -> Network:
    """Return the same, but that what comes back does not suffice."""
    rinse = Blender(capacity=10.0, ratio=RATIO, salt=0.8, water=0.9)
    return rinsing(**{"units": {**rinsing().units, "rinse": rinse}} | changes)


def filled(rate: float) -> Network:
    """Return the same, where nothing comes back and water fills the tank, kg/h."""
    design = small()
    return replace(
        design,
        units={**design.units, "filler": Machine(capacity=rate)},
        trains=(*design.trains, Train("filler", "well", ("filler",))),
        pipes={**design.pipes, "rinse.bottom": Pipe("sewer"), "filler.made": Pipe("used")},
    )


def test_what_comes_back_is_drawn_before_the_supply_gives_any():
    """At rest 7 of each 10 kg of water come back and more: the supply gives nothing, then."""
    plant = running(rinsing())
    plant.run(100.0)
    assert came(plant, "brine") == pytest.approx(0.0, abs=1e-9)
    assert came(plant, "used") == pytest.approx(500.0, rel=1e-9)


def test_what_does_not_suffice_is_drawn_as_fast_as_it_comes():
    """Salt s and water w come back: s = 0.2 (s + 0.9 m), w = 0.1 (10 + w + 0.1 m), m made up."""
    plant = running(small())
    plant.run(200.0)
    before = came(plant, "brine")
    plant.run(300.0)
    made = (came(plant, "brine") - before) / 100.0
    # s = 0.225 m, w = (1 + 0.01 m) / 0.9, s + w + m = 5
    right = (5.0 - 1.0 / 0.9) / (1.0 + 0.225 + 0.01 / 0.9)
    assert made == pytest.approx(right, rel=1e-6)
    assert plant.level_of("used") == pytest.approx(0.0, abs=1e-9)
    steady = SteadyState(small(), {}).ledger(hours=1.0)
    assert steady.total(stream="brine>rinse.second") == pytest.approx(right, rel=1e-6)


def test_a_full_tank_gives_all_that_is_asked_for():
    tanks = {**rinsing().tanks, "used": Tank(capacity=40.0, heel=0.0, initial_level=1.0)}
    plant = running(small(tanks=tanks))
    plant.run(4.0)
    assert came(plant, "brine") == pytest.approx(0.0, abs=1e-9)
    assert came(plant, "used") == pytest.approx(20.0, rel=1e-9)


def test_two_tanks_give_one_after_the_other_and_then_the_supply():
    """10 kg last 2 h, the next 10 kg another 2 h; what comes back goes to the sewer."""
    old = Tank(capacity=10.0, heel=0.0, initial_level=1.0)
    design = small(
        tanks={**rinsing().tanks, "used": old, "older": old},
        contents={**rinsing().contents, "older": (0.5, 0.5)},
        pipes={**rinsing().pipes, "rinse.bottom": Pipe("sewer")},
        draws={"rinse.second": Header(("older", "used"), "brine")},
    )
    plant = running(design)
    for hours, given in (
        (1.0, (5.0, 0.0, 0.0)),
        (3.0, (10.0, 5.0, 0.0)),
        (6.0, (10.0, 10.0, 10.0)),
    ):
        plant.run(hours)
        found = [came(plant, name) for name in ("older", "used", "brine")]
        assert found == pytest.approx(given, abs=1e-9)


def test_a_second_feed_without_a_supply_draws_on_its_tanks_in_their_order():
    """Packing could do more with what the second tank holds, which is brine."""
    plenty = Tank(capacity=1000.0, heel=0.0, initial_level=0.5)
    design = small(
        tanks={**rinsing().tanks, "used": plenty, "better": plenty},
        contents={**rinsing().contents, "better": (0.9, 0.1)},
        pipes={**rinsing().pipes, "rinse.bottom": Pipe("sewer")},
        draws={"rinse.second": Header(("used", "better"))},
    )
    plant = running(design)
    plant.run(50.0)
    assert came(plant, "used") == pytest.approx(250.0, rel=1e-9)
    assert came(plant, "better") == 0.0
    plant.run(110.0)
    assert came(plant, "better") == pytest.approx(50.0, rel=1e-6)


def test_what_a_tank_holds_lets_no_train_run_before_one_that_is_more_important():
    """3 kg/h are returned first of the 4 kg/h that the last tank gives: 1 kg/h is left for both."""
    full = Tank(capacity=10.0, heel=0.0, initial_level=1.0)
    design = rinsing(
        units={
            "rinse": Blender(capacity=10.0, ratio=RATIO),
            "distil": Machine(capacity=20.0),
            "again": Machine(capacity=3.0),
            "packer": Machine(capacity=4.0),
        },
        tanks={
            "used": Tank(capacity=1000.0, heel=0.0, initial_level=1.0),
            "neutral": full,
            "crude": full,
        },
        contents={"used": (0.0, 1.0), "neutral": (0.0, 1.0), "crude": (0.0, 1.0)},
        trains=(
            Train("rinse", "well", ("rinse",)),
            Train("distil", "neutral", ("distil",)),
            Train("again", "brine", ("again",)),
            Train("packing", "crude", ("packer",)),
        ),
        pipes={
            "rinse.top": Pipe("neutral"),
            "rinse.bottom": Pipe("sewer"),
            "distil.made": Pipe("crude"),
            "again.made": Pipe("crude"),
            "packer.made": Pipe("customers"),
        },
        priorities=("again",),
    )
    plant = running(design)
    plant.run(1.0)
    assert plant.flow.rates.activity[:4] == pytest.approx([1.0 / 1.5, 1.0, 3.0, 4.0], rel=1e-12)
    assert came(plant, "used") == pytest.approx(RATIO / 1.5, rel=1e-12)


def test_an_empty_tank_that_gets_more_than_is_asked_for_fills():
    """5 kg/h are asked for where 7 kg/h come; the other 2 kg/h stay."""
    plant = running(filled(7.0))
    plant.run(10.0)
    assert plant.level_of("used") == pytest.approx(20.0, rel=1e-12)
    assert came(plant, "brine") == 0.0
    assert came(plant, "used") == pytest.approx(50.0, rel=1e-12)


def test_while_its_train_stands_the_tank_of_a_header_fills():
    """2 kg/h come: nothing is left of them while 5 are asked for, all while none are."""
    plant = running(filled(2.0))
    plant.run(10.0)
    assert (came(plant, "used"), came(plant, "brine")) == pytest.approx((20.0, 30.0), rel=1e-12)
    plant.hold("rinse", "crew", "no crew")
    with plant.expecting():
        plant.run(15.0)
    assert plant.level_of("used") == pytest.approx(10.0, rel=1e-12)
    plant.release("rinse", "crew")
    plant.run(16.0)
    assert plant.level_of("used") == pytest.approx(7.0, rel=1e-12)
    assert came(plant, "brine") == pytest.approx(30.0, rel=1e-12)


def test_a_header_is_asked_for_less_while_its_train_trips_and_starts_up():
    """Of 2 kg/h that come 1.25 are asked for in the trip, none while it stands, then 2.5."""
    design = filled(2.0)
    rinse = Train("rinse", "well", ("rinse",), 2.0, 0.5, 1.0, 0.25)
    plant = running(replace(design, trains=(rinse, *design.trains[1:])))
    outages = Outages(plant)

    def breaking() -> Life:
        yield plant.env.timeout(10.0)
        outages.breaks("rinse", "broken")
        yield plant.env.timeout(5.0)
        outages.mends("rinse")

    plant.env.process(breaking())
    for hours, level in {10.0: 0.0, 11.0: 0.75, 15.0: 8.75, 17.0: 7.75, 20.0: 0.0}.items():
        plant.run(hours)
        assert plant.level_of("used") == pytest.approx(level, abs=1e-9)
    assert came(plant, "brine") == pytest.approx(30.0 + 3.0 * (3.0 - 7.75 / 3.0), rel=1e-9)


def of_two(fillers: dict[str, float], draws: dict[str, Any], **changes: Any) -> Network:
    """Return blenders of 10 kg/h, each with 5 kg/h of a second feed, and what fills their tanks."""
    names = [inlet.partition(".")[0] for inlet in draws]
    tanks = dict.fromkeys("ab", Tank(capacity=1000.0, heel=0.0, initial_level=0.0))
    parts: dict[str, Any] = {
        "units": {
            **{name: Blender(capacity=10.0, ratio=RATIO) for name in names},
            **{name: Machine(capacity=rate) for name, rate in fillers.items()},
        },
        "tanks": tanks,
        "contents": dict.fromkeys(tanks, (0.0, 1.0)),
        "trains": tuple(Train(name, "well", (name,)) for name in (*names, *fillers)),
        "pipes": {
            **{f"{name}.{end}": Pipe("customers") for name in names for end in ("top", "bottom")},
            **{f"{name}.made": Pipe(name[-1]) for name in fillers},
        },
        "draws": draws,
        "pacer": names[0],
    }
    return rinsing(**parts | changes)


@pytest.mark.parametrize(("rate", "kept"), [(20.0, 100.0), (10.0, 0.0), (7.0, 0.0)])
def test_two_that_draw_on_one_empty_tank_hold_back_nothing_that_fills_it(rate: float, kept: float):
    """It was filled no faster than both asked for, however fast it might have been."""
    used = Header(("a",), "brine")
    plant = running(of_two({"fill_a": rate}, {"one.second": used, "two.second": used}))
    plant.run(10.0)
    assert plant.flow.rates.activity[:3] == pytest.approx([10.0, 10.0, rate], rel=1e-12)
    assert plant.level_of("a") == pytest.approx(kept, abs=1e-9)
    bought = plant.ledger().total(source="brine")
    assert bought == pytest.approx(10.0 * max(10.0 - rate, 0.0), abs=1e-9)


def test_a_line_whose_two_inlets_draw_on_what_it_returns_starts():
    """7.5 kg/h are packed, 6.5 drawn of the 7.5 that come back; it stood from the first hour."""
    used = Header(("used",), "brine")
    plant = running(
        rinsing(
            units={
                "rinse": Blender(capacity=10.0, ratio=RATIO, salt=0.5, water=0.5),
                "packer": Blender(capacity=100.0, ratio=0.2),
            },
            pipes={
                "rinse.top": Pipe("store"),
                "rinse.bottom": Pipe("used"),
                "packer.top": Pipe("customers"),
                "packer.bottom": Pipe("sewer"),
            },
            draws={"rinse.second": used, "packer.second": used},
        )
    )
    plant.run(10.0)
    assert plant.flow.rates.activity[:2] == pytest.approx([10.0, 7.5], rel=1e-12)
    assert plant.level_of("used") == pytest.approx(10.0, rel=1e-9)


def test_a_tank_fills_though_the_next_one_of_its_header_is_pumped_empty():
    """8 kg/h come to the first, 5 are asked for; the 3 that come to the second are pumped off."""
    design = of_two({"fill_a": 8.0, "fill_b": 3.0}, {"one.second": Header(("a", "b"), "brine")})
    pumped = replace(
        design,
        units={**design.units, "pump": Machine(capacity=4.0)},
        trains=(*design.trains, Train("pump", "b", ("pump",))),
        pipes={**design.pipes, "pump.made": Pipe("sewer")},
    )
    plant = running(pumped)
    plant.run(10.0)
    assert plant.flow.rates.activity[:4] == pytest.approx([10.0, 8.0, 3.0, 3.0], rel=1e-12)
    assert plant.level_of("a") == pytest.approx(30.0, rel=1e-12)


def test_what_fills_the_tank_of_a_header_runs_though_packing_could_do_without():
    """2 kg/h of water come; packing, which is first, could do more with brine: none is left."""
    plant = running(filled(2.0))
    plant.run(10.0)
    assert (came(plant, "used"), came(plant, "brine")) == pytest.approx((20.0, 30.0), rel=1e-9)


def test_trains_that_share_may_fill_the_tank_of_a_header():
    """12 kg/h of steam for 10 and 8: two thirds each, 3.33 kg/h drawn of the 5.33 that come."""
    design = of_two({"fill_a": 8.0}, {"one.second": Header(("a",), "brine")})
    plant = running(
        replace(
            design,
            units={
                "one": Blender(capacity=10.0, ratio=RATIO, steam=1.0),
                "fill_a": Boiler(capacity=8.0, steam=1.0),
            },
            utilities={"steam": 12.0},
            shares=(("one", "fill_a"),),
        )
    )
    plant.run(10.0)
    assert plant.flow.rates.activity[:2] == pytest.approx([20.0 / 3.0, 16.0 / 3.0], rel=1e-9)
    assert plant.level_of("a") == pytest.approx(20.0, rel=1e-9)


def test_a_train_short_of_steam_says_so_beside_a_header():
    """3 kg/h of steam for 10 that boil a kg each: the header's tank, half full, blocked it."""
    boiler = Boiler(capacity=10.0, steam=1.0)
    design = of_two({"fill_a": 1.0}, {"one.second": Header(("a",), "brine")})
    half = Tank(capacity=1000.0, heel=0.0, initial_level=0.5)
    plant = running(
        replace(
            design,
            units={**design.units, "fill_a": boiler},
            tanks=dict.fromkeys("ab", half),
            utilities={"steam": 3.0},
        )
    )
    plant.env.process(turndown(plant, "fill_a", 5.0))
    plant.run(1.0)
    assert plant.flow.rates.activity[1] == pytest.approx(3.0, rel=1e-12)
    plant.limit("steam", 0.0)
    plant.run(2.0)
    assert plant.states["fill_a"].hours == {"running": 1.0, "short of steam": 1.0}


@dataclass(frozen=True, kw_only=True)
class Rinse(Blender):
    """Of three components: draws 0.39 kg/kg, and sends the last one to the bottom alone."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        top = (0.6, 0.25, 0.0)
        return Recipe(
            splits={"top": top, "bottom": tuple(1.0 - share for share in top)},
            draws={"second": (0.39,) * 3},
        )


def test_rates_that_turn_with_what_they_mix_are_followed_to_an_end():
    """What is drawn makes what comes back worth less than brine for packing, what is not, more.

    No rates go with their own mixture, in an interval however short: it came to 0.01 h in 20 s.
    """
    design = small(
        components=Components({name: WASH.formulas[name] for name in WASH.names[:3]}),
        units={
            "rinse": Rinse(capacity=11.0, ratio=0.39),
            "packer": Machine(capacity=16.0),
            "pump": Machine(capacity=18.0),
        },
        tanks={
            "used": Tank(capacity=43.0, heel=0.0, initial_level=0.0),
            "store": Tank(capacity=69.0, heel=0.2, initial_level=0.0),
        },
        contents={"used": (0.2, 0.4, 0.4), "store": (0.5, 0.25, 0.25)},
        supplies={"well": (0.43, 0.22, 0.35), "brine": (0.01, 0.7, 0.29)},
        trains=(*rinsing().trains, Train("purge", "used", ("pump",))),
        pipes={**rinsing().pipes, "pump.made": Pipe("sewer")},
    )
    plant = running(design)

    def look(hour: float) -> None:
        assert plant.flow.intervals < 500, hour

    plant.observe(look)
    plant.run(30.0)
    plant.ledger().certificate().enforce()


# Random networks


def draws_in_order(plant: Plant, hour: float) -> None:
    """A header's supply gives nothing while one of its tanks holds anything."""
    plan, layout = plant.flow.problem.plan, plant.flow.problem.layout
    for i, (inlet, (main, draws)) in enumerate(plant.flow.map.headers.items()):
        row = len(plan.status) + i
        terms = range(layout.row_start[row], layout.row_start[row + 1])
        flows = {layout.term_activity[f]: plan.gain[f] for f in terms}
        flows = {k: gain * plan.rate[k] for k, gain in flows.items()}
        left = -flows[main] - sum(flows[d] for d in draws)
        if any(plan.status[layout.source[d]] != EMPTY for d in draws):
            assert left <= 1e-6 * -flows[main], (inlet, hour)


def nothing_stands_for_nothing(plant: Plant, hour: float) -> None:
    """A train below what it may do lacks feed, or room in a tank that blocks."""
    flow = plant.flow
    plan, layout = flow.problem.plan, flow.problem.layout
    for t, train in enumerate(flow.train_names):
        source = layout.source[t]
        if plan.rate[t] >= plan.limit[t] * (1.0 - 1e-6):
            continue
        lacks = source < len(plan.status) and plan.status[source] == EMPTY
        for at in range(layout.activity_start[t], layout.activity_start[t + 1]):
            row = layout.rows_of[at]
            full = row < len(plan.status) and plan.status[row] == FULL and not layout.spills[row]
            lacks |= full and plan.gain[layout.terms_of[at]] > 0.0
        assert lacks, (train, hour)


STANDS = {96, 131}  # what fills an empty tank stands where one above it runs faster without
TURNS = {109}  # a train runs and stands by turns, so in part, and a tank begins to fill by turns


@pytest.mark.parametrize(
    "first",
    [pytest.param(n, marks=pytest.mark.long if n >= 40 else ()) for n in range(0, 200, 20)],
)
def test_random_networks_buy_nothing_that_a_tank_holds_and_hold_back_nothing(first: int):
    def keeps_order(plant: Plant, hour: float) -> None:
        if number not in TURNS:
            draws_in_order(plant, hour)
        if number not in TURNS | STANDS:
            nothing_stands_for_nothing(plant, hour)

    for number in range(first, first + 20):
        network = with_second_feeds(number, made_up=True)
        keeps_its_laws(Drawn(number), network=network, also=keeps_order)


def test_a_trace_beside_a_supply_that_is_not_needed_is_no_rounding():
    """Water washes 1e-4 of salt out of a tank, which gives all that brine would make up for.

    What came back of less than 1e-10 of that brine went nowhere: 2e-8 of the salt was missing.
    """
    units = {
        "feed": Machine(capacity=10.0),
        "mix": Blender(capacity=50.0, ratio=1.0, salt=0.5, water=0.5),
        "out": Machine(capacity=10.0),
    }
    trains = {"feed": "clean", "mix": "tank", "out": "tank"}
    network = Network(
        components=BRINE,
        units=units,
        tanks={"tank": Tank(capacity=20.0, heel=0.0)},
        contents={"tank": (1e-4, 1.0 - 1e-4)},
        supplies={"clean": (0.0, 1.0), "brine": (0.04, 0.96)},
        sinks={"customers": "product"},
        trains=tuple(Train(name, source, (name,)) for name, source in trains.items()),
        pipes=dict.fromkeys(("feed.made", "mix.top", "mix.bottom"), Pipe("tank"))
        | {"out.made": Pipe("customers")},
        draws={"mix.second": Header(("tank",), "brine")},
    )
    plant = running(network)
    plant.run(40.0)
    ledger = plant.ledger()
    assert ledger.certificate().closure < 1e-10
    assert ledger.total("salt", sink="customers") == pytest.approx(1e-3, rel=1e-10)


def test_rounding_below_nothing_does_not_hold_up_a_tank_that_runs_empty():
    """1e-18 kg of salt less than nothing: a tank was left after 20,000 intervals within 1e-5 h."""
    network = with_second_feeds(19, made_up=True)
    assert keeps_its_laws(Drawn(19), network=network).flow.intervals < 500


@dataclass(frozen=True, kw_only=True)
class Joiner(Machine):
    """Passes on what it is fed, and gas that it collects."""

    inlets: ClassVar = ("part", "gas")


def in_a_row(first: Unit, *, draws: Mapping[str, Header], puffs: float = 0.0) -> Network:
    """Return two units in a row, of which the second asks for as much as comes to it.

    It is fed by what the first lets go at its top, 10 kg/h of water and what else comes there.
    """
    last = "made" if isinstance(first, Machine) else "top"
    pipes = {f"first.{port}": Pipe("sewer") for port in first.outlets}
    return Network(
        components=BRINE,
        units={
            "first": first,
            "second": Blender(capacity=100.0, ratio=1.0),
            "puffer": Machine(capacity=max(puffs, 1e-3)),
        },
        tanks={
            "salt": Tank(capacity=1000.0, heel=0.0, initial_level=1.0),
            "reused": Tank(capacity=1000.0, heel=0.0, initial_level=1.0),
        },
        contents={"salt": (1.0, 0.0), "reused": (0.0, 1.0)},
        supplies={"well": (0.0, 1.0), "spring": (0.0, 1.0), "air": (0.0, 1.0)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(Train("row", "spring", ("first", "second")), Train("puffs", "air", ("puffer",))),
        pipes={
            **pipes,
            f"first.{last}": Pipe("second.charge"),
            "second.top": Pipe("customers"),
            "second.bottom": Pipe("customers"),
            "puffer.made": Pipe("first.gas" if puffs else "sewer", otherwise="sewer"),
        },
        draws={"second.second": Header(("reused",), "well"), **draws},
    )


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        # of what the first draws, salt from its tank in place of well water, nothing goes on
        (
            in_a_row(
                Blender(capacity=10.0, ratio=1.0, salt=0.0),
                draws={"first.second": Header(("salt",), "well")},
            ),
            10.0,
        ),
        # a tank alone brings as much water as is fed
        (
            in_a_row(
                Blender(capacity=10.0, ratio=1.0, salt=0.0),
                draws={"first.second": Header(("reused",))},
            ),
            30.0,
        ),
        (in_a_row(Joiner(capacity=10.0), draws={}, puffs=7.0), 17.0),
    ],
    ids=["a header ahead", "a second feed ahead", "gas that is collected ahead"],
)
def test_a_header_gives_what_is_asked_for_by_all_that_comes_to_its_unit(row: Network, asked: float):
    """As if a train's own feed alone told what is asked, a supply had taken back what was more."""
    plant = running(row)
    plant.run(1.0)
    assert 1000.0 - plant.level_of("reused") == pytest.approx(asked, rel=1e-12)
    bought = [kg for e, kg in plant.ledger().flows.items() if e.stream == "well>second.second"]
    assert sum(map(sum, bought)) == pytest.approx(0.0, abs=1e-12)
    plant.ledger().certificate().enforce()


@dataclass(frozen=True, kw_only=True)
class Stage(Unit):
    """Draws what it is told to, of what it makes sends shares where it is told."""

    inlets: ClassVar = ("main", "second")
    outlets: ClassVar = ("on", "back", "further", "out")
    rate_dependent: ClassVar = False
    recipe: Recipe

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        return self.recipe


def stage(draws: Stream, on: Stream, back: Stream, further: Stream) -> Stage:
    """Return a stage; what goes nowhere else goes out."""
    sent = {"on": on, "back": back, "further": further}
    out = tuple(1.0 - sum(shares) for shares in zip(*sent.values(), strict=True))
    return Stage(capacity=1e6, recipe=Recipe(splits={**sent, "out": out}, draws={"second": draws}))


@pytest.mark.parametrize("level", [0.0, 0.5])
def test_stages_that_wash_with_what_others_return_start_from_empty_tanks(level: float):
    """One gets more than is asked of it, the others less; all began to stand, and stood for good.

    Where none of them was allowed to keep anything, nothing could run, and all seemed to fill.
    """
    none = (0.0, 0.0)
    stages = {
        "u0": stage((0.9, 0.5), (0.4, 0.2), (0.1, 0.2), (0.2, 0.2)),
        "u1": stage((0.5, 0.6), (0.4, 0.0), none, (0.3, 0.3)),
        "u2": stage((0.1, 0.3), none, (0.2, 0.1), none),
    }
    tanks = {f"t{i}": Tank(capacity=100.0, heel=0.0, initial_level=level) for i in range(3)}
    reused = Tank(capacity=50.0, heel=0.0, initial_level=level, when_full="spill")
    tanks |= {f"r{i}": reused for i in range(3)}
    ways = {"u0": ("t1", "r0", "r1"), "u1": ("t2", "r1", "r2"), "u2": ("k2", "r1", "k2")}
    network = Network(
        components=BRINE,
        units={"source": Machine(capacity=100.0), **stages},
        tanks=tanks,
        contents=dict.fromkeys(tanks, (0.2, 0.8)),
        supplies={"f": (0.2, 0.8), "s0": (0.3, 0.7), "s1": (0.7, 0.3), "s2": (0.2, 0.8)},
        sinks={f"k{i}": "product" for i in range(3)} | {"sewer": "wastewater"},
        trains=(
            Train("source", "f", ("source",)),
            *(Train(f"u{i}", f"t{i}", (f"u{i}",)) for i in range(3)),
        ),
        pipes={
            "source.made": Pipe("t0"),
            **{f"{u}.out": Pipe(f"k{u[1]}") for u in ways},
            **{
                f"{u}.{outlet}": Pipe(to)
                for u, where in ways.items()
                for outlet, to in zip(("on", "back", "further"), where, strict=True)
            },
        },
        draws={f"u{i}.second": Header((f"r{i}",), f"s{i}") for i in range(3)},
        spills=dict.fromkeys(("r0", "r1", "r2"), "sewer"),
        pacer="source",
    )
    rest = SteadyState(network, {}).ledger(hours=1.0)
    plant = running(network)
    plant.run(1000.0)
    before = plant.ledger()
    plant.run(1100.0)
    since = plant.ledger().since(before)
    for sink, kg in (("k0", 59.990805), ("k1", 34.494236), ("k2", 6.375440)):
        assert rest.total(sink=sink) == pytest.approx(kg, rel=1e-6)
        assert since.total(sink=sink) / 100.0 == pytest.approx(kg, rel=1e-6)
