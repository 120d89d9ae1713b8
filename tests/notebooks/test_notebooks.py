"""The lessons: what the files look like, what their checks say, and that they run.

A notebook is committed with its answers open. The instructor's page holds them, cell by cell, and
the tests put them in.
"""

import ast
import contextlib
import importlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.lessons import slides
from experiments.lessons.checking import (
    BadInput,
    Check,
    Mistake,
    Question,
    Words,
    WrongAnswer,
)
from experiments.lessons.laws_of_units import LAWS
from experiments.lessons.walk_through_audit import PLACES
from experiments.output.phrases import tell_picture
from plant_models.chlorobenzene.paper.finding import VERDICTS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
FILES = sorted(FOLDER.glob("*.ipynb"))
ENGLISH = [file for file in FILES if not file.stem.endswith("_zh")]
CHINESE = [file for file in FILES if file.stem.endswith("_zh")]
LONGEST_CELL = 10  # lines; more belongs in a module
DOORS = ("experiments", "experiments.lessons", "plant_models", "plant_models.chlorobenzene", "sim")
"""What a notebook may import of the house; all else may change without notice."""
SEEDS = range(1, 51)
NO_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def stems(files: list[Path]) -> list[str]:
    return [file.stem for file in files]


def each(files: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=stems(files))


def cells(file: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return read


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def code(file: Path) -> dict[str, str]:
    return {cell["id"]: source(cell) for cell in cells(file) if cell["cell_type"] == "code"}


def page(file: Path) -> Path:
    return FOLDER / "instructor" / f"{file.stem}.md"


def answers(file: Path) -> dict[str, str]:
    """Return the cells of the instructor's page, by the id of the cell that they replace."""
    text = page(file).read_text(encoding="utf-8")
    return dict(re.findall(r"^### (answer-[\w-]+)\n.*?^```python\n(.*?)^```", text, re.M | re.S))


def solved(file: Path, seed: int = 1) -> dict[str, str]:
    """Return the code cells with the instructor's answers and a seed of one's own."""
    cells_now = code(file) | answers(file)
    return {
        name: re.sub(r"^SEED = \d+", f"SEED = {seed}", text, flags=re.M)
        for name, text in cells_now.items()
    }


def lesson(file: Path, seed: int = 1) -> Any:
    name = re.sub(r"^\d+_", "", file.stem.removesuffix("_zh"))
    return importlib.import_module(f"experiments.lessons.{name}").begin(seed)


@pytest.fixture(scope="module", params=ENGLISH, ids=stems(ENGLISH))
def taught(request: pytest.FixtureRequest) -> tuple[Path, Any]:
    """Return a notebook and its lesson, whose runs its tests share, in both languages."""
    return request.param, lesson(request.param)


def play(file: Path, seed: int) -> None:
    """Run the code of a solved notebook in this process; its prints are swallowed."""
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for name, text in solved(file, seed).items():
            if "plot" not in text:  # a picture checks nothing, and takes longer than the rest
                exec(compile(text, f"{file.stem}:{name}", "exec"), space)


def wrong_answers(question: Question) -> list[Any]:
    """Return an answer for every usual mistake, and one that no mistake leads to."""
    right = question.right
    word = "F99" if isinstance(right, str) and re.fullmatch(r"[A-Z]\d+", right) else "no such word"
    far = {float: 1e12, str: word, tuple: ("F99",), frozenset: ("F99",)}
    return [mistake.answer for mistake in question.mistakes] + [far[type(right)]]


@each(FILES)
def test_a_notebook_holds_no_output_and_nothing_of_its_last_editor(file: Path):
    text = file.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert notebook["metadata"] == NO_METADATA
    assert all(not cell["metadata"] for cell in notebook["cells"])
    runs = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in runs)
    assert text == json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.long
@each(FILES)
def test_a_notebook_is_valid(file: Path):
    import nbformat  # takes seconds

    notebook = nbformat.reads(file.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)


