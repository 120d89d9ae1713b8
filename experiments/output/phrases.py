"""What commands print, in Chinese: a phrase book that knows what they say in English.

Studies say everything once, in English. The book holds names, which tables and pictures ask for
cell by cell before columns are measured, and sentences with open places, which may run over several
lines. What it does not know stays English; the tests find it.
"""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from experiments.page import texts
from plant_models.arguments import word
from plant_models.languages import LANGUAGES, words_of
from sim.tables import WIDTH, columns, told_by

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.model.schemes import Scheme

LONGEST = 14  # lines of one sentence
LABEL = 90  # columns of a title that has several lines
CLOSING = "，。、；：？！）”》%"  # no line begins with these
OPENING = "（“《"  # and none ends with these
JOINTS = {
    "; ": "；",
    ": ": "：",
    ", ": "、",
    " and ": "和",
    " + ": " + ",
    " <= ": " <= ",
    " >= ": " >= ",
}
"""What joins the parts of a cell, the loosest first, in English and in Chinese."""

TIED = "\N{NO-BREAK SPACE}%"
TABULAR = re.compile(r"\S {2,}\S")
PLACE = re.compile(r"\{(\w+)\}")
NUMBER = r"[-+~<>=]*[\d,.]+(?:e[-+]?\d+)?%?"
AMOUNT = re.compile(rf"({NUMBER}(?: \+- [\d,.e+-]+)?\*?) (\S.*)")
ROW = re.compile(rf"( *\S.*?) {{2,}}({NUMBER})")
COUNTED = re.compile(r" \w+?s\b")
PARTED = re.compile(r"([^\W\d]{2}-)\n\s*(?=\w)")
MARKED = re.compile(r"(.*?)([*?:]?)")


def _is_number(place: str) -> bool:
    return re.fullmatch(r"n\d*", place) is not None


def _of_one_or_many(said: str, *, counts: bool) -> str:
    """Return the pattern of words; behind a number, the noun may be that of one or of many."""
    noun = COUNTED.match(said) if counts else None
    if noun is None:
        return re.escape(said)
    return f"{re.escape(noun[0][:-1])}s?{re.escape(said[noun.end() :])}"


