"""A command: its options are read and its designs built once, its answer printed and kept.

A command names what it takes by the options of `experiments.door.options` and calls the study of
the same name. It computes nothing: it returns the study's answer, and `Command` prints it, as text
or as JSON, and writes the folder that ``--out`` names.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.door.faults import INPUT, Fault, is_slip, told
from experiments.door.types import OfPlant, Word, called
from plant_models import plant_named
from plant_models.languages import LANGUAGES, SPOKEN

if TYPE_CHECKING:
    from experiments.output.answer import Answer
    from plant_models.model import PlantModel, Variant
    from sim.model.facts import Design, Touched
    from sim.model.schemes import Scheme

FAULTS = "cleanerline.faults"  # in the context: what is wrong with the input so far
GROUND = ("plant", "settings", "scales", "design", "schemes_file", "catalogue")


def speak(args: Sequence[str] | None) -> None:
    """Say what is said from now on in the language that a command is asked for in."""
    words = list(sys.argv[1:] if args is None else args)
    given = [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    given += [then for word, then in pairwise(words) if word == "--lang"]
    SPOKEN.set(next((word for word in given if word in LANGUAGES), LANGUAGES[0]))


def spoken() -> str:
    """Return the language that the command was asked for in."""
    return SPOKEN.get()


def say(text: str, kind: str = "") -> None:
    """Print on the error stream; ``kind``, such as "error" or "note", stands before it."""
    message = f"{kind}: {text}" if kind else text
    if spoken() != "en":
        from experiments.door.aside import beside  # it has a book to read

        message = beside(text, kind)
    beside_it(message)


def beside_it(text: str) -> None:
    """Print on the error stream; what cannot be told there is no reason to break off."""
    with suppress(OSError):
        click.echo(text, err=True)


@dataclass(frozen=True)
class Ground:
    """What designs are put on: a plant, its design before any scheme, its catalogue."""

    plant: PlantModel[Any, Any]
    design: Design[Any]
    known: Mapping[str, Scheme]

    def variant(self, text: str) -> Variant[Any]:
        """Return a set of schemes as a design; it is wired, so that nothing fails later."""
        built = self.plant.variant(text, design=self.design, known=self.known)
        try:
            built.network  # noqa: B018  # refuses what does not fit together
        except ArithmeticError as fault:
            raise ValueError(f"the {self.plant.name} with {text}: {fault}") from fault
        return built


class Spoken(click.Command):
    """A command, or a group of them, whose help is in the language that is spoken."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was written; note what is written twice, of which the last alone would stay."""
        _, _, read = self.make_parser(ctx).parse_args(args=[*args])
        faults = ctx.meta.setdefault(FAULTS, [])
        for param, times in Counter(read).items():
            if times > 1 and isinstance(param, click.Option) and _of_one(param):
                faults.append(ValueError(_too_often(param, times)))
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """Return what ``--help`` says."""
        if spoken() == "en":
            return super().get_help(ctx)
        from experiments.door.manual import Manual  # it has a book to read

        manual = Manual(width=ctx.terminal_width, max_width=ctx.max_content_width)
        self.format_help(ctx, manual)
        return manual.getvalue().rstrip("\n")

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return what a list of commands says; only English is cut to the width of a line."""
        return super().get_short_help_str(limit if spoken() == "en" else 1000)


LISTS = {"S": "F1,F2", "IDS": "F1,F2", "NAMES": "a,b", "X,Y,...": "15,20", "A,B,...": "F5,F7"}
"""What an option of several may be written as, by what the help calls it."""


def _of_one(option: click.Option) -> bool:
    """Whether the last of what is given would be taken alone, and others be lost."""
    return not (option.multiple or option.is_flag or option.count)


def _too_often(option: click.Option, times: int) -> str:
    """Return what is wrong with an option that is given more than once."""
    several = LISTS.get(option.metavar or "")
    hint = f"; of several, write {several}" if several else ""
    return f"{called(option)}: expected once, came {times} times{hint}"


SPEAKS = ("told_in", "lang", "language")
"""What commands call the language they are asked for in."""


def _speak_everywhere(ctx: click.Context, param: click.Parameter, word: str | None) -> None:
    """Let the commands of a group speak what the group is asked to speak."""
    assert isinstance(ctx.command, click.Group)
    if word is not None:
        of = dict.fromkeys(SPEAKS, word)
        ctx.default_map = of | dict.fromkeys(ctx.command.list_commands(ctx), of)


class Group(Spoken, click.Group):
    """A group of commands; its ``--lang`` holds for all of them."""

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.params.append(
            click.Option(
                ["--lang", SPEAKS[0]], metavar="WORD", type=Word(LANGUAGES), expose_value=False,
                callback=_speak_everywhere, help="Language of all that is printed: en or zh.",
            )
        )  # fmt: skip


class _Collecting(click.Parameter):
    """A parameter whose fault is noted, so that all are told together."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return what the value says, or the default after a fault."""
        try:
            return super().process_value(ctx, value)
        except click.MissingParameter:
            raise
        except (click.BadParameter, *INPUT) as fault:
            if is_slip(fault):
                raise
            ctx.meta.setdefault(FAULTS, []).append(fault)
            return None