@each(FILES)
def test_the_cells_of_a_notebook_are_short_and_plain_python(file: Path):
    for name, text in code(file).items():
        ast.parse(text, name)
        assert len(text.splitlines()) <= LONGEST_CELL, name


@each(FILES)
def test_a_notebook_comes_in_by_the_public_doors_only(file: Path):
    """So do the answers; a name that stands in no ``__all__`` is refused as well."""
    for text in (*code(file).values(), *answers(file).values()):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                ours = {alias.name for alias in node.names if _is_ours(alias.name)}
                assert ours <= set(DOORS)
            elif isinstance(node, ast.ImportFrom) and _is_ours(node.module or ""):
                assert node.module in (*DOORS, *_lessons())
                public = getattr(importlib.import_module(node.module), "__all__", None)
                names = {alias.name for alias in node.names}
                assert public is None or names <= set(public)


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in {door.partition(".")[0] for door in DOORS}


def _lessons() -> list[str]:
    return [f"experiments.lessons.{file.stem}" for file in (ROOT / "experiments/lessons").iterdir()]


@each(FILES)
def test_a_notebook_ends_in_an_assertion_and_takes_a_seed_in_its_first_cell(file: Path):
    texts = list(code(file).values())
    assert "assert " in texts[-1]
    assert re.search(r"^SEED = \d+", texts[0], re.M)


@each(FILES)
def test_a_lesson_takes_at_most_50_minutes_by_its_own_headings(file: Path):
    text = "\n".join(source(cell) for cell in cells(file) if cell["cell_type"] == "markdown")
    minutes = re.findall(r"^## .*[(（](\d+) ?(?:minutes|分钟)[)）]", text, re.M)
    assert 0 < sum(map(int, minutes)) <= 50


@each(FILES)
def test_the_instructors_page_answers_every_open_cell_and_no_other(file: Path):
    open_cells = [name for name, text in code(file).items() if name.startswith("answer-")]
    assert sorted(answers(file)) == sorted(open_cells)
    assert all("answer = ..." in code(file)[name] for name in open_cells)
    text = page(file).read_text(encoding="utf-8")
    assert "## Usual mistakes" in text or "## 常见错误" in text


@each(ENGLISH)
@pytest.mark.parametrize("seed", ["7", -1, 1.5, True, None])
def test_a_seed_that_is_no_whole_number_is_told_in_one_message(file: Path, seed: Any):
    with pytest.raises(BadInput, match=r"SEED: expected a whole number from 0 on") as told:
        lesson(file, seed)
    assert str(told.value).endswith(f"came {seed!r}")


@each(FILES)
def test_a_lesson_has_two_pictures_at_least_and_asks_what_is_expected(file: Path):
    assert sum(".plot" in text for text in code(file).values()) >= 2
    texts = [source(cell) for cell in cells(file) if cell["cell_type"] == "markdown"]
    assert any("what would you expect, and why" in t or "为什么" in t for t in texts)


@each(ENGLISH)
def test_bars_of_a_lesson_say_what_they_count_and_begin_at_nothing(file: Path):
    """On a logarithmic scale the length of a bar says nothing."""
    for name, text in code(file).items():
        for kind, axis in ((".plot.bar(", "ylabel="), (".plot.barh(", "xlabel=")):
            assert kind not in text or axis in text, name
        assert not re.search(r"\blog[xy]\b", text), name


@each(ENGLISH)
def test_a_picture_that_a_question_claims_is_one_of_its_notebook(file: Path):
    drawn = {name for name, text in code(file).items() if ".plot" in text}
    assert set(lesson(file).pictured) <= drawn


@each(ENGLISH)
def test_every_question_of_a_lesson_is_asked_in_its_notebook(file: Path):
    asked = re.findall(r'check(?:\.predict)?\("(\w+)"', "\n".join(code(file).values()))
    assert set(asked) == set(lesson(file).check.names)


