"""Calls of the commands: valid ones to begin with, and what makes them wrong, odd or hostile."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import click

from experiments.bounds import MOST_REPLICATIONS
from experiments.door.cli import COMMANDS, cli
from plant_models import chlorobenzene as cb
from sim.model.schemes import parse_schemes
from tests.fuzz.hostile import one_of

SEEDS = (
    "run F1,F7 --years 0.002",
    "run none --years 0.002 --start 07-01 --seed 3 --json",
    "run F1 --set off_gas_cooler.area=80 --scale *.failure.mtbf=0.5 --years 0.002",
    "run F1,Z1 --design own.toml --schemes-file schemes.toml --years 0.002 --out results",
    "run none --plant flowshop --years 0.002",
    "compare none F1 F1+F7 --years 0.002 --replications 2",
    "compare none F1 --years 0.002 --replications 2 --indicator air.benzene_t --json",
    "compare none F1 --years 0.002 --until 0.9 --at-most 10",
    "card off_gas_cooler",
    "card prices.benzene",
    "card --search benzene",
    "card --brief",
    "explain F1,F7",
    "explain F1,Z1 --schemes-file schemes.toml --json",
    "why air.benzene_t F1",
    "why air.benzene_t F1,Z1 --clock events --years 0.002 --brief --json",
    "batch none F1 --years 0.002 --replications 1",
    "batch none F1 --clock steady --out runs",
    "batch --sets sets.txt --years 0.002 --replications 1",
    "cube F1,F2",
    "cube F1,F2 --json --out cube",
    "attribute air.benzene_t --players F1,F2",
    "attribute net_income --players F1,F2 --order F1,F2 --json",
    "money F1-F3",
    "money F1-F3 --price benzene=5000 --rate 0.1 --horizon 5 --invest F1=1000 --json",
    "rollout F1-F3 --replications 0",
    "rollout F1,F2 --replications 1 --horizon 0.1 --limit 0.1",
    "optimise F1,F5 --budget 30 --set-points none --replications 0",
    "optimise F1,F5 --goal both --budget 30 --set-points none --replications 0",
    "optimise F5,F7 --require air.benzene_t<=-5% --set-points none --replications 0 --json",
    "uncertainty F1,F2 --samples 2 --sobol 2 --factors 2",
    "uncertainty F1 --samples 0 --sobol 0 --target air.benzene_t --json",
    "readings F1,F5",
    "criticality F1 --years 0.002 --replications 1 --kind crew",
    "criticality F1 --years 0.002 --replications 1 --kind lots --ways both --json",
    "causes none F1 --years 0.002 --replications 1",
    "limits F1 --years 0.002",
    "limits F1 --grade II --clock steady",
    "heat F1",
    "heat none --set absorber.failure.mtbf=100 --json",
    "end-of-pipe F1 --years 0.002 --replications 1",
    "review --years 0.02 --replications 1",
    "review --measures M1 --years 0.02 --replications 1 --json",
    "report F1 --years 0.002 --out report",
    "export-lca F1 --years 0.002 --replications 2 --json",
    "page --out page.html",
    "calibrate --check",
    "fitness",
    "fitness --json",
    "paper-check",
    "paper-check --json",
    "validate --share 0.001",
    "lessons copies --lang zh",
    "upsets F1 --years 0.002",
    "plant new shop --bare",
    "plant new other --like brine --json",
    "plant check brine",
    "plant check brine --json",
    "plant units wash",
    "plant reconcile brine",
    "plant reconcile brine --json",
    "plant fit brine",
    "plant history brine --json",
    "run none --plant brine --years 0.002",
)

CHEAP: dict[str, dict[str, str]] = {
    "cube": {"--schemes": "F1,F2"},
    "attribute": {"--players": "F1,F2"},
    "rollout": {"--replications": "0", "--schemes": "F1-F3"},
    "optimise": {"--replications": "0", "--set-points": "none", "--schemes": "F1,F5"},
    "uncertainty": {"--samples": "2", "--sobol": "2", "--factors": "2", "--schemes": "F1"},
    "criticality": {"--replications": "1", "--kind": "crew"},
    "causes": {"--replications": "1"},
    "end-of-pipe": {"--replications": "1"},
    "review": {"--replications": "1"},
    "report": {"--schemes": "F1"},
    "export-lca": {"--replications": "1"},
    "validate": {"--share": "0.001"},
    "calibrate": {"--check": ""},
    "page": {"--price": "nothing=1"},  # 4,096 designs take a minute: each call is refused
}
"""What a call gets that does not say it, so that accepted calls are cheap."""

SMALL = {
    "--years": 0.01,
    "--replications": 2.0,
    "--at-most": 10.0,
    "--workers": 1.0,
    "--samples": 4.0,
    "--sobol": 4.0,
    "--factors": 3.0,
    "--share": 0.001,
    "--limit": 2.0,
}
"""Sizes: what lies above and would be accepted is put down to this."""

BRIEF = {"--horizon": 0.1, "--limit": 0.2}
"""Years of a programme on the running plant, which takes seconds for each."""

FEW_SCHEMES = ("cube", "attribute", "rollout", "optimise", "uncertainty", "money", "report")
"""Commands whose cost grows with the number of schemes."""

NOT_HERE = ("--scheduler",)  # asks the network

NUMBERS = (
    "", " ", "nan", "inf", "-inf", "1e300", "1e309", "-1", "0", "-0.0", "1e-9", "1e-320",
    str(2**70), "9" * 5000, "1_000", "0x10", "1,5", "٣", "½", "１", "2.5", "1e", "--1", "+1", "1/3",
    "True", "08:00", "12.", "1e5 h", "0.002", "1", "2",
)  # fmt: skip
TEXTS = (
    "", " ", "氯苯", "a\u202eb", "\udcff", "x" * 5000, "a\nb", "a\tb", "\0", "\x1b[31m", "%s",
    "{0}", "$(true)", "'", '"', "\\", "--", "-", "-x", "--help", "--json", "--out", "None", "none",
    "all", "=", "a=b", "*", "[", "]", "?", "F1", "error", "null",
)  # fmt: skip
SETS = (
    "F1-", "-F4", "F4-F1", "F1,,F2", ",", "F0", "F13", "F99", "f1", "F1;F2", "F1 F2", "none,F1",
    "all,F1", "F1+", "+", "F1-F999999999", "F1-F" + "9" * 400, "F1-F12", "M1-M3", "E1", "E1,E2",
    "F*", "F1,F1", "F1-F3-F5", "Z1", "all", "none", "", " ", "F٣", "F1−F3", "F01", "F-1",
)  # fmt: skip
SETTINGS = (
    "*.failure.mttr=8", "*.failure.mtbf=0", "*.failure.mtbf=-1", "*.failure.mtbf=1e-9", "*=1",
    "*.*=1", "off_gas_cooler.area", "off_gas_cooler.area=", "=80", "off_gas_cooler.area=80 m2",
    "off_gas_cooler.area=80 cm9999999", "off_gas_cooler.area=1e300", "off_gas_cooler.area=nan",
    "off_gas_cooler.area=80=90", "off_gas_cooler.area=80 m2 m2", "off_gas_cooler=1",
    "off_gas_coler.area=1", "off_gas_cooler.arrangement=serie", "absorber.water_rise=1e9",
    "absorber.stages=2.5", "absorber.stages=1e9", "cooling_water.well_temperature=22",
    "alkali_wash.capacity=0.001", "cooling_water.well_temperature=-300 degC",
    "site.operating_hours=0", "site.repair_crews=0", "chlorinator.capacity=1e-9",
    "liquor_tank.capacity=0", "liquor_tank.initial_level=2", "liquor_tank.when_full=spill",
    "acid_collection.interval=0", "benzene_delivery.lot=1e300", "absorber.failure.clock=clock",
    "[a-z]*.failure.mtbf=50", "**=1", "a." * 500 + "b=1", "off_gas_cooler.area=true",
    "off_gas_cooler.area=" + "9" * 400, "__class__=1", "off_gas_cooler.__doc__=1",
)  # fmt: skip
PRICES = (
    "benzene=1e300", "benzene=-1", "benzene=nan", "benzene", "=1", "nothing=1", "benzene=",
    "benzen=1", "F1=1000", "F99=1", "F1=-1", "F1=1e300", "benzene=1 kg", "*=0", "steam=0",
)  # fmt: skip
FILES = (
    "own.toml", "schemes.toml", "empty.toml", "binary.bin", "deep.toml", "huge.toml", "folder",
    "nowhere", "nowhere/own.toml", "loop", "loop/own.toml", "own.toml/x", "sets.txt", "", ".", "/",
    "/dev/null", "/proc/self/mem", "\0", "x" * 300, "a/" * 3000 + "b", "tables", "short",
    "utf16.toml", "list.toml",
)  # fmt: skip
FOLDERS = (
    "results", "new/er", ".", "..", "/", "full", "half", "loop", "loop/x", "own.toml", "own.toml/x",
    "a/" * 3000, "x" * 300, "\0", " ", "", "-", "--", "氯苯", "\udcff", "/proc/x", "/dev/null",
    "link", "results/", "./results/../results", "a\nb", "page.html",
)  # fmt: skip
DATES = ("07-01", "7-1", "02-30", "13-01", "00-00", "02-29", "2026-07-01", "tomorrow", "07/01", "")

FACT = """[off_gas_cooler.area]
value = 60.0
unit = "m2"
source = "assumed"
low = 30.0
high = 90.0
note = "a guess"
"""
SCHEME = """[Z1]
class = "low-cost"
target = "off_gas_cooler"
title = "t"
title_zh = "t"
lever = "l"
reason = "r"
evidence = "assumed"

