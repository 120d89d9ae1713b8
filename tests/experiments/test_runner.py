"""Many runs, one table: the same bit by bit however they are done, and kept through anything."""

from __future__ import annotations

import errno
import io
import json
import math
import multiprocessing
import os
import pickle
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import copy_context
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.output.files import alone_in
from experiments.output.provenance import versions
from experiments.runner import PlantYears, failures, loop, open_executor, read_table, run
from experiments.runner.folder import LARGEST_CHUNK, Plan
from experiments.runner.loop import progress_bar
from experiments.runner.tasks import do
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.model import PLANT
from plant_models.languages import SPOKEN

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CASES = tuple(range(10, 20))
SHORT = 0.02  # years of the line
AREA = "off_gas_cooler.area=80"

SCRIPT = """
import sys
sys.path[:0] = sys.argv[1:3]
from stub_tasks import Arithmetic
from experiments.runner import run
if __name__ == "__main__":
    task = Arithmetic(seconds=0.01)
    run(range(10, 20), 3, task=task, workers=int(sys.argv[4]), store=sys.argv[3])
"""


@pytest.fixture(autouse=True)
def _workers_find_the_stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))


def stub(name: str = "Arithmetic", **given: Any) -> Any:
    return getattr(import_module("stub_tasks"), name)(**given)


def contents(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


def test_there_is_a_row_for_each_replication_of_each_case_in_that_order() -> None:
    table = run(CASES, 3, task=stub(), workers=1)
    assert list(table.columns) == ["case", "label", "replication", "root", "sine", "error"]
    assert table["case"].tolist() == [i for i in range(10) for _ in range(3)]
    assert table["label"].tolist() == [str(c) for c in CASES for _ in range(3)]
    assert table["replication"].tolist() == [0, 1, 2] * 10
    assert table["root"][1] == math.sqrt(10 + 1 / 7)
    assert table.attrs["units"] == {"root": "kg", "sine": "kg/kg"}


def test_a_case_that_fails_is_recorded_and_the_others_go_on() -> None:
    table = run(CASES, 2, task=stub(), workers=1)
    failed = failures(table)
    assert failed["label"].tolist() == ["13", "13"]
    assert "ZeroDivisionError: unlucky in replication 1 (stub_tasks.py, line" in failed["error"][7]
    assert table["root"].isna().tolist() == table["error"].notna().tolist()


@given(st.integers(1, 40), st.integers(1, 7), st.integers(0, 90))
def test_chunks_hold_every_run_once(cases: int, replications: int, chunk: int) -> None:
    plan = Plan(tuple(range(cases)), replications, chunk)
    keys = [key for number in range(plan.chunks) for key in plan.keys(number)]
    assert keys == [(c, r) for c in range(cases) for r in range(replications)]
    assert sum(plan.size(number) for number in range(plan.chunks)) == plan.total


def test_4096_runs_are_kept_in_at_most_256_files_and_a_million_in_small_ones() -> None:
    assert Plan(tuple(range(4096)), 1).chunks == 256
    assert Plan(tuple(range(1000)), 1000).chunk == LARGEST_CHUNK


def test_the_table_is_the_same_for_this_process_threads_and_processes(tmp_path: Path) -> None:
    one = run(CASES, 3, task=stub(), workers=1, store=tmp_path / "one")
    with ThreadPoolExecutor(3) as threads:
        two = run(CASES, 3, task=stub(), executor=threads, store=tmp_path / "two")
    three = run(CASES, 3, task=stub(), workers=2, store=tmp_path / "three")
    four = run(CASES, 3, task=stub(), workers=1, chunk=7)
    assert one.equals(two)
    assert one.equals(three)
    assert one.equals(four)
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "three")


class Backwards(Executor):
    """Does the newest work first, and counts how much it holds."""

    def __init__(self) -> None:
        self.held: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.most = 0

    def submit(self, fn, /, *args, **kwargs):
        future: Future[Any] = Future()
        self.held.append((future, lambda: fn(*args, **kwargs)))
        self.most = max(self.most, len(self.held))
        if len(self.held) == 5:
            while self.held:
                last, work = self.held.pop()
                last.set_result(work())
        return future


