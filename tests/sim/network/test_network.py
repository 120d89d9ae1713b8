"""A network that cannot be built is told when it is, with every fault."""

import copy
import pickle
import re
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import pytest

from plant_models.benchmarks.machines import machine_line, rigid_row
from plant_models.benchmarks.units import Machine
from sim.network.chemistry import Components
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.operation import FailureMode, Maintenance

WATER = Components({"water": "H2O"})


@pytest.mark.parametrize("capacity", [-1.0, float("nan"), 10**400])
def test_a_capacity_below_nothing_is_refused_for_units_and_tanks(capacity: float):
    with pytest.raises(ValueError, match="the network does not fit together") as caught:
        machine_line([Machine(capacity=capacity), Machine(capacity=1.0)], [capacity])
    assert "machine_1.capacity: expected 0 kg/h or more" in str(caught.value)
    assert "buffer_1.capacity: " in str(caught.value)


@pytest.mark.parametrize(
    "change", ["start_up_hours", "trip_hours", "start_up_fraction", "trip_fraction"]
)
@pytest.mark.parametrize("value", [10**400, -(10**400), "1", True])
def test_what_no_float_holds_is_no_number_of_a_train(change: str, value: object):
    line = machine_line([Machine(capacity=1.0)], [])
    train = Train("machine_1", "store", ("machine_1",), **{change: value})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=rf"train 'machine_1': {change} is .*, no number"):
        replace(line, trains=(train,))


def test_a_pipe_leads_somewhere():
    line = machine_line([Machine(capacity=1.0)], [])
    nowhere = Pipe(None)  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=r"pipes: 'machine_1\.made': expected a Pipe to a name, came Pipe\(to=None"
    ):
        replace(line, pipes={"machine_1.made": nowhere})


@pytest.mark.parametrize(
    ("change", "value", "told"),
    [
        ("start_up_hours", -1.0, "of -1 h"),
        ("trip_hours", -1.0, "of -1 h"),
        ("start_up_fraction", -0.1, "of -0.1 is not 0 to 1"),
        ("trip_fraction", 1.5, "of 1.5 is not 0 to 1"),
    ],
)
def test_a_train_starts_and_trips_in_hours_and_at_shares_that_there_are(
    change: str, value: float, told: str
):
    line = machine_line([Machine(capacity=1.0)], [])
    train = Train("machine_1", "store", ("machine_1",), **{change: value})
    with pytest.raises(ValueError, match=f"train 'machine_1': {change} {told}"):
        replace(line, trains=(train,))


def test_a_tank_may_hold_nothing_at_all():
    line = machine_line([Machine(capacity=1.0)] * 2, [0.0])
    assert line.tanks["buffer_1"] == Tank(capacity=0.0, heel=0.0)


def test_a_tank_without_end_is_refused():
    machine_line([Machine(capacity=float("inf")), Machine(capacity=1.0)], [1.0])
    with pytest.raises(ValueError, match=r"buffer_1\.capacity: expected a finite number, came inf"):
        machine_line([Machine(capacity=1.0)] * 2, [float("inf")])
    with pytest.raises(ValueError, match=r"buffer_1\.capacity: 1e\+300 kg is outside the domain"):
        machine_line([Machine(capacity=1.0)] * 2, [1e300])


def test_a_name_that_is_not_there_is_told_with_what_comes_near():
    line = machine_line([Machine(capacity=1.0)] * 2, [1.0])
    first, second = line.trains
    with pytest.raises(ValueError, match="does not fit together") as caught:
        replace(
            line,
            trains=(replace(first, feed="stor"), second),
            pipes={"machine_1.mad": Pipe("bufer_1"), "machine_2.made": Pipe("customers")},
            draws={"machine_1.prt": "stoer"},
            contents={"buffer_l": (1.0,)},
            spills={"buffer_1": "custmers"},
        )
    for near in (
        "fed from 'stor', no tank and no supply; did you mean 'store'?",
        "pipe from 'machine_1.mad': no such outlet; did you mean 'machine_1.made'?",
        "leads to 'bufer_1', which is not there; did you mean 'buffer_1'?",
        "inlet 'machine_1.prt' is drawn, but no such inlet; did you mean 'machine_1.part'?",
        "inlet 'machine_1.prt': no supply 'stoer'; did you mean 'store'?",
        "contents of 'buffer_l': no such tank; did you mean 'buffer_1'?",
        "tank 'buffer_1' spills to 'custmers', which is no sink; did you mean 'customers'?",
    ):
        assert near in str(caught.value)