[[Z1.patches]]
path = "off_gas_cooler.area"
scale = 2.0
evidence = "assumed"
note = "n"
"""


def lay_out(folder: Path) -> None:
    """Write the files that calls name: right ones, and wrong ones of each kind."""
    for name, text in {
        "own.toml": FACT,
        "schemes.toml": SCHEME,
        "sets.txt": "none\nF1\n",
        "empty.toml": "",
        "list.toml": "off_gas_cooler = [1, 2]\nabsorber = 3\n",
        "deep.toml": f"x = {'[' * 900}{']' * 900}\n",
        "huge.toml": FACT.replace("60.0", "1" + "0" * 400),
        "full/thesis.txt": "three years of work",
        "half/provenance.json": "no result of ours",
        "short/table_1_1.csv": "a,b\n",
        "short/table_1_2.csv": "",
        "folder/inside.txt": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "tables").mkdir()
    (folder / "binary.bin").write_bytes(bytes(range(256)) * 4)
    (folder / "utf16.toml").write_bytes(FACT.encode("utf-16"))
    (folder / "loop").symlink_to("loop")
    (folder / "link").symlink_to("nowhere")


@cache
def command(name: str) -> click.Command:
    """Return a command by its name."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@cache
def options(name: str) -> dict[str, click.Option]:
    """Return what a command takes, or those of a group, by the names of its options."""
    found = command(name)
    every = found.commands.values() if isinstance(found, click.Group) else (found,)
    taken = (p for each in every for p in each.params if isinstance(p, click.Option))
    return {word: option for option in taken for word in option.opts}


