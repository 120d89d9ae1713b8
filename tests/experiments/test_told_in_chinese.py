"""What a command may say beside its answer has Chinese: read off the program's own sentences."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from experiments.door.aside import PLACE, in_chinese

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "experiments/door", "experiments/lessons/copies.py", "experiments/output", "experiments/page",
    "experiments/runner",
    "experiments/studies", "plant_models/folder", "plant_models/chlorobenzene/law",
    "plant_models/chlorobenzene/line", "plant_models/chlorobenzene/paper",
    "plant_models/flowshop/shop.py", "plant_models/units", "sim/model", "sim/steady",
    "sim/network/chemistry.py",
)  # fmt: skip
"""Where what a command refuses is told."""
MODULES = sorted(
    str(file.relative_to(ROOT))
    for room in ROOMS
    for file in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"))
)
ENGLISH = 3  # words in a row
LEFT = re.compile(r"'[^']*'|zz|[\w-]*[._/=()][\w./=*()-]*|--[\w-]+|\{.*\}")
"""What one types, and names."""
GAP = "-"

ONLY_IN_PYTHON = (
    "apply: expected", "executor: expected", "failures: expected", "scheme 'zz': expected patches",
    "a Plant is neither", "a SteadyState is neither copied nor pickled", "a steady state is no run",
    "at_most: goes with until", "attribute: expected", "batch: expected", "cases: expected",
    "chunk: expected", "compare: expected", "cube: expected a folder, or an answer",
    "design: expected a Design", "expected TOML files or texts", "expected a TOML file, as Path",
    "expected a patch of a path", "expected a pacer", "flow chart of its own", "load: expected",
    "mask: expected", "module 'plant_models.units'", "plan must be", "plant: expected a PlantModel",
    "reaction 'zz': expected Components", "row: expected the number of a set",
    "schemes: expected a Scheme", "schemes: expected some in a list", "steady state: expected",
    "surroundings of a steady state", "task: ", "two different schemes",
    "what is asked at constant conditions", "zz carries no range",
    "zz.zz: a parameter is", "zz: expected schemes like",
    "zz: expected zz, came nothing", "the steady state cannot be refined",
    "devices that it runs on without", "devices at the end of the pipe", "prices: no zz",
    "emission limits: no zz",
    "published figures: no zz", "history: no zz", "readings: no zz",
    "'zz' is no parameter: it has", "steady state with", "train 'zz' cannot follow both",
    "expected a numberzz", "expected zz, came", "7zz is outside",
    "reaction 'zz' is not balanced", "'zz' is no frozen dataclass",
    "expected a table with capacity and contents", "expected one of set, scale, add; came zz",
)  # fmt: skip
"""What nobody can come to who writes no Python, and what stands within other sentences."""


def spoken(node: ast.expr | None) -> str:
    """Return a text as it might be said: names for what stands in braces, numbers by their form."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(map(spoken, node.values))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return spoken(node.left) + spoken(node.right)
    if not isinstance(node, ast.FormattedValue):
        return ""
    source = ast.unparse(node.value)
    if isinstance(node.value, ast.IfExp) or source.startswith("did_you_mean") or "hint" in source:
        return ""
    if node.conversion == ord("r") or "told(" in source:
        return "'zz'"
    counts = (
        "len(",
        "MOST_",
        "steps",
        "sweeps",
        "step[",
        ".line",
        "before",
        "start",
        "shape[0]",
        "power",
        "times",
    )
    number = node.format_spec is not None or any(each in source for each in counts)
    return "7" if number else "zz"


