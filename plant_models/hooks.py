"""What a plant's class has to say, hook by hook: the kind of each answer, as data.

`plant_models.model.PlantModel` asks a class for it by methods, properties and values. A kind is
written ``mapping of Scheme``; `plant_models.arguments` reads it, and refuses what is of another.
"""

from __future__ import annotations

from collections.abc import Mapping


class Misfit(TypeError):
    """What a plant's class says is of another kind than it is asked for."""


ANSWERS: Mapping[str, str] = {
    "baseline": "design",
    "catalogue": "mapping of Scheme",
    "catalogue_of": "mapping of Scheme",
    "schemes_in": "mapping of Scheme",
    "elsewhere": "text",
    "network": "Network",
    "check": "tree",
    "check_change": "nothing",
    "chosen": "design",
    "grounded": "design",
    "overlaid": "design",
    "readings": "mapping of design",
    "readings_of": "mapping of anything",
    "yardsticks": "series of Yardstick",
    "second_plant": "series of Yardstick",
    "fact_files": "series of file",
    "source_files": "series of file",
    "running": "Running",
    "outcome": "Outcome",
    "steady_state": "Outcome",
    "indicators": "Indicators",
    "reasons": "mapping of function",
    "made": "number",
    "pictures": "mapping of function",
    "auditing": "Auditing",
    "auditing_words": "mapping of text",
    "written": "mapping of text",
    "words_beside": "series of text",
    "operators": "Operators",
    "footprint": "Footprint",
    "printed_reductions": "mapping of number",
    "published": "series of Published",
    "limits": "Standards",
    "programme": "series of text",
    "economy": "Economy",
    "plan": "Design",
    "overlaid_plan": "Design",
    "shutdown": "number",
    "heat_balance": "HeatBalance",
    "audit_of_source": "audit",
    "acts_at_rest": "switch",
    "claims": "mapping of function",
    "calibration": "Calibratable",
    "calibration_of": "Calibratable",
    "share": "number",
    "devices": "Devices",
    "measures": "series of text",
    "slackening": "Design",
    "name": "text",
    "tree_type": "class",
    "units": "mapping of text",
    "processes": "mapping of series of text",
    "process_trains": "series of text",
    "headlines": "series of text",
    "operating": "series of text",
    "product": "text",
    "emissions": "series of text",
    "neutral": "series of text",
    "apart": "series of text",
    "utilities": "series of text",
    "bought": "series of text",
    "printed_source": "text",
    "printed_note": "text",
    "upsets": "mapping of series of text",
    "event_sources": "series of text",
    "structures": "series of text",
    "choices": "mapping of anything",
    "silent": "mapping of anything",
    "catalogues": "mapping of file",
    "summary": "series of text",
    "notable": "series of text",
}
"""What each method of a plant returns, and what its properties and values are."""

NAMED: Mapping[str, str] = {
    "catalogue": "scheme",
    "catalogue_of": "scheme",
    "schemes_in": "scheme",
    "units": "indicator",
    "reasons": "indicator with reasons",
    "pictures": "picture",
    "claims": "claim",
    "processes": "process",
    "upsets": "device or supply",
    "choices": "structure",
    "silent": "parameter",
    "catalogues": "catalogue",
    "readings": "reading",
}
"""What the names are of in the mappings among these."""

INSTEAD: Mapping[str, str] = {
    "data files of its own": "--set and --scale change its numbers",
    "further catalogue": "leave --catalogue out, or give schemes of your own by --schemes-file",
    "factors of greenhouse gas": "its steam and power are among its indicators",
    "published figures": "a plant of a folder keeps them in published.toml",
    "emission limits": "a plant of a folder keeps them in limits.toml",
    "watch on what leaves it": (
        "a plant of a folder has one, and run tells what leaves over the year"
    ),
    "prices": "a plant of a folder keeps them in prices.toml",
    "heat balance": "run tells the steam, power and cooling water that it uses",
    "printed source": "the chlorobenzene line alone is from one",
    "free parameters and targets": (
        "plant fit moves recoveries of a plant of a folder to its readings"
    ),
    "devices at the end of the pipe": (
        "a plant of a folder says in devices.toml which schemes build them, and what they hold"
    ),
    "devices that it runs on without": (
        "a unit of a folder has run_on = { outlet = 'stack' } beside its failure where its train "
        "runs on; criticality tells whose failures cost what"
    ),
    "management measures": (
        "a scheme that changes an mtbf stands for one, and compare tells what it does"
    ),
    "flow chart of its own": "a plant of a folder has one; cube tells the figures of all sets",
    "set points": "choose among schemes alone: --set-points none",
}
"""What to do where a plant has not what a study needs."""

NEEDED = ("name", "tree_type", "units", "headlines")
"""Values that every plant says."""

OF_UNITS = ("product", "headlines", "operating", "emissions", "neutral", "utilities", "bought")
"""Values that name indicators."""

CLASSES: Mapping[str, str] = {
    "Scheme": "sim.model.schemes",
    "Network": "sim.network.network",
    "Design": "sim.model.facts",
    "Indicators": "sim.books.indicators",
    "Running": "plant_models.model",
    "Outcome": "plant_models.outcome",
    "Yardstick": "plant_models.methods.yardsticks",
    "Auditing": "plant_models.methods.auditing",
    "Operators": "plant_models.methods.set_points",
    "Footprint": "plant_models.methods.carbon",
    "Published": "plant_models.methods.published",
    "Standards": "plant_models.methods.standards",
    "Economy": "plant_models.methods.economics",
    "HeatBalance": "plant_models.methods.heat_balance",
    "Calibratable": "plant_models.methods.calibration",
    "Devices": "plant_models.methods.devices",
}
"""Where a class among the kinds stands; nothing is of a class that nobody has imported yet."""

WORDS: Mapping[str, str] = {
    "design": "a Design of a {tree}",
    "tree": "a {tree}",
    "nothing": "nothing, or a ValueError raised",
    "audit": "something with findings",
    "switch": "True or False",
    "series": "a tuple",
    "number": "a number",
    "function": "functions",
    "text": "text",
    "file": "paths",
    "class": "a class",
    "anything": "values",
}
"""What messages call a kind that is no class."""