def test_the_order_in_which_chunks_come_back_does_not_matter(tmp_path: Path) -> None:
    backwards = Backwards()
    given = {"task": stub(), "chunk": 2}
    one = run(CASES, 3, executor=backwards, in_flight=5, store=tmp_path / "one", **given)
    two = run(CASES, 3, workers=1, store=tmp_path / "two", **given)
    assert one.equals(two)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_no_more_chunks_are_open_than_asked_for() -> None:
    """The executor does nothing until it holds five; with fewer in flight it would hang."""
    backwards = Backwards()
    run(CASES, 2, task=stub(), executor=backwards, in_flight=5, chunk=1)
    assert backwards.most == 5


def test_a_folder_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    table = run(CASES, 3, task=stub(), workers=1, store=whole)
    shutil.copytree(whole, cut)
    for number in (0, 7, 8, 29):
        (cut / "parts" / f"part-{number:06}.npz").unlink()
    (cut / "parts" / ".draft-0a1b2c3d").write_bytes(b"cut off in the middle of")
    assert len(read_table(cut)) == 26
    # what is there is not done again: these runs would not finish
    kept = {name: (cut / name).stat().st_mtime_ns for name in contents(cut) if "draft" not in name}
    assert run(CASES, 3, task=stub(), workers=1, store=cut).equals(table)
    assert contents(cut) == contents(whole)
    assert {name: (cut / name).stat().st_mtime_ns for name in kept} == kept
    assert read_table(cut).equals(table)


def test_a_folder_keeps_the_chunks_it_began_with(tmp_path: Path) -> None:
    table = run(CASES, 3, task=stub(), workers=1, store=tmp_path, chunk=4)
    (tmp_path / "parts" / "part-000003.npz").unlink()
    assert run(CASES, 3, task=stub(), workers=1, store=tmp_path).equals(table)
    with pytest.raises(ValueError, match="chunk is 4 there and 5 here"):
        run(CASES, 3, task=stub(), workers=1, store=tmp_path, chunk=5)


@pytest.mark.skipif(os.name != "posix", reason="a name of bytes")
def test_a_folder_whose_name_is_not_utf8_is_read_like_any_other(tmp_path: Path) -> None:
    store = tmp_path / "\udcff"
    table = run(CASES, 2, task=stub(), workers=1, store=store)
    assert read_table(store).equals(table)


def test_the_card_names_no_time_no_path_and_no_number_of_workers(tmp_path: Path) -> None:
    run(CASES, 1, task=stub(), workers=2, store=tmp_path)
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert set(card) == {
        "program", "format", "version", "python", "libraries", "task", "units", "replications",
        "chunk", "cases",
    }  # fmt: skip
    assert card["task"] == {"kind": "arithmetic", "factor": 1.0}


@pytest.mark.parametrize(
    ("cases", "replications", "given", "said"),
    [
        (CASES, 3, {"factor": 2.0}, "task.factor is 1.0 there and 2.0 here"),
        (CASES, 4, {}, "replications is 3 there and 4 here"),
        (CASES[:-1], 3, {}, "cases.number is 10 there and 9 here"),
        ((*CASES[:-1], 99), 3, {}, "cases.labels 10 is '19' there and '99' here"),
        (CASES, 3, {"units": {"root": "t", "sine": "kg/kg"}}, "units.root is 'kg' there and 't'"),
    ],
)
def test_a_folder_of_another_run_is_refused_with_what_differs(
    tmp_path: Path, cases, replications, given, said: str
) -> None:
    run(CASES, 3, task=stub(), workers=1, store=tmp_path)
    before = contents(tmp_path)
    with pytest.raises(ValueError, match="holds another run") as refused:
        run(cases, replications, task=stub(**given), workers=1, store=tmp_path)
    assert said in str(refused.value)
    assert contents(tmp_path) == before


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(CASES, 1, task=stub(), workers=1, store=tmp_path)
    monkeypatch.setattr("experiments.runner.folder.installed_version", lambda _: "99.0")
    with pytest.raises(ValueError, match=r"version is '.+' there and '99.0' here"):
        run(CASES, 1, task=stub(), workers=1, store=tmp_path)


