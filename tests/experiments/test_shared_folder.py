"""Folders of answers where others are, too: who stands in them, writes there, or was killed."""

import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from experiments.lessons.copies import copy_lessons
from experiments.output import files
from experiments.output.files import check_folder, whole_folder
from experiments.studies.plant_new import plant_new

UNPRIVILEGED = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere"
)


def put(folder: Path, *names: str) -> None:
    """Write an answer of such files."""
    with whole_folder(check_folder(folder)) as draft:
        for name in names:
            (draft / name).write_text(name)
        files.write_json(
            draft / files.PROVENANCE,
            {"program": "cleanerline", "files": [*names, files.PROVENANCE]},
        )


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_the_folder_that_a_shell_stands_in_stays_the_one_it_is(tmp_path: Path, monkeypatch):
    """Were it renamed, the shell would be left in one that is gone."""
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    plant_new(".")
    assert tmp_path.stat().st_ino == before
    assert "plant.toml" in names(Path())


def test_a_second_answer_takes_the_place_of_the_first_where_one_stands(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(Path(), "flows.csv", "old.png")
    put(Path(), "flows.csv", "new.png")
    assert names(Path()) == {"flows.csv", "new.png", files.PROVENANCE}


def test_a_folder_is_written_in_though_the_one_above_it_is_not_ours(tmp_path: Path, monkeypatch):
    """A teacher gives each student a folder in one that is the teacher's; a mount is alike."""
    folder = tmp_path / "anna"
    folder.mkdir()
    made = Path.mkdir

    def refused(path: Path, *args: Any, **options: Any) -> None:
        if path.parent == tmp_path:
            raise PermissionError(13, "Permission denied", str(path))
        made(path, *args, **options)

    monkeypatch.setattr(Path, "mkdir", refused)
    put(folder, "flows.csv")
    put(folder, "flows.csv")
    assert names(folder) == {"flows.csv", files.PROVENANCE}


@UNPRIVILEGED
def test_a_folder_that_may_not_be_written_in_is_refused_before_anything_runs(tmp_path: Path):
    folder = tmp_path / "shut"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(ValueError, match=r"--out: .* cannot be written: Permission denied"):
        check_folder(folder)


@pytest.mark.parametrize("old", [False, True])
def test_two_who_write_one_folder_at_once_leave_one_of_the_answers_whole(tmp_path: Path, old: bool):
    folder = tmp_path / "run"
    if old:
        put(folder, "old.csv")
    with whole_folder(check_folder(folder)) as slow:
        (slow / "slow.csv").write_text("slow")
        files.write_json(
            slow / files.PROVENANCE,
            {"program": "cleanerline", "files": ["slow.csv", files.PROVENANCE]},
        )
        put(folder, "quick.csv")
    assert names(folder) == {"slow.csv", files.PROVENANCE}
    assert names(tmp_path) == {"run"}


def test_of_two_who_begin_a_plant_in_one_folder_the_second_is_refused(tmp_path: Path, monkeypatch):
    folder = tmp_path / "shop"
    copied = files.sync

    def meanwhile(path: Path) -> None:
        monkeypatch.setattr(files, "sync", copied)
        folder.mkdir()
        (folder / "plant.toml").write_text("of somebody else")

    monkeypatch.setattr(files, "sync", meanwhile)
    with pytest.raises(ValueError, match=r"shop is not empty; choose an empty or a new folder"):
        plant_new(folder)
    assert (folder / "plant.toml").read_text() == "of somebody else"
    assert names(tmp_path) == {"shop"}


def test_lessons_appear_whole_or_not_at_all(tmp_path: Path, monkeypatch):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "sync", killed)
    with pytest.raises(KeyboardInterrupt):
        copy_lessons(tmp_path / "class")
    assert not names(tmp_path)


@pytest.mark.parametrize("place", [".", "run"])
def test_what_a_killed_attempt_has_left_is_taken_away_when_it_is_old(tmp_path: Path, place: str):
    folder = tmp_path / "run"
    put(folder, "flows.csv")
    at = (tmp_path / place).resolve()
    old, young = (at / f".{name}-0123456{i}" for i, name in enumerate(("run", "run")))
    for draft in (old, young):
        draft.mkdir()
        (draft / "flows.csv").write_text("half")
    os.utime(old, (0, 0))
    put(folder, "flows.csv")
    assert not old.exists()
    assert young.exists()  # whoever makes it may be at work


def test_a_folder_in_which_somebody_else_is_at_work_is_told(tmp_path: Path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")
    put(tmp_path / "run", "flows.csv")
    handle = os.open(tmp_path / "run", os.O_RDONLY)
    monkeypatch.setattr(files, "time", SimpleNamespace(sleep=lambda _: None, time=lambda: 1e9))
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(ValueError, match="run: another process is writing there just now"):
            put(tmp_path / "run", "flows.csv")
    finally:
        os.close(handle)


def test_a_disk_that_locks_no_folders_is_written_all_the_same(tmp_path: Path, monkeypatch):
    """A disk of the network says that the handle is bad: a lock takes a file open for writing."""
    fcntl = pytest.importorskip("fcntl")

    def none(*_: object) -> None:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(fcntl, "flock", none)
    put(tmp_path / "run", "flows.csv")
    put(tmp_path / "run", "flows.csv")
    with files.alone_in(tmp_path / "run"):
        pass


def test_an_answer_stays_whole_where_one_of_its_files_cannot_be_replaced(
    tmp_path: Path, monkeypatch
):
    """Excel holds the tables that it shows, on Windows."""
    folder = tmp_path / "run"
    put(folder, "a.csv", "flows.csv", "old.png")
    (folder / "a.csv").write_text("old")
    renamed = Path.rename

    def held(path: Path, target: Path) -> Path:
        if path == folder / "flows.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return renamed(path, target)

    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(PermissionError):
        put(folder, "a.csv", "flows.csv", "new.png")
    assert names(folder) == {"a.csv", "flows.csv", "old.png", files.PROVENANCE}
    assert (folder / "a.csv").read_text() == "old"


LINKS = pytest.mark.skipif(os.name == "nt", reason="links take rights on Windows")


@LINKS
def test_a_file_is_written_where_a_link_leads_and_the_link_stays(tmp_path: Path):
    """A teacher links the page to where a server reads it."""
    served, link = tmp_path / "served" / "page.html", tmp_path / "page.html"
    link.symlink_to(served)
    for content in (b"old", b"new"):
        files.write_whole(files.check_file(str(link), (".html",), "page.html"), content)
        assert served.read_bytes() == content
    assert link.is_symlink()


@LINKS
def test_a_link_to_itself_is_no_file_to_write(tmp_path: Path):
    loop = tmp_path / "page.html"
    loop.symlink_to(loop)
    with pytest.raises(ValueError, match=r"--out: .* cannot be written: "):
        files.check_file(str(loop), (".html",), "page.html")
