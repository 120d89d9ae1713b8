"""Conclusions that the source or the base values suggest; each holds at a point or does not."""

from __future__ import annotations

from collections.abc import Mapping

from plant_models.chlorobenzene.paper.printed import table_1_2
from plant_models.methods.claims import Claim, Drawn, falls, pays_within, worth
from plant_models.methods.economics import TOTAL


def _survives(share: float) -> Claim:
    """Return the claim that steps of the source bring a share of what is printed of them."""

    def claim(of: Drawn) -> bool | None:
        printed = table_1_2()
        steps = [step for step in of.steps[:-1] if step.name in printed]
        whole = sum(printed[step.name].net for step in steps)
        return sum(step.net for step in steps) > share * whole if steps else None

    return claim


def _most_valuable(name: str) -> Claim:
    def claim(of: Drawn) -> bool | None:
        values = {step.name: step.present_value for step in of.steps[:-1] if step.investment}
        known = {n: value for n, value in values.items() if value is not None}
        return None if name not in known else max(known, key=lambda n: known[n]) == name

    return claim


CLAIMS: Mapping[str, Claim] = {
    "the programme is worth its money (NPV > 0)": worth(TOTAL, positive=True),
    "it pays back within a year": pays_within(1.0),
    "half of the printed net income survives": _survives(0.5),
    "all of the printed net income survives": _survives(1.0),
    "F8 alone does not pay (NPV < 0)": worth("F8", positive=False),
    "of the paid schemes, F11 is worth the most": _most_valuable("F11"),
    "benzene to air falls": falls("air.benzene_t"),
    "benzene to air falls by half": falls("air.benzene_t", 0.5),
    "chlorobenzene to air falls by half": falls("air.chlorobenzene_t", 0.5),
    "wastewater falls by half": falls("wastewater_t", 0.5),
    "hydrogen chloride to water falls by half": falls("wastewater.hydrogen_chloride_t", 0.5),
    "fresh cooling water falls by nine tenths": falls("cooling_water_intake_t", 0.9),
    "steam falls": falls("steam_t"),
}