def test_a_network_refitted_is_the_one_built_anew():
    line = machine_line([Machine(capacity=1.0)] * 2, [5.0])
    machine, buffer = Machine(capacity=3.0), Tank(capacity=4.0)
    refitted = line.refitted({"machine_2": machine, "buffer_1": buffer})
    assert refitted == replace(
        line,
        units={**line.units, "machine_2": machine},
        tanks={**line.tanks, "buffer_1": buffer},
    )
    assert refitted.shape is line.shape


@pytest.mark.parametrize("parts", [None, 5, "machine_1", [Machine(capacity=1.0)]])
def test_a_network_is_refitted_with_parts_by_name(parts: Any):
    line = machine_line([Machine(capacity=1.0)] * 2, [10.0])
    with pytest.raises(TypeError, match=r"^refitted: expected units and tanks by name, came "):
        line.refitted(parts)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"supplies": 5}, "supplies: expected a mapping by name, came 5"),
        ({"supplies": {"store": None}}, "supplies: 'store': expected a tuple of a number for each"),
        ({"supplies": {"store": ("x",)}}, "supplies: 'store': expected a tuple of a number for"),
        ({"trains": 5}, "trains: expected a tuple of trains, came 5"),
        ({"trains": (1,)}, "trains: expected a tuple of trains, came (1,)"),
        (
            {
                "trains": (
                    Train("machine_1", "store", ("machine_1",), cast(Any, "x")),
                    Train("machine_2", "buffer_1", ("machine_2",)),
                )
            },
            "train 'machine_1': start_up_hours is 'x', no number",
        ),
    ],
)
def test_what_a_network_is_refitted_with_is_looked_at_as_when_it_is_built(
    changes: Any, message: str
):
    line = machine_line([Machine(capacity=1.0)] * 2, [10.0])
    for build in (lambda: line.refitted({}, **changes), lambda: replace(line, **changes)):
        with pytest.raises(ValueError, match="the network does not fit together") as caught:
            build()
        assert message in str(caught.value)


def test_a_network_refitted_keeps_limits_and_shares_as_they_were_given():
    capacities: dict[str, float] = {"steam": 3.0}
    line = replace(
        machine_line([Machine(capacity=1.0)] * 2, [5.0]),
        utilities=capacities,
        shares=({"machine_1": 1.0, "machine_2": 2.0},),
    )
    refitted = line.refitted({"machine_2": Machine(capacity=3.0)})
    assert refitted.utilities == {"steam": 3.0}
    assert refitted.shares == line.shares
    capacities["steam"] = -3.0
    assert line.refitted({}).utilities == {"steam": 3.0}


@pytest.mark.parametrize("travel", [lambda of: pickle.loads(pickle.dumps(of)), copy.deepcopy])
def test_a_network_travels_without_what_follows_from_its_wiring(travel):
    """That knows where arrays and functions are: elsewhere something else is there, or nothing."""
    line = machine_line([Machine(capacity=1.0)] * 2, [5.0])
    line.shape["at rest"] = "addresses"
    there = travel(line)
    assert there.shape == {}
    assert (there.units, there.tanks, there.trains) == (line.units, line.tanks, line.trains)
    assert travel(there.refitted({"machine_1": Machine(capacity=2.0)})).shape == {}
    assert line.shape == {"at rest": "addresses"}


