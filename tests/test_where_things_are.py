"""Twenty questions of a newcomer, answered by names alone: no text is read, only what is defined.

A question holds its own words. Every name of the three packages (module, class, method, function,
parameter of a tree, data file) is cut into words; the answer must be among the few names that hold
all the words of the question that matter.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("sim", "plant_models", "experiments")
MOST = 6  # names that a newcomer looks at before giving up

QUESTIONS = {
    "where is the absorber's slip computed?": (
        "absorber slip", "plant_models/chlorobenzene/units/absorption.py Absorber.slip",
    ),
    "where is the off-gas coolers' outlet temperature computed?": (
        "off gas outlet temperature",
        "plant_models/chlorobenzene/units/off_gas.py OffGasCooler.outlet_temperature",
    ),
    "which heat does the crude column take?": (
        "crude column heat",
        "plant_models/chlorobenzene/units/distillation.py CrudeColumn.heat",
    ),
    "where does a scheme of mine go, and where do the twelve stand?": (
        "data schemes", "plant_models/chlorobenzene/data/schemes.toml",
    ),
    "which unit or tank belongs to which process?": (
        "wiring processes", "plant_models/chlorobenzene/line/wiring.py PROCESSES",
    ),
    "where does --until end up?": (
        "compare stop when", "experiments/studies/compare.py stop_when",
    ),
    "what makes a pattern of --scale act?": (
        "scale values", "sim/model/facts.py scale_values",
    ),
    "how is a text like F1-F4+F7 read?": (
        "parse schemes", "sim/model/schemes.py parse_schemes",
    ),
    "how do two schemes that set one parameter conflict?": (
        "errors conflict", "sim/errors.py ConflictError",
    ),
    "where does a balance certificate refuse a run?": (
        "certificate enforce", "sim/books/ledger.py Certificate.enforce",
    ),
    "how is a gridlock told?": (
        "refuse gridlock", "sim/clock/states.py refuse_gridlock",
    ),
    "when is a recipe stale?": (
        "stale trains", "sim/flow/stale.py stale_trains",
    ),
    "how are the rates of an interval solved, by priority?": (
        "priority solve", "sim/flow/priority.py solve",
    ),
    "how long until a machine fails?": (
        "time to failure", "sim/clock/life.py time_to_failure",
    ),
    "where are Shapley values summed?": (
        "attribution shapley", "plant_models/methods/attribution.py shapley",
    ),
    "what does the source print in Table 1-3?": (
        "printed table 1 3", "plant_models/chlorobenzene/paper/printed.py table_1_3",
    ),
    "what are the emission limits of the plant's day?": (
        "data limits", "plant_models/chlorobenzene/data/limits.toml",
    ),
    "what does a study ask of a plant?": (
        "plant model", "plant_models/model.py PlantModel",
    ),
    "how does an answer become a folder?": (
        "output write answer", "experiments/output/files.py write_answer",
    ),
    "how does a run that was killed go on?": (
        "run folder", "experiments/runner/folder.py RunFolder",
    ),
    "where is a schedule read?": (
        "read schedule", "sim/network/schedule.py read_schedule",
    ),
    "where are batch means computed?": (
        "batch means", "sim/statistics/batches.py batch_means",
    ),
    "how does a run go on from where it ended?": (
        "outcome resume", "plant_models/outcome.py Outcome.resume",
    ),
    "where is the page for a class written?": (
        "write page", "experiments/page/study.py write_page",
    ),
}  # fmt: skip


def words(name: str) -> set[str]:
    """Cut a name into words: ``OffGasCooler.outlet_temperature`` into off, gas, cooler, ..."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return set(re.findall(r"[a-z]+|\d+", apart.lower()))


@cache
def names() -> dict[str, set[str]]:
    """Return every name that is defined at the top of a module or in a class, with its words."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            place = path.relative_to(ROOT).as_posix()
            if path.suffix in (".toml", ".csv"):
                found[place] = words(place)
            elif path.suffix == ".py":
                for name in defined(path.read_text(encoding="utf-8")):
                    found[f"{place} {name}"] = words(place) | words(name)
    return found


DEFINED = re.compile(r"(?:(class)|def) (\w+)|    def (\w+)|(\w+)(?:: [^=]+)? = ")
"""A class, a function, a method, or a constant, as a line of a module begins."""


def defined(module: str) -> list[str]:
    """Return functions, classes, their methods, and constants of a module by its text."""
    told, owner = [], ""
    for line in module.splitlines():
        if found := DEFINED.match(line):
            is_class, name, method, constant = found.groups()
            owner = name if is_class else owner if method else ""
            told += [each for each in (name, constant) if each]
            if owner and method and not method.startswith("__"):
                told.append(f"{owner}.{method}")
    return [name for name in told if not name.startswith("_")]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_by_names_alone(question: str) -> None:
    asked, answer = QUESTIONS[question]
    wanted = words(asked)
    found = [name for name, told in names().items() if wanted <= told]
    called_so = [name for name in found if words(name.split(" ")[-1]) == wanted]
    found = called_so or found  # a thing that is called just that is seen at once
    assert answer in found, found[:MOST]
    assert len(found) <= MOST, found


def test_there_are_twenty_questions_at_least() -> None:
    assert len(QUESTIONS) >= 20
