"""Components and reactions of the chlorobenzene line."""

from sim.network.chemistry import Components, Reaction

COMPONENTS = Components(
    {
        "benzene": "C6H6",
        "chlorobenzene": "C6H5Cl",
        "dichlorobenzene": "C6H4Cl2",  # ortho and para as one
        "trichlorobenzene": "C6H3Cl3",
        "chlorine": "Cl2",
        "hydrogen_chloride": "HCl",
        "water": "H2O",
        "sodium_hydroxide": "NaOH",
        "sodium_chloride": "NaCl",
        "iron_chloride": "FeCl3",
        "nitrogen": "N2",  # stands for all inerts
    }
)

BENZENE, MCB, DCB, TCB, CHLORINE, HCL, WATER, NAOH, NACL, FECL3, INERT = range(len(COMPONENTS))
"""Positions in a stream; MCB is chlorobenzene."""

ORGANICS = (BENZENE, MCB, DCB, TCB)

CHLORINATION = Reaction("benzene + chlorine -> chlorobenzene + hydrogen_chloride", COMPONENTS)
SECOND_CHLORINATION = Reaction(
    "chlorobenzene + chlorine -> dichlorobenzene + hydrogen_chloride", COMPONENTS
)
THIRD_CHLORINATION = Reaction(
    "dichlorobenzene + chlorine -> trichlorobenzene + hydrogen_chloride", COMPONENTS
)
NEUTRALISATION = Reaction(
    "hydrogen_chloride + sodium_hydroxide -> sodium_chloride + water", COMPONENTS
)
