"""A small works with everything at once: recycle, make-up header, collected vent, reaction."""

from __future__ import annotations

from collections.abc import Mapping

from plant_models.benchmarks.units import SALMIAC, Machine, Neutraliser, Scrubber, Still
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.operation import FailureMode
from sim.network.unit import Unit

SUPPLIES = {
    "ammonia_water": SALMIAC.stream(ammonia=0.15, water=0.85),
    "acid_gas": SALMIAC.stream(hydrogen_chloride=0.98, nitrogen=0.02),
    "water": SALMIAC.stream(water=1.0),
}
SINKS = {"air": "emission gas", "sewer": "wastewater", "customers": "product"}
DRAWS: Mapping[str, str | Header] = {
    "neutraliser.acid": "acid_gas",
    "scrubber.water": Header(("wash_tank",), "water"),
}


def salmiac_works(failure: FailureMode | None = None) -> Network:
    """Return ammonia water turned into salt, its waters used again and its vent collected.

    Intake -> feed tank -> neutraliser and scrubber (one train) -> liquor tank -> still; the
    still's distillate goes back to the feed tank, its water to a wash tank that serves the
    scrubber before fresh water does, and its vent into the scrubber.

    ``failure``: one mode for every unit.
    """
    units: dict[str, Unit] = {
        "intake": Machine(capacity=200.0, failure=failure),
        "neutraliser": Neutraliser(
            capacity=100.0, conversion=0.8, slip=0.1, stripped=0.2, failure=failure
        ),
        "scrubber": Scrubber(ratio=10.0, holding=40.0, failure=failure),
        "still": Still(capacity=300.0, returned=0.3, washing=0.2, vented=0.3, failure=failure),
    }
    start = SALMIAC.stream(ammonia=0.1, water=0.9)
    return Network(
        components=SALMIAC,
        units=units,
        tanks={
            "feed_tank": Tank(capacity=2000.0),
            "liquor_tank": Tank(capacity=2000.0, initial_level=0.3),
            "wash_tank": Tank(capacity=500.0, when_full="spill"),
        },
        contents={"feed_tank": start, "liquor_tank": start, "wash_tank": SUPPLIES["water"]},
        supplies=SUPPLIES,
        sinks=SINKS,
        trains=(
            Train("intake", "ammonia_water", ("intake",)),
            Train("making", "feed_tank", ("neutraliser", "scrubber")),
            Train("distilling", "liquor_tank", ("still",)),
        ),
        pipes={
            "intake.made": Pipe("feed_tank"),
            "neutraliser.liquor": Pipe("liquor_tank"),
            "neutraliser.gas": Pipe("scrubber.gas"),
            "scrubber.tail": Pipe("air"),
            "scrubber.effluent": Pipe("sewer"),
            "still.distillate": Pipe("feed_tank"),
            "still.wash": Pipe("wash_tank"),
            "still.bottoms": Pipe("customers"),
            "still.vent": Pipe("scrubber.vent", otherwise="air"),
        },
        draws=DRAWS,
        spills={"wash_tank": "sewer"},
        pacer="making",
    )