@dataclass(frozen=True)
class Phrase:
    """A sentence with open places, as it is said and as it is told."""

    said: str
    chinese: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a text must be.

        ``n`` is a number, ``scheme`` an id of the line, ``ident`` that of any plant, ``part`` the
        name of a part of a plant; in ``unit`` is no comma, in ``class`` no bracket.
        """
        parts = PLACE.split(self.said)
        return re.compile(
            "".join(
                _of_one_or_many(part, counts=_is_number(parts[i - 1]) if i else False)
                if i % 2 == 0
                else f"(?P<{part}>{NUMBER})" if _is_number(part)
                else f"(?P<{part}>[^,]+?)" if re.fullmatch(r"unit\d*", part)
                else f"(?P<{part}>[^()]+?)" if part == "class"
                else rf"(?P<{part}>[A-Z]\d+)" if re.fullmatch(r"scheme\d*", part)
                else rf"(?P<{part}>[a-z]\w*)" if part == "part"
                else rf"(?P<{part}>\w+)" if re.fullmatch(r"ident\d*", part)
                else f"(?P<{part}>.+?)"
                for i, part in enumerate(parts)
            )
        )  # fmt: skip

    @property
    def ends_open(self) -> bool:
        """Whether more words may belong to it."""
        return re.search(r"\{(?!n\d*\}|unit\d*\})\w+\}$", self.said) is not None

    def may_begin_row(self, alone: bool) -> bool:
        """Whether it may begin in a row of a table: with a number only if the row is all of it."""
        at_once = self.said.startswith("{scheme}") or not self.said.startswith("{")
        return at_once or (alone and self.said.startswith("{n"))


Phrases = tuple[Phrase, ...]


@dataclass(frozen=True)
class Book:
    """Names, and sentences with places in braces, such as n for a number (see `Phrase`)."""

    names: Mapping[str, str]
    cells: Phrases  #: Patterns that cells alone may fit
    says: Phrases
    labels: Mapping[str, str]  #: What a word means in a picture, where that is something else

    def name(self, text: str) -> str:
        """Return a cell of a table, or a label of a picture.

        >>> book("zh").name("  hydrogen chloride"), book("zh").name("12.5 t/yr")
        ('  氯化氢', '12.5 吨/年')
        """
        core = text.strip()
        margin = text[: len(text) - len(text.lstrip())]
        return margin + (self._known(core) or self._in_parts(core)) if core else text

    def label(self, text: str) -> str:
        """Return a label of a picture: a sentence over all its lines, or each line a name."""
        if "\n\n" in text:
            return "\n\n".join(map(self.label, text.split("\n\n")))
        whole = " ".join(text.split())
        told = self.labels.get(whole) or self.names.get(whole) or self._met(whole, self.says)[0]
        if told is not None:
            return "\n".join(wrapped(told, width=LABEL)) if "\n" in text else told
        return "\n".join(self.name(" ".join(line.split())) for line in text.split("\n"))

    def text(self, report: str) -> str:
        """Return a report: each sentence that the book knows, the others as they are."""
        lines, told, at = report.split("\n"), list[str](), 0
        while at < len(lines):
            said, taken = self._sentence(lines, at)
            told += said
            at += taken
        return "\n".join(told)

    def line(self, text: str) -> str:
        """Return a line that is a sentence."""
        return self._met(text, self.says)[0] or self.names.get(text, text)

    def _sentence(self, lines: list[str], at: int) -> tuple[list[str], int]:
        """Return the sentence that begins in a line, and how many lines it takes."""
        last = min(len(lines), at + LONGEST) if lines[at].strip() else at
        for stop in range(at + 1, last + 1):
            if stop > at + 1 and not _goes_on(lines[stop - 1]):
                break
            text = _joined(lines[at:stop])
            said, is_open = self.names.get(text), False
            if said is None:
                row = TABULAR.search(lines[at]) is not None
                fit = tuple(p for p in self.says if not row or p.may_begin_row(stop == at + 1))
                said, is_open = self._met(text, fit)
            if said is None or (is_open and stop < len(lines) and _hangs(lines[at], lines[stop])):
                continue
            rest = lines[at + 1] if stop > at + 1 else lines[at]
            return wrapped(said, _margin(lines[at]), _margin(rest)), stop - at
        return [self._row(lines[at])], 1

    def _row(self, line: str) -> str:
        """Return a name with a number behind it, as far to the right as it was."""
        met = ROW.fullmatch(line)
        if not met:
            return line
        said = self.name(met[1])
        return said + " " * max(2, columns(line) - len(met[2]) - columns(said)) + met[2]

    def _known(self, core: str) -> str | None:
        found = self.names.get(core)
        if found is None:
            plain, mark = MARKED.fullmatch(core).groups()  # type: ignore[union-attr]
            known = f"{self.names[plain]}{mark}" if plain in self.names else None
            found = known or self._met(core, self.says)[0] or self._met(core, self.cells)[0]
        return found

    def _met(self, text: str, phrases: Phrases) -> tuple[str | None, bool]:
        """Return what a text is by the first phrase that it fits, and whether that ends open."""
        for phrase in phrases:
            met = phrase.pattern.fullmatch(text)
            if met:
                given = {key: self.name(value) for key, value in met.groupdict().items()}
                return phrase.chinese.format(**given), phrase.ends_open
        return None, False

    def _in_parts(self, core: str) -> str:
        """Return a list, an amount with its unit, or a name with a note, part by part."""
        for mark, chinese in JOINTS.items():
            if mark in core:
                return chinese.join(self.name(part) for part in core.split(mark))
        amount = AMOUNT.fullmatch(core)
        if amount:
            return f"{amount[1]} {self.name(amount[2])}"
        head, _, last = core.rpartition(" ")
        if head in self.names and re.fullmatch(rf"{NUMBER}[!*]?|x .*", last):
            return f"{self.names[head]} {last}"
        return core


def told(say: Callable[[], str], language: str, written: Mapping[str, str] | None = None) -> str:
    """Return what ``say`` says in a language: an answer's report, or what prints it.

    ``written``: what somebody wrote into a plant's files, and what it is in that language.

    Raises LookupError: no such language; tells which there are.
    """
    word("lang", language, LANGUAGES)
    if language == "en":
        return say()
    known = _with(book(language), written)
    with told_by(known.name):
        return known.text(say())


def told_in_lines(text: str, language: str, written: Mapping[str, str] | None = None) -> str:
    """Return a page in a language, a sentence a line, as it wraps itself; `told` otherwise."""
    word("lang", language, LANGUAGES)
    if language == "en":
        return text
    known = _with(book(language), written)
    return "\n".join(known.line(line) for line in text.split("\n"))


def _with(known: Book, written: Mapping[str, str] | None) -> Book:
    """Return a book that also has what somebody wrote into a plant's files."""
    if not written:
        return known
    labels = {said: told for said, told in known.labels.items() if said not in written}
    return replace(known, names={**known.names, **written}, labels=labels)


@cache
def book(language: str) -> Book:
    """Return the phrase book of a language."""
    text = files("experiments.output") / f"phrases_{language}.toml"
    own = tomllib.loads(text.read_text(encoding="utf-8"))
    of_folders = {
        said.replace("{}", "{own}"): chinese.replace("{}", "{own}")
        for said, chinese in texts.plant_parameters_zh().items()
    }
    names = {**of_folders, **_names(language), **own["names"], **_beyond(own["says"])}
    own["says"] |= {said: told for said, told in of_folders.items() if "{" in said}
    cells, says = (
        tuple(Phrase(said, chinese) for said, chinese in own[kind].items())
        for kind in ("cells", "says")
    )
    return Book(names, cells, says, own["labels"])


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(lines: Iterable[str]) -> str:
    """Return lines as one; a word that was parted behind its hyphen is whole again."""
    return " ".join(PARTED.sub(r"\1", "\n".join(lines)).split())