def value(draw: random.Random, option: click.Option) -> str:
    """Return something to put behind an option, more often of its kind than not."""
    metavar, kind = option.metavar or "", option.type.name
    pools = {
        "number": NUMBERS, "count": NUMBERS, "date": DATES, "schemes": SETS, "folder": FOLDERS,
        "PATH=VALUE": SETTINGS, "PATH=FACTOR": SETTINGS, "NAME=VALUE": PRICES, "ID=AMOUNT": PRICES,
        "FILE": FILES, "DIR": FOLDERS, "S": SETS, "X": NUMBERS, "N": NUMBERS,
    }  # fmt: skip
    fitting = pools.get(kind) or pools.get(metavar) or TEXTS
    known = getattr(option.type, "known", ())
    words: tuple[str, ...] = tuple(known() if callable(known) else known)
    pool: tuple[str, ...] = one_of(
        draw, [fitting, fitting, words or fitting, words or fitting, TEXTS, NUMBERS]
    )
    return one_of(draw, pool)


def misspelt(draw: random.Random, word: str) -> str:
    """Return a word with a letter too few, too many, or out of place."""
    if not word:
        return "x"
    i = draw.randrange(len(word))
    return one_of(
        draw,
        [word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:], word[:i] + "é" + word[i + 1 :],
         word[i:] + word[:i], word.upper(), word.swapcase(), word[: i + 1]],
    )  # fmt: skip