@each(CHINESE)
def test_a_chinese_notebook_is_the_english_one_cell_by_cell(file: Path):
    english = FOLDER / f"{file.stem.removesuffix('_zh')}.ipynb"
    assert [c["id"] for c in cells(file)] == [c["id"] for c in cells(english)]
    assert [c["cell_type"] for c in cells(file)] == [c["cell_type"] for c in cells(english)]
    spoken = {name: in_english(text) for name, text in code(file).items()}
    assert spoken == code(english)
    assert spoken != code(file), "it speaks English"


SPOKEN = {
    "check.chinese": "check",
    'diary(lang="zh")': "diary()",
    "泄漏在下列之一": "The leak is in one of",
}
"""What a Chinese notebook says, as the English one says it."""


def in_english(text: str) -> str:
    shown = re.sub(r"check\.tell\((.*)\)", r"\1", text, flags=re.S)
    for chinese, english in SPOKEN.items():
        shown = shown.replace(chinese, english)
    return shown


@each(CHINESE)
def test_a_chinese_instructors_page_has_the_answers_of_the_english_one(file: Path):
    english = FOLDER / f"{file.stem.removesuffix('_zh')}.ipynb"
    assert answers(file) == answers(english)
    prose = re.sub(r"^### .*|```python.*?```", "", page(file).read_text("utf-8"), flags=re.M | re.S)
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in prose.split("\n\n") if text.strip())


@each(CHINESE)
def test_every_text_of_a_chinese_notebook_is_chinese(file: Path):
    texts = [source(cell) for cell in cells(file) if cell["cell_type"] == "markdown"]
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in texts)


@each(CHINESE)
def test_every_picture_of_a_chinese_notebook_is_put_into_chinese(file: Path):
    drawn = [text for text in code(file).values() if ".plot" in text]
    assert drawn
    assert [text for text in drawn if "check.tell(" not in text] == []


@pytest.mark.usefixtures("a_chinese_font")
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_picture_is_told_as_a_text_is_in_the_language_of_the_questions():
    ax = Figure().add_subplot(xlabel="benzene, t/yr")
    assert Check({}).tell(ax) is ax
    assert ax.get_xlabel() == "benzene, t/yr"
    Check({}).chinese.tell(ax)
    assert ax.get_xlabel() == "苯，吨/年"