ALIKE = {
    "investments": "--invest", "prices": "--price", "lesson": "--lesson", "excel": "--excel",
    "plant": "--plant", "folder": "DIR",
}  # fmt: skip
"""Options by the argument of a study, where it has another name."""
MANY = re.compile(r"\d+ faults in (the command|what is asked at constant conditions):")
BESIDE = re.compile(r"\b(go(?:es)? with|without|need|no less than) ([a-z_]+)")


def as_typed(text: str, options: Mapping[str, str]) -> str:
    """Return a message that calls arguments as they are typed: ``by`` is ``--by``."""
    first, *others = text.split("\n")
    if MANY.fullmatch(first):
        return "\n".join([first, *(_typed(line, options) for line in others)])
    return "\n".join([_typed(first, options), *others])


def _typed(line: str, options: Mapping[str, str]) -> str:
    """Return a line that begins with arguments and a colon, as ``fit and design: ...`` does."""
    mark = "  - " if line.startswith("  - ") else ""
    about, colon, said = line.removeprefix(mark).partition(": ")
    names = about.split(" and ")
    if not colon or not all(name in options for name in names):
        return line
    called_so = " and ".join(options[name] for name in names)
    beside = BESIDE.sub(lambda met: f"{met[1]} {options.get(met[2], met[2])}", said)
    return f"{mark}{called_so}: {beside}"


Settle = Callable[[dict[str, Any], Ground], None]