def test_parts_of_other_names_make_a_network_of_another_shape():
    line = machine_line([Machine(capacity=1.0)] * 2, [5.0])
    with pytest.raises(ValueError, match="unit 'another' is in no train"):
        line.refitted({"another": Machine(capacity=3.0)})
    tanks = {name: replace(tank, capacity=9.0) for name, tank in line.tanks.items()}
    assert replace(line, tanks=tanks).shape is not line.shape


def test_what_a_network_is_refitted_with_is_checked():
    line = machine_line([Machine(capacity=1.0)] * 2, [5.0])
    with pytest.raises(ValueError, match=r"machine_2\.capacity: expected 0 kg/h or more"):
        line.refitted({"machine_2": Machine(capacity=-3.0)})
    with pytest.raises(ValueError, match=r"buffer_1\.capacity: "):
        line.refitted({"buffer_1": Tank(capacity=-3.0)})
    short = {name: tuple(0.5 * share for share in kg) for name, kg in line.supplies.items()}
    with pytest.raises(ValueError, match=r"its shares add up to 0\.5 kg/kg, not 1"):
        line.refitted({}, supplies=short)
    trains = tuple(replace(train, trip_fraction=2.0) for train in line.trains)
    with pytest.raises(ValueError, match="trip_fraction of 2 is not 0 to 1"):
        line.refitted({}, trains=trains)


def test_gas_of_another_train_into_a_main_inlet_is_refused_with_what_to_do():
    line = machine_line([Machine(capacity=1.0)] * 3, [1.0, 1.0])
    pair = Train("pair", "store", ("machine_1", "machine_2"))
    pipes = {
        **line.pipes,
        "machine_1.made": Pipe("machine_2.part"),
        "machine_3.made": Pipe("machine_2.part", otherwise="customers"),
    }
    with pytest.raises(ValueError, match=r"the main inlet of a unit of train 'pair': lead it into"):
        replace(line, trains=(pair, line.trains[2]), pipes=pipes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"trains": None}, "trains: expected a tuple of trains, came None"),
        ({"trains": ()}, "trains: expected one or more, came none"),
        ({"trains": Train("row", "parts", ("machine_1",))}, "trains: expected a tuple of trains"),
        (
            {"trains": (Train("row", "parts", "machine_1"),)},  # type: ignore[arg-type]
            "train 'row': expected its units as a tuple of names, came 'machine_1'",
        ),
        (
            {"draws": {"machine_1.part": Header("tank")}},  # type: ignore[arg-type]
            "draws: 'machine_1.part': expected a supply, a tank or a Header of tanks, a tuple",
        ),
        (
            {"units": {"machine_1": Machine(capacity=1.0, failure=300.0)}},  # type: ignore[arg-type]
            "machine_1.failure: expected a FailureMode, came 300.0",
        ),
        (
            {"units": {"machine_1": Machine(capacity=1.0, maintenance="yearly")}},  # type: ignore[arg-type]
            "machine_1.maintenance: expected a Maintenance, came 'yearly'",
        ),
        ({"supplies": {"parts": (float("nan"),)}}, "expected shares of 0 kg/kg or more, came (nan"),
        ({"supplies": {"parts": (-1.0,)}}, "expected shares of 0 kg/kg or more, came (-1.0,)"),
        (
            {"supplies": {"parts": ("1",)}},
            "'parts': expected a tuple of a number for each component",
        ),
        ({"utilities": {"steam": "much"}}, "expected a capacity of 0 or more an hour, came 'much'"),
    ],
)
def test_what_is_of_another_kind_is_told_with_what_was_expected(change: Any, message: str):
    """A number for a failure was passed over, and the unit never failed; a share of none passed."""
    row = rigid_row([Machine(capacity=1.0)])
    if "supplies" in change:
        change = {"supplies": dict.fromkeys(row.supplies, change["supplies"]["parts"])}
        message = message.replace("'parts'", repr(next(iter(row.supplies))))
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(row, **change)