def test_a_plant_of_the_lessons_own_keeps_its_names_in_chinese(
    capsys: pytest.CaptureFixture[str],
):
    """Its customers were \u5ba2\u6237, and its dryer one of benzene, in a works that makes salt."""
    check = Check({}, own_words={"dryer": "dryer", "customers": "customers"}).chinese
    ax = Figure().add_subplot(xlabel="customers", ylabel="dryer")
    check.tell(ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("customers", "dryer")
    check.tell("dryer")
    assert capsys.readouterr().out.strip() == "dryer"
    works = lesson(FOLDER / "13_audit_a_folder_zh.ipynb")
    assert works.check.own_words["customers"] == "customers"


def test_an_answer_that_is_none_is_told_in_a_line():
    check = Check({"half": lambda: Question(Words("1/2"), 0.5, Words("divide"))})
    for answer in ("0,5" * 1000, Figure(), (0, 5)):
        with pytest.raises(WrongAnswer, match=r"^half: expected a number as in 12\.5") as told:
            check("half", answer)
        assert len(str(told.value)) < 150


GLOSSED = {
    "01_walk_through_audit": (*PLACES, "gap", "leak", "readings"),
    "02_rank_the_losses": (*PLACES, "caustic", "waste"),
    "03_why_free_schemes_existed": ("parameter", "before", "after", "evidence", "per cent"),
    "04_do_schemes_add_up": ("alone", "last-in", "in order", "scaled", "Shapley"),
    "05_source_or_end_of_pipe": ("source", "devices", "devices that never fail", "upkeep"),
    "06_finance_it_yourself": ("investment", "net income", "payback, yr", "ordered", "works"),
    "07_with_and_without_review": ("half-life, d", "habit", "no review", "full force"),
    "09_is_it_noise": ("without", "same", "other", "half width", "in the by-product"),
    "10_audit_the_paper": (*VERDICTS, "income", "cost", "net"),
    "11_a_unit_of_your_own": (*LAWS,),
    "12_the_worst_ten_hours": ("beyond", "highest", "cause", "out of order"),
    "13_audit_a_folder": ("error", "what", "size", "likelihood", "salt in it"),
}
"""Words of tables, which are names in code, by the lesson whose text says what they mean."""


@pytest.mark.parametrize("stem", GLOSSED)
def test_a_chinese_lesson_says_what_the_words_of_its_tables_mean(stem: str):
    found = cells(FOLDER / f"{stem}_zh.ipynb")
    text = "".join(source(cell) for cell in found if cell["cell_type"] == "markdown")
    assert [
        word for word in GLOSSED[stem] if not re.search(rf"\*{re.escape(word)}\*[：（]", text)
    ] == []


def test_a_page_of_the_project_that_a_lesson_names_is_there_with_its_part():
    named = re.compile(r"([\w/]+\.md)(?:(?:, | \u7684 )\*(.+?)\*)?")
    found = [
        (ROOT / page, part)
        for file in (*FOLDER.glob("*.ipynb"), *FOLDER.glob("instructor/*.md"))
        for page, part in named.findall(re.sub(r"\(\S+\)", "", file.read_text(encoding="utf-8")))
    ]
    assert found
    for page, part in found:
        assert page.exists(), page
        assert not part or f"# {part}\n" in page.read_text(encoding="utf-8"), (page, part)


def test_every_lesson_is_there_in_chinese():
    assert [file.stem.removesuffix("_zh") for file in CHINESE] == [file.stem for file in ENGLISH]


@pytest.mark.long
def test_a_wrong_answer_gets_the_hint_for_its_mistake(taught: tuple[Path, Any]):
    check: Check = taught[1].check
    for name in check.names:
        question = check.question(name)
        assert question.asks.en, name
        for answer in wrong_answers(question):
            hint = question.hint_for(answer)
            with pytest.raises(WrongAnswer, match=re.escape(hint.en)):
                check(name, answer)


@pytest.mark.long
def test_hints_of_a_lesson_in_chinese_are_in_chinese_too(taught: tuple[Path, Any]):
    check: Check = taught[1].check
    for name in check.names:
        question = check.question(name)
        mistakes: list[Mistake] = list(question.mistakes)
        said = [question.asks, question.hint, *(mistake.hint for mistake in mistakes)]
        assert all(re.search(r"[\u4e00-\u9fff]", words.zh) for words in said), name


@pytest.mark.long
@pytest.mark.usefixtures("a_chinese_font")
@pytest.mark.filterwarnings("ignore:Glyph")
def test_every_word_of_a_chinese_picture_is_chinese(
    taught: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
):
    """But ids of schemes, and names of methods and of one's own plant, which lesson 13 has."""
    file, begun = taught
    left: list[str] = []

    def told(figure: Figure, language: str, own_words: Mapping[str, str]) -> bytes:
        tell_picture(figure, language, written=own_words)
        texts = [each.get_text() for each in figure.findobj(Text)]
        left.extend(each for each in texts if re.search("[A-Za-z]{2}", each))
        return b""

    monkeypatch.setattr(slides, "_png", told)
    monkeypatch.setattr(importlib.import_module(type(begun).__module__), "begin", lambda _: begun)
    slides.deck(file.with_stem(f"{file.stem}_zh"), "zh")
    assert file.stem.startswith("13") or set(left) <= {"Shapley"}


@each(ENGLISH)
@pytest.mark.soak
def test_the_instructors_answers_pass_for_50_seeds_and_the_effect_is_there(file: Path):
    for seed in SEEDS:
        play(file, seed)


@pytest.fixture(scope="module")
def jupyter() -> Iterator[Any]:
    """Return a client of a kernel in which notebooks run one after the other."""
    with kernel() as client:
        yield client


@each(ENGLISH)
@pytest.mark.long
def test_a_notebook_executes_with_the_instructors_answers_and_as_it_is_in_both_languages(
    jupyter: Any, file: Path
):
    """In a kernel as Jupyter starts it, which has forgotten the names of the notebook before.

    With its answers open it begins anew, in a kernel that has not forgotten its runs: the same
    number has the same.
    """
    try:
        execute(jupyter, file, solved(file), KEEP_RUNS)
        for left_open in (file, file.with_stem(f"{file.stem}_zh")):
            execute(jupyter, left_open, {})
    finally:
        run_cells(jupyter, [code_cell(FORGET_RUNS)])


KEEP_RUNS = """
from experiments.lessons.checking import SeededLesson
def begun(self, before=lesson):
    assert self.seed == before.seed
    vars(self).update((name, of) for name, of in vars(before).items() if name != "check")
SeededLesson.usual, SeededLesson.__post_init__ = SeededLesson.__post_init__, begun
"""
FORGET_RUNS = """
from experiments.lessons.checking import SeededLesson
if hasattr(SeededLesson, "usual"):
    SeededLesson.__post_init__ = SeededLesson.usual
"""


@pytest.mark.long
def test_a_kernel_forgets_names_and_tells_what_fails():
    from nbclient.exceptions import CellExecutionError

    with kernel() as client:
        run_cells(client, [code_cell("left = 1"), code_cell("assert left == 1")])
        with pytest.raises(CellExecutionError, match="NameError"):
            run_cells(client, [code_cell("left")])


def code_cell(text: str) -> Any:
    import nbformat

    return nbformat.v4.new_code_cell(text)


@contextlib.contextmanager
def kernel() -> Iterator[Any]:
    """Give a client of a kernel as Jupyter starts it, in the root of the project."""
    import nbformat
    from nbclient import NotebookClient

    client = NotebookClient(nbformat.v4.new_notebook(), timeout=600, kernel_name="python3")
    with client.setup_kernel(cwd=str(ROOT)):
        yield client


def execute(client: Any, file: Path, replaced: dict[str, str], *more: str) -> None:
    """Execute a notebook, and more cells behind it; what fails in it is raised."""
    import nbformat

    cells_now = nbformat.read(file, as_version=4).cells
    for cell in cells_now:
        cell.source = replaced.get(cell.id, cell.source)
    run_cells(client, [*cells_now, *map(code_cell, more)])


def run_cells(client: Any, some: list[Any]) -> None:
    """Run cells one after the other, in a kernel that has forgotten all names."""
    import nbformat

    client.nb = nbformat.v4.new_notebook(cells=[code_cell("%reset -f"), *some])
    client.reset_execution_trackers()
    for index, cell in enumerate(client.nb.cells):
        client.execute_cell(cell, index)


@cache
def begun(lesson: str) -> Any:
    """Return a lesson as student 1 begins it."""
    return importlib.import_module(f"experiments.lessons.{lesson}").begin(1)


@pytest.mark.parametrize(
    ("lesson", "asked", "unit"),
    [
        ("meet_the_plant", "ways_out", "benzene, t/yr"),
        ("meet_the_plant", "stops", "h"),
        pytest.param(
            *("why_free_schemes_existed", "items", "10\N{SUPERSCRIPT FOUR} RMB/yr"),
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_list_that_no_sentence_gives_a_unit_names_its_own(lesson: str, asked: str, unit: str):
    """Below tonnes a year there stood kg."""
    found = getattr(begun(lesson), asked)()
    assert found.name == unit
