"""In which state of the line each parameter acts: a table of contexts for `dead_parameters`.

Most parameters act at constant conditions. Others act only where something fails, fills, runs
empty, trips or is late, or under another scheme; for these the table says how to bring that about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Context:
    """A state of the line in which a parameter is moved from end to end of its range.

    Parameters
    ----------
    name : str
        In words.
    schemes : str
    settings : tuple of str
        ``"path=value"``; ``{unit}`` stands for what owns the parameter.
    years : float or None
        Length of a run with events; ``None`` for constant conditions.
    sources : tuple of str
        Event sources that run, of ``operation.EVENT_SOURCES``.
    start_hour : float
        Hour of the year at which a run begins, h.
    around : float or None
        Value about which the range lies here: it is scaled alike. What lasts years on average
        would need runs of decades to be seen otherwise.
    """

    name: str
    schemes: str = "none"
    settings: tuple[str, ...] = ()
    years: float | None = None
    sources: tuple[str, ...] = ()
    start_hour: float = 0.0
    around: float | None = None


STEADY = Context("constant conditions")
STEADY_ALL = Context("constant conditions, all schemes", "all")
EVERYWHERE = (STEADY, STEADY_ALL)

OFTEN = 150.0  # h; mean time between failures of a unit that is to be seen failing
FEW_WEEKS = 0.05  # of a year; h/h
WEIBULL, WORN = "{unit}.failure.law=weibull", "{unit}.failure.shape=3"
FAILING = ("{unit}.failure.mtbf=150 h",)
GAS_PATH = ("absorber.failure.mtbf=100 h",)
LATE_TRUCKS = ("acid_collection.interval=30 h",)


def _failing(
    name: str, schemes: str = "none", *settings: str, around: float | None = None
) -> Context:
    return Context(name, schemes, (*FAILING, *settings), FEW_WEEKS, ("failures",), around=around)


def _empty(unit: str, schemes: str = "none", *settings: str) -> Context:
    out_of_order = (f"{unit}.failure.mtbf=60 h", f"{unit}.failure.mttr=60 h", *settings)
    return Context(f"{unit} often out of order", schemes, out_of_order, FEW_WEEKS, ("failures",))


BED_FAILS = Context(
    "the carbon bed often fails", "E1", ("carbon_bed.failure.mtbf=30 h",), FEW_WEEKS, ("failures",)
)
CHILLED = Context(
    "constant conditions, with the chilled condenser",
    "none",
    ("tail_gas_condenser.installed=true",),
)
CHILLER_FAILS = Context(
    "the chilled condenser often fails",
    "none",
    ("tail_gas_condenser.installed=true", "tail_gas_condenser.failure.mtbf=30 h"),
    FEW_WEEKS,
    ("failures",),
)
RETURNED = Context("constant conditions, vapours led back", "none", ("{unit}.installed=true",))
ACID_STANDS = Context(
    "the gas path stands while the wash runs",
    "F7",
    ("absorber.failure.mtbf=60 h", "absorber.failure.mttr=60 h", "liquor_tank.capacity=400000 kg",
     "liquor_tank.initial_level=0.9", "wash_acid_tank.capacity=15000 kg"),
    FEW_WEEKS,
    ("failures", "deliveries"),
)  # fmt: skip
SLOW_UNLOADING = Context(
    "cars are unloaded slowly", "none", ("unloading.capacity=8000 kg/h",), 0.3, ("deliveries",)
)
EARLY_TRUCKS = Context(
    "acid trucks come early",
    "none",
    ("acid_collection.call_level=0", "acid_collection.interval=3 h"),
    0.2,
    ("trucks",),
)
STRIPPER_DOWN = _empty("effluent_stripper", "E2")
CATCHING_UP = Context(
    "trains catch up after failures",
    "none",
    ("chlorinator.failure.mtbf=100 h", "water_wash.failure.mtbf=100 h",
     "crude_column.failure.mtbf=100 h", "rectification_column.failure.mtbf=100 h",
     "dryer.failure.mtbf=100 h"),
    FEW_WEEKS,
    ("failures", "campaigns", "shifts", "lots"),
)  # fmt: skip
ALL_EVENTS = Context(
    "all events",
    "none",
    (),
    0.1,
    ("failures", "deliveries", "trucks", "shifts", "campaigns", "lots", "seasons"),
)
TRIPS = Context("the gas path often trips", "none", GAS_PATH, FEW_WEEKS, ("failures",))
LONG_TRIPS = Context(
    "the gas path often trips, for long",
    "none",
    (*GAS_PATH, "chlorination.trip_hours=24 h", "chlorination.trip_fraction=1"),
    FEW_WEEKS,
    ("failures",),
)
PACKING = Context(
    "packing often fails, its tank is small",
    "none",
    ("packing.failure.mtbf=20 h", "packing.failure.mttr=20 h", "product_tank.capacity=70000 kg"),
    FEW_WEEKS,
    ("failures", "shifts", "lots"),
)
LOTS = Context(
    "every second lot fails", "none", ("laboratory.failing=0.5",), FEW_WEEKS, ("lots", "shifts")
)
DELIVERIES = Context("deliveries alone", "none", (), 0.3, ("deliveries",))
SHUTDOWN = Context(
    "around the annual shutdown", "none", (), 0.25, ("shutdown", "seasons"), start_hour=3900.0
)


def _down(mode: str, *settings: str) -> Context:
    often = (f"{mode}.mtbf=60 h", *settings)
    return Context(f"{mode} comes often", "none", often, FEW_WEEKS, ("failures",))


OPENED = Context(
    "vessels are opened often",
    "none",
    tuple(f"{unit}.failure.mtbf=50 h" for unit in (
        "dryer", "chlorinator", "absorber", "crude_column", "rectification_column",
        "polychloride_column",
    )),
    FEW_WEEKS,
    ("failures", "deliveries", "campaigns"),
)  # fmt: skip
ABSORBER_OPENED = replace(
    OPENED, name="the absorber is opened all the time", settings=("absorber.failure.mtbf=5 h",)
)
OPENED_LATER = replace(
    OPENED, name="the absorber is opened often, after the schemes", schemes="F1-F11",
    settings=("absorber.failure.mtbf=20 h",),
)  # fmt: skip
HOSES = Context("hoses burst often", "none", ("benzene_hose.handled=300 t",), FEW_WEEKS,
                ("spills", "deliveries"), around=3e5)  # fmt: skip
DRUMS = Context("drums are pierced often", "none", ("drum.handled=100 t",), FEW_WEEKS,
                ("spills", "shifts", "lots"), around=1e5)  # fmt: skip

OFF_GRADE = Context("constant conditions, a purity near the grade", "none",
                    ("laboratory.grade=0.9988",))  # fmt: skip

RULES: tuple[tuple[str, Context], ...] = (
    (r"off_gas_fan\.purge", TRIPS),
    (r"off_gas_fan\.(resist.*|relief|run_on\..*)", _down("off_gas_fan.failure")),
    (r"off_gas_fan\.resistance_of_stage", replace(_down("off_gas_fan.failure"), schemes="F10")),
    (r"absorber\.water_failure\.mtbf", replace(_down("absorber.water_failure"), around=60.0)),
    (r"absorber\.(water_failure|run_on)\..*", _down("absorber.water_failure")),
    (r"absorber\.water_failure\.shape",
     _down("absorber.water_failure", "absorber.water_failure.law=weibull")),
    (r"absorber\.water_failure\.law",
     _down("absorber.water_failure", "absorber.water_failure.shape=3")),
    (r"absorber\.water_failure\.clock", _down("absorber.water_failure", *GAS_PATH)),
    (r"gas_catcher\.run_on\..*", _down("gas_catcher.failure", "gas_catcher.failure.mttr=40 h")),
    (r"cooling_water\.(standing_temperature|run_on\..*)", _down("cooling_water.failure")),
    (r"power_and_steam\.run_on\..*",
     replace(_down("power_and_steam.failure"), sources=("failures", "deliveries"))),
    (r".*_vessel\..*", OPENED),
    (r"chlorinator_vessel\..*", replace(OPENED, years=0.1)),
    (r"absorber_vessel\.space", ABSORBER_OPENED),
    (r"absorber_vessel\.vent_approach", OPENED_LATER),
    (r"(crude_distillation|rectification)\.total_reflux_hours", OPENED),
    (r"benzene_hose\.handled", HOSES),
    (r"benzene_hose\..*", replace(HOSES, around=None)),
    (r"drum\.handled", DRUMS),
    (r"drum\..*", replace(DRUMS, around=None)),
    (r"chlorinator\.conversion", Context("constant conditions, the conversion held", "none",
                                           ("chlorinator.control=conversion",))),
    (r"gas_catcher\..*", Context("constant conditions, the catcher's water reused", "F2")),
    (r"gas_catcher\.fog\..*", Context("constant conditions, a cold catcher", "none",
                                      ("gas_catcher.structure=fog",))),
    (r"gas_catcher\.fog\..*", Context("constant conditions, a cold catcher whose water is returned",
                                      "F2", ("gas_catcher.structure=fog",))),
    (r"once_through\..*", Context("constant conditions, a third of the once-through water ended",
                                  "F1,F2")),
    (r"carbon_bed\.failure\.mtbf", replace(BED_FAILS, around=30.0)),
    (r"carbon_bed\.failure\.shape", replace(BED_FAILS, settings=(*BED_FAILS.settings, WEIBULL))),
    (r"carbon_bed\.failure\.law", replace(BED_FAILS, settings=(*BED_FAILS.settings, WORN))),
    (r"carbon_bed\.failure\.clock", replace(BED_FAILS, settings=(*BED_FAILS.settings, *GAS_PATH))),
    (r"carbon_bed\.failure\..*", BED_FAILS),
    (r"carbon_bed\.failure\..*", replace(BED_FAILS, years=0.4)),
    (r"carbon_bed\.capacity", Context("a small carbon bed", "E1", around=150.0)),
    (r"carbon_bed\..*", Context("constant conditions, with the carbon bed", "E1")),
    (r"tail_gas_condenser\.failure\.mtbf", replace(CHILLER_FAILS, around=30.0)),
    (r"tail_gas_condenser\.failure\.shape",
     replace(CHILLER_FAILS, settings=(*CHILLER_FAILS.settings, WEIBULL))),
    (r"tail_gas_condenser\.failure\.law",
     replace(CHILLER_FAILS, settings=(*CHILLER_FAILS.settings, WORN))),
    (r"tail_gas_condenser\.failure\.clock",
     replace(CHILLER_FAILS, settings=(*CHILLER_FAILS.settings, *GAS_PATH))),
    (r"tail_gas_condenser\.failure\..*", CHILLER_FAILS),
    (r"tail_gas_condenser\.failure\..*", replace(CHILLER_FAILS, years=0.4)),
    (r"tail_gas_condenser\.capacity", replace(CHILLED, around=150.0)),
    (r"tail_gas_condenser\..*", CHILLED),
    (r"(unloading|acid|packing)_return\.capacity", replace(RETURNED, around=1e-2)),
    (r"(unloading|acid|packing)_return\..*", RETURNED),
    (r"effluent_stripper\.failure\.mtbf", _failing("the stripper often fails", "E2", around=OFTEN)),
    (r"effluent_stripper\.failure\.shape", _failing("it often fails, by wear", "E2", WEIBULL)),
    (r"effluent_stripper\.failure\.law", _failing("it often fails, by wear", "E2", WORN)),
    (r"effluent_stripper\.failure\.clock", _failing("the stripper often fails", "E2", *GAS_PATH)),
    (r"effluent_stripper\.failure\..*", _failing("the stripper often fails", "E2")),
    (r"effluent_stripper\..*", Context("constant conditions, with the stripper", "E2")),
    (r"effluent_stripper\.capacity", STRIPPER_DOWN),
    (r"effluent_pit\..*", STRIPPER_DOWN),
    (r"packing\.failure\.(mtbf|mttr)", replace(PACKING, around=20.0)),
    (r"packing\.failure\.law", replace(PACKING, settings=(*PACKING.settings, WORN))),
    (r"packing\.failure\.shape", replace(PACKING, settings=(*PACKING.settings, WEIBULL))),
    (r"packing\..*", PACKING),
    (r".*\.failure\.mtbf", _failing("the unit often fails", around=OFTEN)),
    (r"chlorinator\.failure\.mtbf",
     replace(_failing("the unit often fails, for longer", around=OFTEN), years=0.1)),
    (
        r".*\.failure\.shape",
        _failing("the unit often fails, by wear", "none", WEIBULL),
    ),
    (
        r".*\.failure\.shape",
        replace(_failing("the unit fails for long, by wear", "none", WEIBULL), years=0.4),
    ),
    (r".*\.failure\.law", _failing("the unit often fails, by wear", "none", WORN)),
    (r".*\.failure\..*", _failing("the unit often fails")),
    (r".*\.failure\.clock", Context("the unit and the gas path often fail", "none",
                                    (*FAILING, "off_gas_fan.failure.mtbf=60 h",
                                     "crude_column.failure.mtbf=60 h"), FEW_WEEKS, ("failures",))),
    (r".*\.failure\..*", replace(_failing("the unit often fails, for longer"), years=0.4)),
    (r".*\.maintenance\.interval", Context("maintenance is frequent", "none", (), FEW_WEEKS,
                                           ("maintenance",), around=200.0)),
    (r".*\.maintenance\..*", Context("maintenance is frequent, and feed often lacks", "none",
                                     ("{unit}.maintenance.interval=200 h",
                                      "chlorinator.failure.mtbf=60 h",
                                      "chlorinator.failure.mttr=60 h"), 0.2,
                                     ("maintenance", "failures"))),
    (r"chlorination\..*", TRIPS),
    (r"emergency_scrubber\..*", LONG_TRIPS),
    (r"crude_distillation\.start_up.*", _empty("crude_column")),
    (r"rectification\.start_up.*", _empty("rectification_column")),
    (r"crude_distillation\.trip_hours", _empty("crude_column", "none",
                                               "crude_distillation.trip_fraction=0.2")),
    (r"crude_distillation\.trip_fraction", _empty("crude_column", "none",
                                                  "crude_distillation.trip_hours=0.5 h")),
    (r"rectification\.trip_hours", _empty("rectification_column", "none",
                                          "rectification.trip_fraction=0.2")),
    (r"rectification\.trip_fraction", _empty("rectification_column", "none",
                                             "rectification.trip_hours=0.5 h")),
    (r"benzene_delivery\.free_time", SLOW_UNLOADING),
    (r"unloading\..*|benzene_delivery\..*|wet_benzene_tank\..*", DELIVERIES),
    (r"wet_benzene_tank\.heel", Context("deliveries are late", "none",
                                        ("benzene_delivery.lead_time=600 h",), 0.3,
                                        ("deliveries",))),
    (r"laboratory\.(grade|error)", OFF_GRADE),
    (r"laboratory\.iron_limit", Context("constant conditions, wash acid reused", "F7")),
    (r"laboratory\..*|release_.*|rework.*|day_tank_.*|product_tank\..*", LOTS),
    (r"annual_shutdown\..*", SHUTDOWN),
    (r"site\.repair_crews", Context("many units often fail", "none",
                                    (*CATCHING_UP.settings, "absorber.failure.mtbf=100 h",
                                     "gas_catcher.failure.mtbf=100 h"), FEW_WEEKS, ("failures",))),
    (r"site\.weather_step", Context("seasons alone", "none", (), 0.5, ("seasons",))),
    (r"dry_benzene_tank\..*", replace(_empty("dryer"), sources=("failures", "deliveries"))),
    (r"liquor_tank\..*", _empty("chlorinator")),
    (r"neutral_tank\..*", _empty("water_wash")),
    (r"crude_tank\..*", _empty("crude_column")),
    (r"polychloride_tank\..*", _empty("rectification_column")),
    (r"polychloride_tank\.heel", Context("the polychloride column runs without campaigns and its "
                                         "feed often fails", "none",
                                         ("rectification_column.failure.mtbf=60 h",
                                          "rectification_column.failure.mttr=60 h"), FEW_WEEKS,
                                         ("failures",))),
    (r"acid_tank\..*", Context("acid trucks are late", "none", LATE_TRUCKS, 0.2, ("trucks",))),
    (r"acid_tank\.heel|acid_collection\.free_time", EARLY_TRUCKS),
    (r"wash_acid_tank\..*", _empty("water_wash", "F7")),
    (r"wash_acid_tank\..*", _empty("absorber", "F7")),
    (r"wash_acid_tank\.when_full", ACID_STANDS),
    (r"reuse_water_tank\..*", _empty("dryer", "F3")),
    (r"reuse_water_tank\..*", _empty("water_wash", "F3")),
    (r"catcher_water_tank\..*", _empty("absorber", "F2")),
    (r"catcher_water_tank\..*", Context("the catcher's water is bled fast", "F2,F7",
                                        ("absorber.failure.mtbf=60 h",
                                         "gas_catcher.water=4500"), FEW_WEEKS, ("failures",))),
    (r"cooling_water\.transfer_units", Context("a tower, and leaking condenser tubes", "F11",
                                               ("crude_column.tube_leak=1 kg/h",))),
    (r"polychloride_column\.condenser\..*", Context("a small vacuum condenser", "none",
                                                    ("polychloride_column.condenser.area=1 m2",))),
    (r".*\.capacity", CATCHING_UP),
    (r".*", ALL_EVENTS),
)  # fmt: skip
"""Patterns of paths, and the contexts to try after constant conditions, in order."""

SCHEME_CONTEXTS = (STEADY, ALL_EVENTS)
"""Those in which a scheme may move something."""


def contexts_of(path: str) -> Iterator[Context]:
    """Return the contexts in which a parameter may act, the plainest first."""
    yield from EVERYWHERE
    for pattern, context in RULES:
        if re.fullmatch(pattern, path):
            yield context


def owner(path: str) -> str:
    """Return the unit that a parameter of a failure or of maintenance belongs to.

    >>> owner("crude_column.failure.mtbf"), owner("site.pressure")
    ('crude_column', 'site')
    """
    return re.split(r"\.failure\.|\.maintenance\.", path)[0].partition(".")[0]
