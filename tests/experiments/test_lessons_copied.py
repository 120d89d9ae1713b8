"""The notebooks reach whoever installed the package: `lessons DIR`."""

from pathlib import Path

import pytest

from experiments.lessons.copies import CLONE, HOME, copy_lessons, notebooks


def test_the_notebooks_of_one_language_are_copied_byte_by_byte(call, tmp_path: Path):
    result = call("lessons", str(tmp_path / "class"))
    assert result.exit_code == 0, result.output
    english = {file.name for name, file in notebooks().items() if not name.endswith("_zh")}
    copied = {file.name: file.read_bytes() for file in (tmp_path / "class").iterdir()}
    assert set(copied) == english
    assert all((CLONE / name).read_bytes() == content for name, content in copied.items())


def test_a_chinese_copy_holds_every_lesson_and_chinese_alone(tmp_path: Path):
    found = copy_lessons(tmp_path / "zh", language="zh", instructor=True)
    english = {name for name in notebooks() if not name.endswith("_zh")}
    assert set(found.files) == {
        *(f"{name}_zh.ipynb" for name in english),
        *(f"instructor/{name}_zh.md" for name in english),
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lessons",), "DIR"),
        (("lessons", "full"), "is not empty"),
        (("lessons", "new", "--lang", "fr"), "no 'fr'"),
    ],
)
def test_a_wrong_copy_is_refused_with_a_message(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    result = call(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "new").exists()


def test_a_clone_keeps_the_notebooks_beside_the_packages():
    assert not HOME.exists()
    assert {file.parent for file in notebooks().values()} == {CLONE}