def _goes_on(line: str) -> bool:
    """Return whether a line may be the next of a sentence: no blank one, no row of a table."""
    return bool(line.strip()) and not TABULAR.search(line)


def _hangs(first: str, then: str) -> bool:
    """Return whether a line after one that ends open belongs to it: indented with it, or deeper."""
    return _goes_on(then) and _margin(then) > 0 and _margin(then) >= _margin(first)


def _names(language: str) -> dict[str, str]:
    """Return what page, report and diary call things, by their keys and by their English names."""
    from plant_models.chlorobenzene import model

    names = dict(model.PLANT.auditing_words(language))
    for kind, named in texts.names().items():
        for key, each in named.items() if not kind.endswith("_about") else ():
            names |= {each["en"]: each[language], each["en"].lower(): each[language]}
            names |= {key: each[language], key.replace("_", " "): each[language]}
    for kind in ("media", "causes", "classes", "measures", "figures"):
        names |= words_of("experiments.audit", language).table[kind]
    diary = words_of("plant_models.chlorobenzene.run", language).table
    for kind in ("names", "states", "causes", "events", "late", "months"):
        names |= diary[kind]
        names |= {key.replace("_", " "): each for key, each in diary[kind].items()}
    names |= texts.reasons_zh()
    for catalogue in ("", *model.PLANT.catalogues):
        for scheme in model.PLANT.own_schemes(catalogue=catalogue).values():
            names |= _of_scheme(scheme, texts.schemes_zh().get(scheme.id, {}))
    return names | texts.parameters_zh()


def _of_scheme(scheme: Scheme, chinese: Mapping[str, Any]) -> dict[str, str]:
    """Return what a scheme says of itself: title, lever, the note of every patch."""
    names = {scheme.title: scheme.title_zh}
    if "lever" in chinese:
        names[scheme.lever] = chinese["lever"]
    for patch in scheme.patches:
        if patch.path in chinese.get("notes", {}):
            note = patch.note.rpartition(" now; ")[2]  # before it stands what calibration has done
            names[note] = chinese["notes"][patch.path]
    return names


def _beyond(says: Mapping[str, str]) -> dict[str, str]:
    """Return what lies beyond each set point, on both sides, as its card says it."""
    from plant_models.chlorobenzene.model import PLANT

    sides = ((at.below, at.above) for at in PLANT.operators(PLANT.baseline().tree).set_points)
    return {
        "; ".join(filter(None, both)): "；".join(says.get(side, side) for side in both if side)
        for both in sides
    }


def wrapped(text: str, first: int = 0, rest: int = 0, width: int = WIDTH) -> list[str]:
    """Return a text in lines of so many columns, of which a Chinese character takes two.

    >>> wrapped("恒定工况，一年。", width=8)
    ['恒定工', '况，一', '年。']
    """
    lines, line = list[str](), " " * first
    for piece in _pieces(text.replace(" %", TIED)):
        if columns((line + piece).rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line, piece = " " * rest, piece.lstrip()
        line += piece
    return [each.replace(TIED, " %") for each in (*lines, line.rstrip())]


def _pieces(text: str) -> Iterable[str]:
    """Yield what no line may end within: a word, or a character with what closes behind it."""
    piece = ""
    for sign in text:
        wide = columns(sign) == 2
        held = sign in CLOSING or piece[-1:] in (*OPENING,)
        if piece and not held and (wide or columns(piece[-1]) == 2 or sign == " "):
            yield piece
            piece = ""
        piece += sign
    yield piece


def tell_picture(
    figure: Figure,
    language: str,
    installed: Collection[str] | None = None,
    written: Mapping[str, str] | None = None,
) -> None:
    """Put the texts of a picture into a language; without a font they stay English, with a warning.

    ``installed``: fonts to choose from; those of this machine by default. ``written``: see `told`.
    """
    if language == "en":
        return
    from matplotlib.text import Text

    from plant_models.chlorobenzene.figures.titles import NO_FONT, chinese_font

    font = chinese_font(installed)
    if font is None:
        warnings.warn(NO_FONT, stacklevel=2)
        return
    known = _with(book(language), written)
    figure.draw_without_rendering()  # ticks have their labels from then on
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        names = [each.get_text() for each in axis.get_ticklabels()]
        chinese = [known.label(each) for each in names]
        if chinese != names:  # they are written anew whenever the picture is drawn
            axis.set_ticks(axis.get_majorticklocs(), chinese)
    for each in figure.findobj(Text):
        assert isinstance(each, Text)
        each.set_text(known.label(each.get_text()))
        if not each.get_text().isascii():
            each.set_fontfamily([*each.get_fontfamily(), font])
