"""The scorecard: what a tonne of product takes and gives off, and the least that it could.

A floor is computed from the books of the audited line and the laws of the model; it says how far
cleaner production of this kind can go, not that anybody has gone there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import ceil, inf

from plant_models.calendar import YEAR
from plant_models.chlorobenzene.line import weather
from plant_models.chlorobenzene.line.operation import sources_of
from plant_models.chlorobenzene.run.indicators import ACID_STRENGTH
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINATION,
    CHLORINE,
    DCB,
    HCL,
    INERT,
    MCB,
    SECOND_CHLORINATION,
    TCB,
    THIRD_CHLORINATION,
)
from plant_models.chlorobenzene.substances.enthalpy import vaporisation
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    STEAM_HEAT,
    Organics,
    boiling_point,
    mole_fractions,
    relative_volatilities,
    saturated_moles,
)
from plant_models.chlorobenzene.units.shortcut import minimum_reflux, underwood_root
from plant_models.methods.auditing import Score, Year
from sim.books.ledger import Entry, Ledger
from sim.network.unit import Stream

PRODUCT = "chlorobenzene_t"
KG = 1000.0
DAY = 24.0  # h


def scorecard(before: Year, after: Year) -> tuple[Score, ...]:
    """Return the scorecard of a design beside the line without schemes."""
    least = floors(after)
    return tuple(
        Score(name, unit, figure(before) / before[PRODUCT], figure(after) / after[PRODUCT], *floor)
        for name, unit, figure in FIGURES
        for floor in [least[name]]
    )


def _kg(*indicators: str) -> Callable[[Year], float]:
    return lambda year: KG * sum(year[name] for name in indicators)


def _plain(*indicators: str) -> Callable[[Year], float]:
    return lambda year: sum(year[name] for name in indicators)


ORGANICS = ("benzene", "chlorobenzene")

FIGURES: tuple[tuple[str, str, Callable[[Year], float]], ...] = (
    ("benzene", "kg/t", _kg("benzene_used_t")),
    ("chlorine", "kg/t", _kg("chlorine_used_t")),
    ("process water", "t/t", _plain("process_water_t")),
    ("fresh water, cooling included", "t/t", _plain("process_water_t", "cooling_water_intake_t")),
    ("steam", "t/t", _plain("steam_t")),
    ("wastewater", "t/t", _plain("wastewater_t")),
    ("benzene and chlorobenzene to air", "kg/t", _kg(*(f"air.{x}_t" for x in ORGANICS))),
    ("benzene and chlorobenzene to water", "kg/t", _kg(*(f"wastewater.{x}_t" for x in ORGANICS))),
    ("hydrogen chloride to water", "kg/t", _kg("wastewater.hydrogen_chloride_t")),
    ("residue and slop oil", "kg/t", _kg("residue_t", "slop_oil_t")),
)
"""Name, unit, and how it is made of indicators; before it is divided by the product."""


def floors(year: Year) -> Mapping[str, tuple[float, str]]:
    """Return the floor of every line of the scorecard, and what it is."""
    books = year.books
    fresh = 1.0 - _drawn(books) / KG / year[PRODUCT] if year[PRODUCT] > 0.0 else 1.0
    formed = _made(books)
    made = {name: kg * max(fresh, 0.0) for name, kg in formed.items()}
    by_product = formed["dichlorobenzene"]
    water = made["hydrogen_chloride"] * (1.0 - ACID_STRENGTH) / ACID_STRENGTH / KG
    line = year.tree
    evaporated = books.used("cooling_water") / KG * line.cooling_water.evaporation()
    none = "nothing in the chemistry makes it"
    return {
        "benzene": (made["benzene"], "stoichiometry with the by-products of the reactor as it is "
                    f"({by_product:.0f} kg dichlorobenzene per t), less what came out of the "
                    "tanks; 694 without them"),
        "chlorine": (made["chlorine"], "stoichiometry with the same by-products, less what "
                     "came out of the tanks; 630 without them"),
        "process water": (water, "the water of the 31 % acid made of all hydrogen chloride: every "
                          "wash water goes there"),
        "fresh water, cooling included": (
            water + evaporated / year[PRODUCT],
            "the acid's water, and what a tower evaporates to carry the same heat, no blowdown",
        ),
        "steam": (_steam(books, year) / year[PRODUCT], "latent heat of the crude and rectification "
                  "overheads at Underwood's least reflux; no losses, no heating up, no reuse of "
                  "heat"),
        "wastewater": (0.0, f"{none}: all of it can go to the acid"),
        "benzene and chlorobenzene to air": _to_air(books, year),
        "benzene and chlorobenzene to water": (0.0, none),
        "hydrogen chloride to water": (0.0, f"{none}: all of it can be sold as acid"),
        "residue and slop oil": (
            _residue(books) / year[PRODUCT],
            "trichlorobenzene formed and iron chloride charged as catalyst",
        ),
    }  # fmt: skip


def _drawn(books: Ledger) -> float:
    """Return the chlorobenzene that came out of the tanks, made before: no reaction owes it, kg."""
    tanks = [books.opening[tank] - kg for tank, kg in books.held.items()]
    return float(sum(kg[MCB] for kg in tanks))


def _made(books: Ledger) -> Mapping[str, float]:
    """Return what the reactions take and make, kg per t of chlorobenzene left of them."""
    kmol = dict.fromkeys((CHLORINATION, SECOND_CHLORINATION, THIRD_CHLORINATION), 0.0)
    for (_, reaction), extent in books.extents.items():
        if reaction in kmol:
            kmol[reaction] += extent
    first, second, third = kmol.values()
    product = (first - second) * MOLAR_MASS[MCB] / KG
    chlorine = first + second + third
    return {
        "benzene": first * MOLAR_MASS[BENZENE] / product,
        "chlorine": chlorine * MOLAR_MASS[CHLORINE] / product,
        "hydrogen_chloride": chlorine * MOLAR_MASS[HCL] / product,
        "dichlorobenzene": (second - third) * MOLAR_MASS[DCB] / product,
    }


def _pooled(books: Ledger, met: Callable[[Entry], bool]) -> Stream:
    flows = [kg for entry, kg in books.flows.items() if met(entry)]
    return tuple(sum(flows[1:], start=flows[0]).tolist())


def _stream(books: Ledger, *names: str) -> Stream:
    return _pooled(books, lambda entry: entry.stream in names)


def _steam(books: Ledger, year: Year) -> float:
    """Return the steam of both large columns at least reflux, t/yr."""
    P = year.tree.site.pressure
    crude = ("crude_column.distillate", "crude_column.vent", "crude_column.vent_recovered")
    product = ("rectification_column.product", "rectification_column.vent",
               "rectification_column.vent_collected")  # fmt: skip
    heat = _reboiled(books, "crude_column", crude, (BENZENE, MCB), P)
    heat += _reboiled(books, "rectification_column", product, (MCB, DCB), P)
    return heat / STEAM_HEAT / KG


def _reboiled(
    books: Ledger, unit: str, overhead: tuple[str, ...], keys: tuple[int, int], P: float
) -> float:
    """Return the heat of condensation of a column's overhead at least reflux, kJ/yr."""
    light, heavy = keys
    T_top = boiling_point(light, P)
    alpha = relative_volatilities(heavy, 0.5 * (T_top + boiling_point(heavy, P)))
    charge = _pooled(books, lambda entry: entry.sink == unit)
    over = _stream(books, *overhead)
    theta = underwood_root(mole_fractions(charge), alpha, light, heavy)
    reflux = max(minimum_reflux(alpha, mole_fractions(over), theta), 0.0)
    organics = (*over[:4], *(0.0,) * (len(over) - 4))
    return (1.0 + reflux) * vaporisation(organics, T_top)