@cache
def calls_and_raises(module: str) -> list[ast.Call | ast.Raise]:
    """Return where a module calls something, or raises."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call | ast.Raise)]


def sentences(module: str) -> Iterator[str]:
    """Yield what a module raises, or collects as faults."""
    for node in calls_and_raises(module):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from map(spoken, node.exc.args[:1])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("say", "_say", "_wrong"):
                yield from map(spoken, node.args[1:2])
            elif node.func.attr == "append" and "fault" in ast.unparse(node.func.value):
                yield from map(spoken, node.args)


def test_faults_that_are_told_together_are_counted_in_chinese():
    for module in MODULES:
        for node in calls_and_raises(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "all_at_once":
                said = f"2 faults in {spoken(node.args[1]) or 'zz'}:"
                assert "中有 2 处错误：" in in_chinese(said), said
                assert not english(in_chinese(said).replace("zz", GAP)), said


def english(text: str) -> list[str]:
    """Return what is still English of a message in Chinese: words in a row."""
    return re.findall(rf"(?:[A-Za-z]{{2,}}[ ,;]+){{{ENGLISH - 1},}}[A-Za-z]{{2,}}", text)


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_refuses_is_told_in_chinese(module: str):
    for said in sentences(module):
        if not said.startswith(ONLY_IN_PYTHON) and english(LEFT.sub(GAP, said)):
            assert not english(LEFT.sub(GAP, in_chinese(said))), said


def test_every_sentence_in_chinese_puts_in_what_the_english_one_has_places_for():
    text = (files("experiments.door") / "aside_zh.toml").read_text(encoding="utf-8")
    for said, chinese in tomllib.loads(text)["says"].items():
        places = {name for _, name, *_ in string.Formatter().parse(chinese) if name is not None}
        assert places <= set(PLACE.findall(said)), said


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        (
            "lesson: no lesson 99; there are 0 to 13",
            "lesson：没有第 99 课；有第 0 至 13 课",
        ),
        (
            "F12: nobody gives an investment, so it cannot be bought; say what it costs, as in "
            "--invest F12=120 (10^4 RMB) or investments={'F12': 1.2e+06}",
            "F12：没有说明它的投资，因此不能购买；请说明费用，如 --invest F12=120（10^4 RMB）或 "
            "investments={'F12': 1.2e+06}",
        ),
        (
            "dryer.boil_up: 1 kg/kg is outside the domain, 0.001 to 0.9 kg/kg; 1 g/kg is 0.001 "
            "kg/kg; write 1 g/kg",
            "dryer.boil_up：1 kg/kg 超出允许范围，0.001 至 0.9 kg/kg；1 g/kg 即 0.001 kg/kg；"
            "请写 1 g/kg",
        ),
        (
            "the brine works with none, replication 1, could not be simulated: Gridlock: at t = "
            "3.5 h nothing flows and nothing is expected to change that: filling blocked by tank; "
            "loading starved by tank (circle: a -> b)",
            "brine works（none）的第 1 次重复未能模拟：停滞：t = 3.5 h 时没有任何流动，也没有什么会"
            "改变它：filling 因 tank 满而受阻；loading 因 tank 空而缺料（循环：a -> b）",
        ),
        (
            "the brine works with none could not be simulated: ValueError: still: its recipe "
            "splits to 'top': expected a share, came nan kg/kg (members.py, line 115)",
            "brine works（none）未能模拟：ValueError：still：它的配方分到 'top'：应为份额，"
            "给出的是 nan kg/kg（members.py 第 115 行）",
        ),
        (
            "no set keeps all limits within the budget; without the budget of 1 x 10^4 RMB or "
            "air.benzene_t <= -5 % there would be one",
            "没有一种组合在预算之内满足全部限值；去掉预算 1 x 10^4 RMB 或 air.benzene_t <= -5 % "
            "就会有",
        ),
        (
            "mine.py, line 22: AttributeError: 'Crystals' object has no attribute 'x'",
            "mine.py 第 22 行：AttributeError：'Crystals' object has no attribute 'x'",
        ),
        (
            "own.toml: cannot be read: Permission denied",
            "own.toml：无法读取：没有权限",
        ),
        (
            "machine_1.capacity: expected 0 kg/h or more, came -1",
            "machine_1.capacity：应不小于 0 kg/h，给出的是 -1",
        ),
        (
            "crystals.py: Crystals.convert: expected a Recipe, came None; it has no 'return'",
            "crystals.py：Crystals.convert：应返回 Recipe，给出的是 None；它没有 return",
        ),
        (
            "No space left on device; 3 runs are kept in store, and the same command goes on "
            "from there",
            "磁盘已满；store 中留下了 3 次运行，同一命令会接着做",
        ),
    ],
)
def test_what_is_told_in_parts_is_in_chinese_part_by_part(said: str, chinese: str):
    assert in_chinese(said) == chinese


def test_findings_that_no_longer_hold_are_told_in_chinese(call, tmp_path: Path):
    data = ROOT / "plant_models" / "chlorobenzene" / "data"
    for name in ("table_1_1.csv", "table_1_2.csv", "table_1_3.csv", "price_sets.csv", "prose.toml"):
        (tmp_path / name).write_text((data / name).read_text(encoding="utf-8"), encoding="utf-8")
    table = tmp_path / "table_1_2.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("84.90,,", "4.90,,"), encoding="utf-8"
    )
    ended = call("paper-check", "--tables", str(tmp_path), "--lang", "zh")
    assert ended.exit_code == 1
    assert ended.stderr.startswith("错误：这些表与原文不符：\n  第 2 项发现不再成立：")
    assert not english(LEFT.sub(GAP, ended.stderr)), ended.stderr