def test_another_design_of_the_line_is_refused_with_the_parameter_that_differs(
    tmp_path: Path,
) -> None:
    run(["F1"], 1, task=PlantYears(clock="steady"), workers=1, store=tmp_path)
    other = PlantYears(clock="steady", base=PLANT.variant(design=PLANT.own_design(None, AREA)))
    with pytest.raises(ValueError, match=r"off_gas_cooler.area is missing there and 80.0 here"):
        run(["F1"], 1, task=other, workers=1, store=tmp_path)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("design", "the plant has other values or parts than there"),
        ("schemes", "the schemes that there are to choose from are others than there"),
    ],
)
def test_what_a_card_keeps_as_a_hash_is_told_in_words(tmp_path: Path, what: str, said: str) -> None:
    """It was told as 'f2c2b47f6a7f51a8' there and 'e9d579f48a223c2e' here."""
    run(["F1"], 1, task=PlantYears(clock="steady"), workers=1, store=tmp_path)
    card = tmp_path / "card.json"
    kept = json.loads(card.read_text("utf-8"))
    card.write_text(json.dumps({**kept, "task": {**kept["task"], what: "0a1b"}}), "utf-8")
    with pytest.raises(ValueError, match=f"holds another run: {said}; choose another folder"):
        run(["F1"], 1, task=PlantYears(clock="steady"), workers=1, store=tmp_path)


def test_designs_of_one_name_are_told_apart_by_their_values(tmp_path: Path) -> None:
    task = PlantYears(clock="steady")
    own = [PLANT.variant(PLANT.own_design(None, f"off_gas_cooler.area={a}")) for a in (70, 80)]
    assert str(own[0]) == str(own[1])
    run(own[:1], 1, task=task, workers=1, store=tmp_path)
    with pytest.raises(ValueError, match="run: designs of the same name have other values"):
        run(own[1:], 1, task=task, workers=1, store=tmp_path)


def test_what_a_design_sets_is_set_before_its_schemes() -> None:
    design = PLANT.own_design(None, AREA)
    table = run(
        [PLANT.variant("F1", design=design, label="large")],
        task=PlantYears(clock="steady"),
        workers=1,
    )
    assert table["label"].tolist() == ["large"]
    expected = cb.steady_state("F1", design=design).indicators
    assert table[list(expected)].to_dict("records")[0] == dict(expected)


def test_a_foreign_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work", encoding="utf-8")
    with pytest.raises(ValueError, match=r"holds 'thesis\.txt', which is not of a run"):
        run(CASES, 1, task=stub(), workers=1, store=tmp_path)
    assert list(contents(tmp_path)) == ["thesis.txt"]


def test_a_hidden_file_of_somebody_else_is_foreign_but_the_draft_of_a_killed_run_is_not(
    tmp_path: Path,
) -> None:
    for name, text in ((".draft-letter", "dear"), (".draft-0a1b2c3d", '{"prog')):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"holds '\.draft-letter', which is not of a run"):
        run(CASES, 1, task=stub(), workers=1, store=tmp_path)
    assert sorted(contents(tmp_path)) == [".draft-0a1b2c3d", ".draft-letter"]
    (tmp_path / ".draft-letter").unlink()
    run(CASES, 1, task=stub(), workers=1, store=tmp_path)
    assert not any("draft" in name for name in contents(tmp_path))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"program": "another"}, "is not the card of a run of this program"),
        ({"format": 1}, "format 1 is not read, but 2"),
        ({"units": None}, "is damaged: it lacks units"),
        ({"chunk": "few"}, "is damaged: it lacks units, or the size of a chunk"),
        ({"seeds": [1]}, "holds another run: seeds 1 is 1 there and missing here"),
    ],
)
def test_a_card_that_is_not_this_runs_is_refused(tmp_path: Path, change, said: str) -> None:
    run(CASES, 1, task=stub(), workers=1, store=tmp_path)
    card = tmp_path / "card.json"
    card.write_text(json.dumps({**json.loads(card.read_text("utf-8")), **change}), "utf-8")
    with pytest.raises(ValueError, match=said):
        run(CASES, 1, task=stub(), workers=1, store=tmp_path)