def mutated(draw: random.Random, words: Sequence[str]) -> list[str]:
    """Return a call with one thing wrong, odd or merely different."""
    new = list(words)
    i = draw.randrange(len(new))
    taken = options(words[0]) if words[0] in COMMANDS else options("run")
    kind = draw.randrange(12)
    if kind == 0:
        del new[i]
    elif kind == 1:
        new.insert(draw.randrange(len(new) + 1), new[i])
    elif kind == 2:
        j = draw.randrange(len(new))
        new[i], new[j] = new[j], new[i]
    elif kind == 3:
        new[i] = misspelt(draw, new[i])
    elif kind == 4:
        pool: tuple[tuple[str, ...], ...] = (NUMBERS, TEXTS, SETS, SETTINGS, FILES, tuple(COMMANDS))
        new[i] = one_of(draw, one_of(draw, pool))
    elif kind == 5:
        new.insert(draw.randrange(len(new) + 1), one_of(draw, TEXTS))
    elif kind == 6 and i + 1 < len(new) and new[i].startswith("--"):
        new[i : i + 2] = [f"{new[i]}={new[i + 1]}"]
    elif kind == 7:
        strange = options(one_of(draw, list(COMMANDS)))
        name = one_of(draw, list(strange))
        new += [name] if strange[name].is_flag else [name, value(draw, strange[name])]
    else:  # an option of its own, anew or in place of its value
        name = one_of(draw, list(taken) or ["--help"])
        flag = name not in taken or taken[name].is_flag
        if name in new[:-1] and draw.random() < 0.8 and not flag:
            new[new.index(name) + 1] = value(draw, taken[name])
        else:
            new += [name] if flag else [name, value(draw, taken[name])]
    return new or [""]


def tamed(words: Sequence[str]) -> list[str]:
    """Return a call that says the same and is cheap if it is accepted."""
    new = [w for word in words for w in _split(word)]
    for name in NOT_HERE:
        new = [word for word in new if not word.startswith(name)]
    asked = next((word for word in new if word in COMMANDS), None)
    if asked is None:
        return new or [""]
    known = options(asked)
    more = {"--workers": "1", **CHEAP.get(asked, {})}
    more |= {} if _at_rest(asked, new) else {"--years": "0.002"}
    most = dict(SMALL)
    if asked == "uncertainty" and _after("--sobol", new) == "0":
        more.pop("--factors", None)
    if asked == "rollout" and _after("--replications", new) not in (None, "0"):
        most |= BRIEF
        more |= {name: str(years) for name, years in BRIEF.items()}
    for i, (name, text) in enumerate(pairwise(new)):
        if name in most:
            new[i + 1] = _smaller(text, most[name], known.get(name))
    if asked in FEW_SCHEMES:
        new = [_fewer(word) for word in new]
    flowshop = "flowshop" in new
    taking = {name for name, option in known.items() if not option.is_flag}
    given = any(
        _ids(word)
        for before, word in pairwise(["", *new])
        if before not in taking or before in ("--schemes", "--players")
    )
    at = new.index(asked) + 1
    for name, text in more.items():
        alone = name in ("--schemes", "--players")
        if name in known and name not in new and not (alone and (given or flowshop)):
            new[at:at] = [name] if known[name].is_flag else [name, text]
    if asked == "page" and "--price" not in known:
        new.insert(at, "--nothing")
    return new


def _at_rest(asked: str, words: Sequence[str]) -> bool:
    """Whether a call asks for constant conditions, which take no length."""
    clock = _after("--clock", words) or "steady" * (asked == "money")
    if asked == "optimise" and _after("--replications", words) in (None, "0"):
        return True
    return clock == "steady" or (asked == "cube" and "--simulate" not in words)


def _after(option: str, words: Sequence[str]) -> str | None:
    """Return the last value of an option, or None."""
    return next((text for text, name in pairwise(words[::-1]) if name == option), None)


def _split(word: str) -> list[str]:
    name, equals, text = word.partition("=")
    return [name, text] if equals and name in SMALL else [word]


def _smaller(text: str, most: float, option: click.Option | None) -> str:
    try:
        number = float(text)
    except (ValueError, OverflowError):
        return text
    high = getattr(option.type, "high", None) if option is not None else None
    if most < number <= (MOST_REPLICATIONS if high is None else high):
        return f"{most:g}"
    return text


def _ids(word: str) -> tuple[str, ...]:
    if len(word) > 60:
        return ()
    try:
        return parse_schemes(word, cb.SCHEMES)
    except (ValueError, LookupError):
        return ()


def _fewer(word: str) -> str:
    return "F1,F2,F10" if len(_ids(word)) > 4 else word
