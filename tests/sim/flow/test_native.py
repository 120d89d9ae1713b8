"""What is compiled beside what: the intervals by another process, where nothing is kept yet."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

import pytest
from numba import config, types
from numba.core.caching import IndexDataCacheFile
from numba.core.compiler import Flags

from sim.flow import board, course, mixing, native
from sim.flow.inner import Options


@pytest.fixture
def started(monkeypatch):
    """What would be started; whether numba has kept anything is the test's to say."""
    calls = []

    class Process:
        def __init__(self, command, **options):
            calls.append((command, options))

    monkeypatch.setattr(subprocess, "Popen", Process)
    monkeypatch.setattr(native, "_kept", lambda pattern: False)
    return calls


def start():
    return native.intervals_beside.__wrapped__()


def test_where_nothing_is_kept_the_intervals_are_compiled_by_another_process(started):
    assert start() is not None
    ((command, options),) = started
    assert command[:2] == [sys.executable, "-c"]
    # an editor, or a reader of pipes, must not get what is not for it, nor wait for it
    assert set(options.values()) == {subprocess.DEVNULL}


@pytest.mark.long
def test_the_other_process_compiles_the_modules_of_this_one(started, monkeypatch, tmp_path):
    (tmp_path / "sim.py").write_text("raise SystemExit('somebody else's sim')")
    start()
    command = started[0][0]
    code = command[2].replace("intervals()", "print(intervals.__code__.co_filename)")
    monkeypatch.undo()
    run = subprocess.run(
        [*command[:2], code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert Path(run.stdout.strip()) == Path(native.__file__)


def test_where_something_is_kept_no_process_is_started(started, monkeypatch):
    monkeypatch.setattr(native, "_kept", lambda pattern: True)
    assert start() is None
    assert not started


def test_where_no_process_can_be_started_all_is_compiled_here(started, monkeypatch):
    def refused(*command, **options):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refused)
    assert start() is None
    monkeypatch.setattr(sys, "executable", "")
    assert start() is None


def test_what_is_kept_by_now_is_found_and_nothing_of_another_version():
    native.doing()
    assert native._kept(native._stamp(*native.AHEAD, board, course))
    assert not native._kept(native._stamp(*native.AHEAD, course, board))


def test_who_has_kept_another_version_alone_is_told_that_it_takes_a_while(monkeypatch, capsys):
    native.doing()
    monkeypatch.setattr(native, "_say", print)
    native._tell("the engine", native._stamp(*native.WHOLE, board, course))
    assert capsys.readouterr().out == ""
    native._tell("the engine", native._stamp(*native.WHOLE, course, board))
    assert "compiling the engine" in capsys.readouterr().out


def test_what_compiled_code_alone_calls_refuses_python_and_is_not_kept():
    native.compile_loops()
    with pytest.raises(TypeError):
        mixing.inflow_share(1.0, 1.0, 1.0, 1.0)
    assert not native._kept("inflow_share")
    assert native._kept("advance")


def test_options_of_a_function_are_the_same_where_the_same_are_set():
    """Numba finds by them what it has compiled; options that count references compile otherwise."""
    usual: Any = Flags()
    usual.error_model, usual.nrt = "numpy", False
    one, same = cast(Any, Options(usual)), cast(Any, Options(usual))
    assert one == same == one.copy()
    assert len({one, same, one.copy()}) == 1
    same.nrt = True
    assert one != same
    assert one.copy() == one
    assert repr(one) != repr(same)
    assert one != "numpy"


def bump(x):
    return x + 1


def keeping(monkeypatch, folder):
    """Return a function that compiles `bump` as in a new process, kept in a folder."""
    monkeypatch.setattr(config, "CACHE_DIR", str(folder))
    return lambda: native._for_python(bump, types.int64(types.int64))


def test_a_file_of_what_is_kept_that_is_torn_is_written_anew(monkeypatch, tmp_path):
    """As a full disk, or a power cut, leaves it: the engine could run no more."""
    compiled = keeping(monkeypatch, tmp_path)
    compiled()
    for kind in ("nbc", "nbi"):
        (file,) = tmp_path.rglob(f"*.{kind}")
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        assert compiled()(1) == 2
        (file,) = tmp_path.rglob(f"*.{kind}")
        assert len(file.read_bytes()) == len(whole)


def test_what_cannot_be_kept_is_compiled_all_the_same(monkeypatch, tmp_path):
    """On a full disk; nor may the one be torn that is read before another is written."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexDataCacheFile, "_save_data", full)
    assert keeping(monkeypatch, tmp_path)()(1) == 2


def test_where_nobody_may_write_what_is_kept_beside_is_read(monkeypatch, tmp_path):
    """An image of a container holds it, and is run by somebody without a home."""

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    compiled = keeping(monkeypatch, tmp_path)()
    assert compiled(1) == 2
    assert Path(compiled._cache.cache_path) == Path(__file__).parent / "__pycache__"


AT_ONCE = """
from threading import Thread
from sim.flow import course, native, rest

found = []

def begins():
    native.compile_loops()
    each = [(of, *loop) for of in native.INTERPRETED for loop in native.INTERPRETED[of].items()]
    found.append(not any(getattr(of, name) is loop for of, name, loop in each if of is not course))

def njit(*, others=[], compiling=native.njit, **options):
    if not others and hasattr(rest.advance, "py_func"):  # half of it is done
        others.append(Thread(target=begins))
        others[0].start()
        others[0].join(0.1)
    return compiling(**options)

native.njit = njit
begins()
native.njit.__kwdefaults__["others"][0].join()
print(*found)
"""


@pytest.mark.long
def test_a_thread_that_begins_while_another_compiles_waits_for_it():
    run = subprocess.run(
        [sys.executable, "-c", AT_ONCE], check=True, capture_output=True, text=True
    )
    assert run.stdout.split() == ["True"] * 2