def _to_air(books: Ledger, year: Year) -> tuple[float, str]:
    if year.tree.carbon_bed.installed:
        return 0.0, "a carbon bed holds as much as is paid for"
    chilled = year.tree.tail_gas_condenser
    if chilled.installed:
        return _saturated(books, year, chilled.temperature), (
            "the inert gas of the chlorine alone, saturated over the acid's oil as cold as the "
            "chilled condenser leaves it"
        )
    return _saturated(books, year), (
        "the inert gas of the chlorine alone, saturated over the acid's oil at the cooling "
        "water's temperatures: cooling cannot go below, only other means can (0)"
    )


def _saturated(books: Ledger, year: Year, coldest: float = inf) -> float:
    """Return benzene and chlorobenzene with the chlorine's own inerts, kg per t of product.

    ``coldest``: to which the gas is cooled where the water is warmer, K.
    """
    line = year.tree
    oil: Organics = mole_fractions(_stream(books, "acid_decanter.oil", "acid_decanter.slop"))
    inert = books.total("nitrogen", source="chlorine_header") / MOLAR_MASS[INERT]
    days, kg = _water_met(year), 0.0
    for T, count in days.items():
        per_kmol = saturated_moles(oil, min(T, coldest), line.site.pressure)
        kg += count * sum(inert * per_kmol[i] * MOLAR_MASS[i] for i in (BENZENE, MCB))
    return float(kg / days.total() / year[PRODUCT])


def _water_met(year: Year) -> Counter[float]:
    """Return on how many days the cooling water had each temperature, K, while the line ran.

    Saturation bends, so that it may not be asked for the mean of the seasons.
    """
    line, run = year.tree, year.first
    sources, stop = sources_of(run.without), line.annual_shutdown
    if run.surroundings is not None or "seasons" not in sources:
        return Counter([(run.surroundings or weather.annual_mean(line))["cooling_water"]])
    felt = weather.surroundings(line, run.start_hour)
    noons = [(day + 0.5) * DAY for day in range(ceil(run.ledger.hours / DAY))]
    stands = stop.duration if "shutdown" in sources else 0.0
    ran = [h for h in noons if (run.start_hour + h - stop.start) % YEAR >= stands]
    return Counter(felt(hour)["cooling_water"] for hour in ran or noons)


def _residue(books: Ledger) -> float:
    """Return what has to leave as residue, kg/yr."""
    formed = sum(
        kmol * MOLAR_MASS[TCB]
        for (_, reaction), kmol in books.extents.items()
        if reaction == THIRD_CHLORINATION
    )
    return formed + books.total("iron_chloride", source="catalyst")