def test_a_capacity_of_a_utility_may_be_any_number():
    row = rigid_row([Machine(capacity=1.0)])
    five: Any = np.int64(5)
    assert replace(row, utilities={"steam": five}).utilities["steam"] == 5


@pytest.mark.parametrize("mark", [".", ">", "<", ""])
@pytest.mark.parametrize("kind", ["unit", "tank", "supply", "sink"])
def test_a_name_holds_none_of_what_joins_names(kind: str, mark: str):
    """A sink of such a name was a bare KeyError in a run, a unit of such a name lost its mass."""
    names = {each: each for each in ("unit", "tank", "supply", "sink")}
    names[kind] = f"{kind}{mark}1" if mark else ""
    with pytest.raises(ValueError, match=rf"{kind} {re.escape(repr(names[kind]))}: expected a na"):
        Network(
            components=WATER,
            units={names["unit"]: Machine(capacity=1.0)},
            tanks={names["tank"]: Tank(capacity=1.0)},
            contents={names["tank"]: (1.0,)},
            supplies={names["supply"]: (1.0,)},
            sinks={names["sink"]: "product"},
            trains=(Train("train", names["supply"], (names["unit"],)),),
            pipes={f"{names['unit']}.made": Pipe(names["tank"])},
        )


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "one priority": (
        {"priorities": "machine_1"},
        "priorities: expected names of trains in a tuple, came 'machine_1'; write ('machine_1',)",
    ),
    "a priority that is several": (
        {"priorities": [np.array(["machine_1", "machine_2"])]},
        "priorities: expected names of trains in a tuple, came [array(['machine_1', 'machine_2']",
    ),
    "a priority twice": (
        {"priorities": ("machine_1", "machine_1")},
        "priority 'machine_1' is named twice",
    ),
    "a spill from nowhere": ({"spills": {"bufer_1": "drums"}}, "spills of 'bufer_1': no such tank"),
    "a draw at the main inlet": (
        {"draws": {"machine_1.part": "store"}},
        "inlet 'machine_1.part' draws from 'store', but it is the main inlet",
    ),
}


@pytest.mark.parametrize("shape", [np.array([1.0, 2.0]), np.array([1.0])])
def test_a_shape_that_is_several_numbers_is_told_as_any_other_parameter(shape: Any):
    """A record with a field called shape was taken for what numpy makes of one number."""
    fails = FailureMode(mtbf=10.0, mttr=1.0, law="weibull", shape=shape)
    with pytest.raises(ValueError, match=r"machine_1\.failure\.shape: expected a number, came ar"):
        machine_line([Machine(capacity=1.0, failure=fails)], [])


@pytest.mark.parametrize("what", CHANGES)
def test_what_would_be_passed_over_is_told(what: str):
    change, message = CHANGES[what]
    with pytest.raises(ValueError, match="the network does not fit together") as caught:
        replace(machine_line([Machine(capacity=1.0)], []), **change)
    assert message in str(caught.value)


def test_a_plant_has_a_component():
    with pytest.raises(ValueError, match=r"expected formulas like {'water': 'H2O'}, came none"):
        Components({})


def test_a_capacity_beyond_all_flows_is_refused_and_one_without_end_is_not():
    """At 1e300 kg/h a solver broke off: "cannot convert Infinity to integer ratio"."""
    with pytest.raises(ValueError, match=r"machine_1.capacity: 1e\+300 kg/h is outside the domain"):
        machine_line([Machine(capacity=1e300)], [])
    for capacity in (0.0, 1e-9, 1e9, float("inf")):
        assert machine_line([Machine(capacity=capacity)], []).units


