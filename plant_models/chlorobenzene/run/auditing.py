"""What an audit report says of the line besides its books."""

from __future__ import annotations

from plant_models.chlorobenzene.run.floors import scorecard
from plant_models.methods.auditing import Auditing

AUDITING = Auditing(
    subject="chlorobenzene line, from the rail tank car to the drum",
    boundary="nine processes; cooling water, steam and power as utilities at the fence",
    site="at Taiyuan",
    product="chlorobenzene drummed",
    groups={
        "benzene": ("benzene",),
        "chloro- benzene": ("chlorobenzene",),
        "di-, trichloro- benzene": ("dichlorobenzene", "trichlorobenzene"),
        "chlorine": ("chlorine",),
        "hydrogen chloride": ("hydrogen_chloride",),
        "water": ("water",),
        "caustic, salts": ("sodium_hydroxide", "sodium_chloride", "iron_chloride"),
        "inert gas": ("nitrogen",),
    },
    followed=("benzene", "chlorobenzene", "dichlorobenzene", "trichlorobenzene"),
    followed_word="organics",
    followed_as="benzene and chlorobenzenes",
    losses_note="to air, wastewater, cooling water, slop oil and residue",
    looked_at=("benzene", "chlorobenzene", "hydrogen_chloride"),
    leading=("air.benzene_t", "wastewater.benzene_t"),
    burdens=(
        *("air.benzene_t", "air.chlorobenzene_t", "air.hydrogen_chloride_t", "air.chlorine_t"),
        *("wastewater_t", "wastewater.benzene_t", "wastewater.chlorobenzene_t"),
        *("wastewater.hydrogen_chloride_t", "residue_t", "slop_oil_t", "steam_t", "power_mwh"),
        *("cooling_water_intake_t", "caustic_t"),
    ),
    shared=(
        *("air.benzene_t", "wastewater.benzene_t", "wastewater.hydrogen_chloride_t"),
        "wastewater_t",
    ),
    utilities_note="power that moves the cooling water is not at a unit; the year's total has it",
    unprinted_note="the source prints reductions for F1-F11 together only, so none stands beside "
    "these",
    printed_note="the source's reductions stand for its whole programme; the line is calibrated "
    "to them",
    investments_note="investments are the source's",
    limits="Emission limits of the plant's day (GB 16297-1996, GB 8978-1996; existing source, "
    "grade III, stacks of 15 m)",
    metered="benzene, chlorine, steam, water and acid",
    scores=scorecard,
)
