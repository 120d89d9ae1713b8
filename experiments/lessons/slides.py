"""Slides of a lesson: its pictures, each behind the question that it answers, in one HTML file.

The notebook is run with its answers open, so a deck shows what a class is going to see and tells
no answer. It opens from a disk in any browser: arrows or a click lead on, Print gives a handout.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lessons.checking import Words
from experiments.output.phrases import book, tell_picture
from experiments.output.pictures import save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHY = Words("What would you expect, and why?", "你预计会怎样，为什么？")
CHOICES = re.compile(r"([a-z][a-z -]+[a-z](?:, [a-z][a-z -]+[a-z])+) ?")
"""Words to choose from, which an answer has in English."""
LOOK: Any = {
    "figure.figsize": (12.0, 6.0),
    "font.size": 14.0,
    "legend.fontsize": 10.0,
    "figure.constrained_layout.use": True,
}
"""Pictures that are read from the last row."""


@dataclass(frozen=True)
class Slide:
    """A picture with its question, or a text alone."""

    above: str  #: Part of the lesson
    heading: str
    text: str = ""
    picture: bytes = b""  #: PNG


def deck(notebook: Path, language: str) -> str:
    """Return the slides of a lesson as HTML.

    Parameters
    ----------
    notebook : path
        Of a lesson, in that language.
    language : str
        ``en`` or ``zh``.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    shown = list(_slides(cells, language))
    page = (files("experiments.lessons") / "slides.html").read_text(encoding="utf-8")
    given = {
        "language": {"zh": "zh-CN"}.get(language, language),
        "title": escape(shown[0].heading),
        "slides": "\n".join(map(_section, shown)),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: given[place[1]], page)


def _slides(cells: list[Mapping[str, Any]], language: str) -> Iterator[Slide]:
    texts = {each["id"]: "".join(each["source"]) for each in cells if _is_text(each)}
    title, _, about = texts["title"].partition("\n")
    title = title.removeprefix("# ")
    said = [part for part in _paragraphs(about)[1:] if "answer = ..." not in part]
    yield Slide("", title, "\n\n".join(said))
    space, part = dict[str, Any](), title
    for at, cell in enumerate(cells):
        source = "".join(cell["source"])
        if _is_text(cell):
            part = _heading(source) or part
            continue
        picture = _run(source, space)
        if picture is not None:
            name = space["lesson"].pictured.get(cell["id"]) or _asked(cells, at)
            asked, more = _question(space["check"].question(name).asks.told(language), language)
            below = f"{more}\n\n{WHY.told(language)}".strip()
            yield Slide(part, asked, below, _png(picture, language, space["check"].own_words))
    last = _paragraphs(texts["effect-text"])
    yield Slide("", title, re.sub(r" ?(The cell below|下面的单元格|全部答案填好).*", "", last[0]))


def _is_text(cell: Mapping[str, Any]) -> bool:
    return bool(cell["cell_type"] == "markdown")


def _heading(text: str) -> str:
    """Return the heading of a part of the lesson, without its minutes."""
    found = re.match(r"## (.*?) ?[(（]\d+", text)
    return found[1] if found else ""


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _asked(cells: list[Mapping[str, Any]], at: int) -> str:
    """Return the question that a picture belongs to if none claims it: the next, or the last."""
    ask = re.compile(r'check(?:\.predict)?\("(\w+)"')
    after = ask.search("\n".join("".join(c["source"]) for c in cells[at:] if not _is_text(c)))
    before = ask.findall("\n".join("".join(c["source"]) for c in cells[:at] if not _is_text(c)))
    return after[1] if after else before[-1]


def _question(asked: str, language: str) -> tuple[str, str]:
    """Return a question as a sentence, and what it says beyond, such as what to choose from.

    What one types into a notebook is told as the picture calls it.
    """
    if language != "en":
        known = book(language)
        asked = CHOICES.sub(lambda found: "、".join(map(known.name, found[1].split(", "))), asked)
    mark = re.search("[?？]", asked)
    end = mark.end() if mark else len(asked)
    sentence, more = asked[:end], asked[end:].strip()
    return sentence[:1].upper() + sentence[1:], more[:1].upper() + more[1:]


def _run(source: str, space: dict[str, Any]) -> Figure | None:
    """Run a cell as a notebook does; return the picture that it leaves, and begin the next anew."""
    from matplotlib import pyplot, rc_context

    with redirect_stdout(io.StringIO()), rc_context(LOOK):
        pyplot.switch_backend("agg")
        others = pyplot.get_fignums()  # of who calls, which stay as they are
        pyplot.figure()  # the clean sheet
        exec(compile(source, "lesson", "exec"), space)
    found = [pyplot.figure(each) for each in pyplot.get_fignums() if each not in others]
    for figure in found:
        pyplot.close(figure)
    drawn = [figure for figure in found if figure.axes]
    return drawn[-1] if drawn else None


def _png(picture: Figure, language: str, own_words: Mapping[str, str]) -> bytes:
    tell_picture(picture, language, written=own_words)
    file = io.BytesIO()
    save(picture, file)
    return file.getvalue()


def _section(slide: Slide) -> str:
    picture = ""
    if slide.picture:
        data = base64.b64encode(slide.picture).decode()
        picture = f'<img alt="{escape(slide.heading)}" src="data:image/png;base64,{data}">'
    paragraphs = "".join(map(_paragraph, _paragraphs(slide.text)))
    above = f'<p class="above">{escape(slide.above)}</p>' if slide.above else ""
    return f"<section>{above}<h1>{_inline(slide.heading)}</h1>{paragraphs}{picture}</section>"


def _paragraph(text: str) -> str:
    if text.startswith("- "):
        points = "".join(f"<li>{_inline(point)}</li>" for point in text[2:].split("\n- "))
        return f"<ul>{points}</ul>"
    return f"<p>{_inline(text)}</p>"


def _inline(text: str) -> str:
    """Return a line of Markdown as HTML: bold, slanted, code."""
    told = escape(" ".join(text.split()), quote=False)
    for mark, tag in ((r"\*\*", "b"), (r"\*", "i"), ("`", "code")):
        told = re.sub(f"{mark}(.+?){mark}", rf"<{tag}>\1</{tag}>", told)
    return told