@pytest.mark.parametrize("damage", ["cut", "empty", "renamed"])
def test_a_damaged_part_is_refused_by_name(tmp_path: Path, damage: str) -> None:
    run(CASES, 3, task=stub(), workers=1, store=tmp_path)
    part = tmp_path / "parts" / "part-000004.npz"
    good = part.read_bytes()
    bad = {
        "cut": good[: len(good) // 2],
        "empty": b"",
        "renamed": (tmp_path / "parts" / "part-000005.npz").read_bytes(),
    }[damage]
    assert bad != good
    part.write_bytes(bad)
    with pytest.raises(ValueError, match=r"part-000004.npz (is damaged|holds other).*delete it"):
        run(CASES, 3, task=stub(), workers=1, store=tmp_path)
    part.unlink()
    run(CASES, 3, task=stub(), workers=1, store=tmp_path)
    assert part.read_bytes() == good


def test_no_flipped_byte_changes_the_table(tmp_path: Path) -> None:
    """Either the part is refused, or the byte means nothing, as in the name of the writer."""
    table = run(CASES[:1], 3, task=stub(), workers=1, store=tmp_path, chunk=3)
    part = tmp_path / "parts" / "part-000000.npz"
    good = part.read_bytes()
    refused = 0
    for place in range(0, len(good), 7):
        part.write_bytes(good[:place] + bytes([good[place] ^ 0x10]) + good[place + 1 :])
        try:
            assert read_table(tmp_path).equals(table)
        except ValueError:
            refused += 1
    assert refused > 50


def test_a_part_of_another_run_is_refused(tmp_path: Path) -> None:
    run(CASES, 3, task=stub(), workers=1, store=tmp_path / "one")
    run(CASES, 3, task=stub(factor=2.0), workers=1, store=tmp_path / "other")
    name = "parts/part-000004.npz"
    shutil.copy(tmp_path / "other" / name, tmp_path / "one" / name)
    with pytest.raises(ValueError, match="belongs to another run"):
        run(CASES, 3, task=stub(), workers=1, store=tmp_path / "one")


def test_a_full_disk_leaves_what_was_kept_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, calls = os.fsync, 0

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls > 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left on device"):
            run(CASES, 3, task=stub(), workers=1, store=tmp_path)
    kept = read_table(tmp_path)
    assert 0 < len(kept) < 30
    assert not any("draft" in name for name in contents(tmp_path))
    whole = run(CASES, 3, task=stub(), workers=1, store=tmp_path)
    assert whole.iloc[: len(kept)].equals(kept)
    assert whole.equals(run(CASES, 3, task=stub(), workers=1))


def test_two_processes_do_not_write_into_one_folder(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    run(CASES, 1, task=stub(), workers=1, store=tmp_path)
    with (
        alone_in(tmp_path),
        pytest.raises(ValueError, match="another process is writing there"),
    ):
        run(CASES, 1, task=stub(), workers=1, store=tmp_path)


def test_a_worker_that_dies_is_told_and_what_was_kept_stays(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a worker process ended before its work was done"):
        run(CASES, 1, task=stub("Deadly"), workers=2, store=tmp_path)
    assert len(read_table(tmp_path)) == 0


@pytest.mark.parametrize(
    ("cases", "given", "said"),
    [
        ((), {}, "cases: expected one or more"),
        (CASES, {"replications": 0}, "replications: expected a whole number of 1 or more, came 0"),
        (CASES, {"workers": 0}, "workers: expected a whole number from 1 to 1,024, came 0"),
        (CASES, {"chunk": 0}, "chunk: expected a whole number of 1 or more, came 0"),
        (CASES, {"in_flight": 0}, "in_flight: expected a whole number of 1 or more, came 0"),
        (CASES, {"chunk": -1}, "chunk: expected a whole number of 1 or more, came -1"),
    ],
)
def test_what_cannot_be_run_is_refused(cases, given, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        run(cases, task=stub(), **{"workers": 1, **given})


def test_a_worker_with_other_versions_is_refused() -> None:
    asked = {**versions(), "numpy": "1.0"}
    said = rf"numpy is 1\.0 where the runs are asked for, {re.escape(versions()['numpy'])} at a"
    with pytest.raises(RuntimeError, match=said):
        do(pickle.dumps(stub()), asked, [(0, 10, 0)])


def test_a_task_that_workers_cannot_load_is_told_as_such() -> None:
    """What is defined in another place than a module cannot travel there."""
    with (
        ThreadPoolExecutor(1) as threads,
        pytest.raises(RuntimeError, match="the workers cannot do this work: NameError: no weights"),
    ):
        run(CASES, 1, task=stub("Absent"), executor=threads)


@pytest.mark.long
def test_two_workers_do_nearly_twice_the_work_of_one() -> None:
    """Runs that sleep need no processor, so that this measures the runner, not the machine.

    Nor do they disturb each other: both are measured at the same time, once all have started.
    """

    def took(workers: int) -> float:
        done = sorted(run(range(200), 1, task=stub("Stamped", seconds=0.05), workers=workers).done)
        return float(done[-1] - done[20])

    with ThreadPoolExecutor(2) as threads:
        one, two = threads.map(took, (1, 2))
    assert one / (2.0 * two) > 0.85, (one, two)


def killed(store: Path, workers: int, parts: int, moment: float) -> int:
    """Kill a run some seconds after a number of parts are there; return how many it left."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(HERE), str(ROOT), str(store), str(workers)],
        start_new_session=True,
    )
    while kept_parts(store) < parts:
        assert process.poll() is None
        time.sleep(0.001)
    time.sleep(moment)
    process.kill()
    process.wait()
    end_of_all(process.pid)
    return kept_parts(store)


def kept_parts(store: Path) -> int:
    return len(list((store / "parts").glob("part-*")))


def end_of_all(group: int) -> None:
    """Wait until no process of a group is left, not even a worker."""
    for _ in range(1000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError("a worker has outlived the process that started it")


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="process groups")
@pytest.mark.parametrize(
    ("times", "workers"), [(3, 1), pytest.param(20, 2, marks=pytest.mark.soak)]
)
def test_killed_at_random_moments_and_restarted_the_table_is_that_of_an_undisturbed_run(
    tmp_path: Path, times: int, workers: int
) -> None:
    whole = tmp_path / "whole"
    table = run(CASES, 3, task=stub(), workers=1, store=whole)
    moments = random.Random(times)
    left = []
    for i in range(times):
        store = tmp_path / str(i)
        parts, moment = moments.randrange(29), moments.uniform(0.0, 0.02)
        left.append(killed(store, workers, parts, moment))
        assert run(CASES, 3, task=stub(), workers=1, store=store).equals(table)
        assert contents(store) == contents(whole)
    assert any(0 < parts < 30 for parts in left), left  # else nothing was cut short


@pytest.mark.long
def test_a_dask_cluster_gives_the_same_table_bit_by_bit(call, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    cases = [("F1",), ("F1", "F7"), "F99"]
    task = PlantYears(years=SHORT)
    one = run(cases, 2, task=task, workers=2, store=tmp_path / "processes")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        with open_executor(scheduler=address) as (executor, hint):
            assert hint == 4
            two = run(cases, 2, task=task, executor=executor, store=tmp_path / "dask")
        command = ("batch", "F1", "F2", "--years", str(SHORT), "--out")
        there = call(*command, str(tmp_path / "there"), "--scheduler", address)
    here = call(*command, str(tmp_path / "here"), "--workers", "1")
    assert (there.exit_code, there.stdout) == (0, here.stdout)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")
    assert one.equals(two)
    assert failures(one)["label"].tolist() == ["F99", "F99"]
    assert contents(tmp_path / "processes") == contents(tmp_path / "dask")


class Lost(Executor):
    """Gives everything up, as a cluster does whose scheduler has gone."""

    def submit(self, fn, /, *args, **kwargs):
        future: Future[Any] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_work_that_a_scheduler_gave_up_is_told_as_such() -> None:
    with pytest.raises(RuntimeError, match="has been given up; is the scheduler still there"):
        run(CASES, 1, task=stub(), executor=Lost())


def test_a_script_that_comes_by_standard_input_has_workers(monkeypatch) -> None:
    """``python - <<END``: they looked for a file of the name ``<stdin>``, and none began."""
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__file__", "<stdin>", raising=False)
    monkeypatch.setattr(main, "__spec__", None)
    with open_executor(2) as (executor, _):
        assert executor.submit(abs, -3).result() == 3
    assert main.__file__ == "<stdin>"


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_process_that_may_start_none_does_the_work_itself(monkeypatch) -> None:
    """As a worker of ``multiprocessing.Pool``: daemonic processes may not have children."""
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)  # type: ignore[attr-defined]
    assert len(run(CASES, 2, task=stub(), workers=2)) == 20


def test_a_worker_leaves_ctrl_c_to_the_process_that_asked() -> None:
    """Else it might die first, and its death be told in place of the interruption."""
    with open_executor(2) as (executor, _):
        assert executor.submit(signal.raise_signal, signal.SIGINT).result() is None
        assert executor.submit(abs, -3).result() == 3


def test_after_a_fault_workers_leave_what_they_are_at() -> None:
    begin = time.perf_counter()
    with pytest.raises(KeyboardInterrupt), open_executor(2) as (executor, _):  # noqa: PT012
        executor.submit(abs, -3).result()
        long = executor.submit(time.sleep, 300.0)
        while not long.running():
            time.sleep(0.01)
        raise KeyboardInterrupt
    assert time.perf_counter() - begin < 60.0


def test_a_scheme_set_as_text_is_a_case_of_the_line() -> None:
    task = PlantYears(clock="steady")
    texts = run(["none", "F1, F7", "F1-F4"], task=task, workers=1)
    assert list(texts["label"]) == ["none", "F1, F7", "F1-F4"]
    ids = run([(), ("F1", "F7"), ("F1-F4",)], task=task, workers=1)
    variants = run([PLANT.variant(text) for text in texts["label"]], task=task, workers=1)
    assert texts.drop(columns="label").equals(ids.drop(columns="label"))
    assert texts.equals(variants)


def test_a_design_travels_without_its_facts() -> None:
    assert len(pickle.dumps(PLANT.variant("F1-F11"))) < 60_000
    assert pickle.loads(pickle.dumps(PLANT.variant("F1"))) == PLANT.variant("F1")


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("F99", "LookupError: no scheme 'F99'"),
        (("F1", 5), "TypeError: expected scheme ids"),
        (None, "TypeError: expected schemes like"),
    ],
)
def test_a_set_that_is_wrong_is_named_in_its_row(case: Any, said: str) -> None:
    row = run([case], task=PlantYears(clock="steady"), workers=1).iloc[0]
    assert said in row["error"]


@pytest.mark.parametrize(
    ("cases", "given", "said"),
    [
        ("none", {}, r"cases: expected a list of cases, came 'none'; write \['none'\]"),
        (5, {}, r"cases: expected a list of cases, came 5; write \[5\]"),
        (CASES, {"replications": "3"}, "replications: expected a whole number .*, came '3'"),
        (CASES, {"replications": 1.5}, r"replications: expected a whole number .*, came 1\.5"),
        (CASES, {"workers": "2"}, "workers: expected a whole number, came '2'"),
        (
            CASES,
            {"task": 3},
            r"task: expected a Task, like PlantYears\(years=1.0\), came 3, which ",
        ),
        (CASES, {"task": lambda case, replication: {}}, "which has no units and no card"),
        (CASES, {"executor": 3}, r"executor: expected an Executor .*, came 3"),
        (CASES, {"executor": ThreadPoolExecutor}, r"executor: expected an Executor .*, came a"),
        (CASES, {"in_flight": "2"}, "in_flight: expected a whole number of 1 or more, came '2'"),
        (CASES, {"task": PlantYears}, r"expected a value, like PlantYears\(\), came the class"),
        (["F1"], {"task": PlantYears(measure=lambda run: run.indicators)}, "no lambda"),
    ],
)
def test_what_is_of_another_kind_is_refused_by_name(cases: Any, given: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        run(cases, **{"workers": 1, "task": stub(), **given})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"years": "1"}, "years: expected a number, and a finite one, came '1'"),
        ({"years": -1.0}, "years: expected a number above 0 and at most 1,000, came -1.0"),
        ({"seed": -1}, "seed: expected a whole number of 0 or more, came -1"),
        ({"start_hour": True}, "start_hour: expected a number from 0 to 8,760,000, came True"),
        ({"base": "F1"}, "PlantYears: expected base as Variant, came 'F1'"),
        ({"measure": 5}, "PlantYears: expected measure as a function of outcome, came 5"),
    ],
)
def test_a_year_that_cannot_be_is_refused_before_it_is_run(given: Any, said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        PlantYears(**given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"units": {"root": "kg", "cosine": "1"}},
            "its units name 'cosine', which it does not give",
        ),
        ({"gives": "figures"}, "expected figures by name, came 'figures'"),
        ({"gives": {"root": None, "sine": 1.0}}, "expected root as a number, came None"),
    ],
)
def test_a_task_that_gives_other_figures_than_its_units_name_is_told(given: Any, said: str) -> None:
    """It was a bare KeyError, or what Python says of float(None)."""
    (error,) = run([1], 1, task=stub(**given), workers=1).error
    assert said in error


@pytest.mark.parametrize("table", [None, 3, {"error": None}])
def test_failures_are_those_of_a_table_of_runs(table: Any) -> None:
    with pytest.raises(TypeError, match=r"failures: expected a table of runs, as run\(\) gives"):
        failures(table)


def test_a_module_of_a_kernel_that_is_loaded_makes_no_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A script may import ipykernel for something else; its messages stay free of bars."""
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert isinstance(progress_bar(1), loop.Lines)


def test_a_file_is_told_now_and_then_in_a_line_how_far_the_work_is(monkeypatch, capsys):
    """A user who sent stderr to a file saw nothing for minutes."""
    clock = iter([0.0, 10.0, 40.0, 50.0, 80.0])
    monkeypatch.setattr(loop, "monotonic", lambda: next(clock))
    with progress_bar(8, 2, name="hypercube") as bar:
        for _ in range(4):
            bar.update()
    assert capsys.readouterr().err == (
        "hypercube: 4 of 8 in 0.7 min, about 1.3 min to go\n"
        "hypercube: 6 of 8 in 1.3 min, about 0.7 min to go\n"
    )


@pytest.mark.parametrize("stderr", [None, "closed"])
def test_work_goes_on_where_nobody_hears_how_far_it_is(monkeypatch, capsys, stderr):
    """A program with windows has no stderr; the reader of a log, or the room for it, may go."""
    clock = iter([0.0, 40.0])
    monkeypatch.setattr(loop, "monotonic", lambda: next(clock))
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as pipe, monkeypatch.context() as at:
        unheard = io.TextIOWrapper(pipe, write_through=True)
        at.setattr(sys, "stderr", None if stderr is None else unheard)
        with progress_bar(8, 2) as bar:
            bar.update()
    assert capsys.readouterr() == ("", "")


def test_whoever_asks_in_chinese_waits_in_chinese(monkeypatch, capsys):
    clock = iter([0.0, 40.0])
    monkeypatch.setattr(loop, "monotonic", lambda: next(clock))

    def wait() -> None:
        SPOKEN.set("zh")
        with progress_bar(1_200, 1_100, name="end of pipe") as bar:
            bar.update()

    copy_context().run(wait)
    assert capsys.readouterr().err == "末端治理：1,101/1,200，已用 0.7 分钟，约剩 66.0 分钟\n"


def test_the_language_of_a_command_ends_with_it(call):
    """Whoever waited in Python after a command in Chinese was told in Chinese."""
    assert call("explain", "nosuch", "--lang", "zh").exit_code == 2
    assert SPOKEN.get() == "en"