class Option(_Collecting, click.Option):
    """An option of a `Command`.

    ``settle``: reads what can be read only when the plant is known, such as prices: it changes what
    is given, on a `Ground`.
    """

    def __init__(
        self,
        *args: Any,
        settle: Settle | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(*args, **extra)
        self.settle = settle


class Argument(_Collecting, click.Argument):
    """An argument of a `Command`."""


class Command(Spoken):
    """A command whose faults are all told at once, and whose answer is told and kept.

    ``records``: whether its study takes ``record``: traces are kept when a folder is written.
    """

    def __init__(self, *args: Any, records: bool = False, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.records = records

    def invoke(self, ctx: click.Context) -> Any:
        """Build the designs, run the study, and tell its answer; return the exit code."""
        with self._as_typed():
            return self._answered(ctx)

    def _answered(self, ctx: click.Context) -> Any:
        """Return what `invoke` does, whose faults call arguments as the study does."""
        given, faults = ctx.params, ctx.meta.setdefault(FAULTS, [])
        if "plant" in given:
            self._build(given, faults)
        out, as_json = given.pop("out", None), given.pop("as_json", False)
        excel, language = given.pop("excel", False), given.pop("told_in", "en")
        if excel and out is None and not faults:
            faults.append(ValueError("--excel: goes with --out, which is not given"))
        if faults:
            raise Fault(told(faults))
        if self.records:
            given["record"] = out is not None
        from experiments.output.answer import Answer

        answer = super().invoke(ctx)
        if not isinstance(answer, Answer):
            return answer
        return tell(answer, out, as_json, excel, language)

    @contextmanager
    def _as_typed(self) -> Iterator[None]:
        """Call an argument that a study refuses as it is typed: ``by`` is ``--by``."""
        try:
            yield
        except (Fault, ValueError, LookupError, TypeError) as fault:
            if is_slip(fault):
                raise
            own = [each for each in self.params if isinstance(each, Option)]
            names = {each.name or "": called(each) for each in own} | ALIKE
            if any(each.name == "folder" for each in self.params):  # which is the plant
                names["plant"] = ALIKE["folder"]
            raise Fault(as_typed(str(fault), names)) from fault

    def _build(self, given: dict[str, Any], faults: list[Exception]) -> None:
        """Put the ground and the designs on it in place of what was written."""
        words = {name: given.pop(name, None) for name in GROUND}
        option = given.pop("schemes_option", None)
        if option is not None and given.get("schemes") is not None:
            faults.append(ValueError("--schemes: the schemes are given as an argument, too"))
        elif option is not None:
            given["schemes"] = option
        ground = _ground(words, faults)
        for param in self.params:
            kind = param.type
            if not isinstance(kind, OfPlant) or param.name not in given:
                continue
            written = given[param.name]
            if written is None:
                written = kind.otherwise
            if written is None:
                continue
            many = isinstance(written, tuple)
            built = [
                _noted(faults, partial(kind.build, called(param), text, ground))
                for text in (written if many else (written,))
            ]
            given[param.name] = tuple(built) if many else built[0]
        for param in self.params:
            if isinstance(param, Option) and param.settle is not None:
                _noted(faults, partial(param.settle, given, ground))
        if given.get("workers") is not None and given.get("scheduler") is not None:
            faults.append(
                ValueError("--workers: goes without --scheduler, whose workers do the work")
            )
        set_here = [*(words["settings"] or ()), *(words["scales"] or ())]
        _say_overruled(set_here, list(given.values()))
        given["on"] = ground


def _say_overruled(set_here: Sequence[str], given: Sequence[Any]) -> None:
    """Say of which parameters that are set every design has what its schemes set instead."""
    from plant_models.model import Variant

    every = [each for value in given for each in (value if isinstance(value, tuple) else (value,))]
    designs = [each for each in every if isinstance(each, Variant)]
    for text in set_here if designs else ():
        path = text.partition("=")[0].strip()
        setting = [_setting(path, of) for of in designs]
        if all(setting):
            who = ", ".join(dict.fromkeys(scheme for some in setting for scheme in some))
            say(f"{path}: {who} sets it, so what is given for it changes nothing", "note")


def _setting(path: str, of: Variant[Any]) -> list[str]:
    """Return the schemes of a design that set a parameter, whatever it was before."""
    return [
        name
        for name in of.schemes
        if any(patch.path == path and patch.op == "set" for patch in of.known[name].patches)
    ]


def _noted(faults: list[Exception], read: Callable[[], Any]) -> Any:
    """Return what was read, or note why it cannot be."""
    try:
        return read()
    except INPUT as fault:
        if is_slip(fault):
            raise
        faults.append(fault)
        return None


def _ground(words: Mapping[str, Any], faults: list[Exception]) -> Ground:
    """Return the ground that options describe; after a fault, the plant's own.

    Without a plant, or its schemes, nothing else can be judged: then what is wrong so far is raised
    at once.
    """
    from sim.model.facts import touched

    model = _noted(faults, lambda: plant_named(words["plant"]))
    if model is None:
        raise Fault(told(faults))
    settings, scales = words.get("settings") or (), words.get("scales") or ()
    own = _noted(faults, lambda: model.own_design(words.get("design"), settings, scales=scales))
    file, catalogue = words.get("schemes_file"), words.get("catalogue") or ""
    known = _noted(faults, lambda: model.own_schemes(file, design=own, catalogue=catalogue))
    if known is None:
        raise Fault(told(faults))
    written = "".join(text.partition("=")[0] for text in (*settings, *scales))
    if own is not None and set("*?[") & set(written):
        _say_touched(touched(model.own_design(words.get("design")), own))
    return Ground(model, own or model.baseline(), known)


def _say_touched(moved: Sequence[Touched]) -> None:
    """Say which parameters patterns have moved, apart from what the command prints."""
    said = {0: "no parameter changes", 1: "1 parameter changes:"}
    say(said.get(len(moved), f"{len(moved)} parameters change:"), "note")
    for each in moved:
        beside_it(f"  {each.path} {_short(each.before)} -> {_short(each.after)} {each.unit}")


def _short(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def tell(
    answer: Answer,
    out: Path | None,
    as_json: bool,
    excel: bool,
    language: str = "en",
) -> int:
    """Print an answer, keep it, and return the exit code."""
    from experiments.output.files import command_of

    gone = ""
    if out is not None:
        gone = command_of(out)
        with noted():
            answer.save(out, excel=excel, language=language)
        gone = "" if gone == command_of(out) else gone
    if as_json:
        click.echo(json.dumps(answer.as_json(), indent=2, allow_nan=False))
    else:
        click.echo(_in_language(answer, language))
    if answer.failures:
        say("\n".join(answer.failures))
    if out is not None:
        say(f"written to {out}" + f"; what {gone} had written there is gone" * bool(gone))
    return 1 if answer.failures else 0


def _in_language(answer: Answer, language: str) -> str:
    if language == "en":
        return answer.report()
    from experiments.output.phrases import told as in_words  # the book is read when it is asked for

    return in_words(answer.report, language, answer.written)


@contextmanager
def noted() -> Iterator[None]:
    """Tell warnings as notes, each once: a font for Chinese is missing."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
    for message in dict.fromkeys(str(warning.message) for warning in said):
        say(message, "note")