@dataclass(frozen=True, kw_only=True)
class Noted(Machine):
    """A machine with a field that declares nothing."""

    note: list[str] = field(default_factory=list)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"capacity": -600.0}, "machine_1.capacity: expected 0 kg/h or more, came -600"),
        ({"capacity": "fast"}, "machine_1.capacity: expected 0 kg/h or more, came 'fast'"),
        (
            {"capacity": 1.0, "failure": FailureMode(mtbf=-1.0, mttr=1.0)},
            "machine_1.failure.mtbf: -1 h is outside the domain",
        ),
    ],
)
def test_a_field_that_declares_nothing_hides_no_other(given: Any, message: str):
    """With one, a capacity of -600 kg/h drew -60,000 kg/h at rest, and no word."""
    with pytest.raises(ValueError, match=re.escape(message)):
        machine_line([Noted(**given)], [])
    assert machine_line([Noted(capacity=1.0)], []).units


@pytest.mark.parametrize("ports", [("made", "made"), ("made.x",), ("",), ("a>b",)])
@pytest.mark.parametrize("what", ["inlets", "outlets"])
def test_ports_have_names_of_their_own(what: str, ports: Any):
    odd = type("Odd", (Machine,), {what: ports})
    with pytest.raises(ValueError, match=rf"Odd\.{what}: expected names, each once, without \., >"):
        replace(machine_line([Machine(capacity=1.0)], []), units={"machine_1": odd(capacity=1.0)})


def test_shares_of_half_the_digits_are_added_up_in_all():
    single = tuple(np.array([0.2, 0.8], dtype=np.float32))
    with pytest.raises(ValueError, match=r"its shares add up to 1\.000000015 kg/kg, not 1"):
        Network(
            components=Components({"salt": "NaCl", "water": "H2O"}),
            units={"unit": Machine(capacity=1.0)},
            tanks={},
            contents={},
            supplies={"line": single},
            sinks={"drums": "product"},
            trains=(Train("train", "line", ("unit",)),),
            pipes={"unit.made": Pipe("drums")},
        )


@dataclass(frozen=True, kw_only=True)
class Undeclared(Machine):
    """A machine with a field that is no parameter, as a table or a list of its own."""

    table: dict[float, float] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"failure": FailureMode(mtbf=-1.0, mttr=1.0)}, "failure.mtbf: -1 h is outside the domain"),
        (
            {"failure": FailureMode(mtbf=9.0, mttr=1.0, law="weibul")},
            "failure.law: expected 'exponential' or 'weibull', came 'weibul'; did you mean",
        ),
        (
            {"maintenance": Maintenance(interval=9.0, duration=1.0, clock="runtime")},
            "maintenance.clock: expected 'calendar' or 'run time', came 'runtime'; did you mean",
        ),
        ({"capacity": -1.0}, "capacity: expected 0 kg/h or more, came -1"),
    ],
)
@pytest.mark.parametrize("kind", [Machine, Undeclared])
def test_what_is_declared_keeps_its_domain_whatever_else_a_unit_has(kind, fields, told):
    with pytest.raises(ValueError, match="the network does not fit together") as caught:
        machine_line([kind(**({"capacity": 1.0} | fields))], [])
    assert f"machine_1.{told}" in str(caught.value)


@pytest.mark.parametrize(
    ("inlet", "said"),
    [
        ("machine_1.par", "no inlet 'machine_1.par'; did you mean 'machine_1.part'?"),
        ("store", "no inlet 'store'; known: machine_1.part, machine_2.part"),
        ([], "no inlet []; known: machine_1.part, machine_2.part"),
        (None, "no inlet None; known: machine_1.part, machine_2.part"),
    ],
)
def test_what_is_no_inlet_has_no_header_and_is_told_with_those_that_there_are(
    inlet: object, said: str
):
    line = machine_line([Machine(capacity=1.0)] * 2, [5.0])
    with pytest.raises(LookupError, match=re.escape(said)):
        line.header_of(inlet)  # type: ignore[arg-type]
    assert line.header_of("machine_2.part") is None  # fed, it does not draw
