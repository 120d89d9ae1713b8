"""A picture tells what the table of the same command tells: every bar, point, end and label of it.

The laws stand for every study that draws; they are held against plants whose pictures nobody has
drawn for: a folder with long names, a scheme that costs, a waste that is nought until a scheme
makes it, a figure of a few grams and one of ten million tonnes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import combinations
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import experiments as ex
from experiments.output.answer import Answer
from experiments.output.fit import fit
from experiments.output.phrases import tell_picture
from experiments.studies.plant_reconcile import plant_reconcile
from plant_models import folder, plant_named
from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.figures.credit import dumbbell, interaction_bars
from plant_models.chlorobenzene.figures.tornado import tornado
from plant_models.methods.sensitivity import Bar
from plant_models.methods.uncertainty import Uncertain
from plant_models.model import PlantModel
from sim.tables import readable

PLANT = """\
pipes = [
    "ore -> mill",
    "mill.fine -> silo",
    "mill.coarse -> parter",
    "parter.a -> dump_behind_the_old_boiler_house_of_the_valley",
    "parter.b -> sewer",
    "silo -> lorry -> customers_of_the_northern_provinces",
]

[plant]
name = "磨机 of the upper valley and of the lower valley"
product = "customers_of_the_northern_provinces"
pacer = "mill"
operating_hours = 8000

[components]
rock = "SiO2"
ore_of_low_grade = "Fe2O3"

[supplies.ore]
rock = 0.9
ore_of_low_grade = 0.1

[sinks]
customers_of_the_northern_provinces = "product"
dump_behind_the_old_boiler_house_of_the_valley = "residue"
sewer = "wastewater"

[tanks.silo]
capacity = "{silo}"
contents = {{ rock = 0.9, ore_of_low_grade = 0.1 }}

[units.mill]
kind = "separator"
outlets = ["fine", "coarse"]
capacity = "{capacity}"
recovery.rock = {{ value = 0.9, low = 0.8, high = 0.95, source = "assumed", note = "x" }}
recovery.ore_of_low_grade = {{ value = 0.8, low = 0.7, high = 0.9, source = "assumed", note = "x" }}
failure = {{ mtbf = "10 h", mttr = "1 h" }}
run_on = {{ outlet = "coarse" }}

[units.parter]
kind = "splitter"
outlets = ["a", "b"]
share.a = 1.0

[units.lorry]
kind = "pump"
capacity = "{lorry}"
"""

SCHEMES = """\
[better]
class = "low-cost"
title = "A finer screen, of which much more might be said than anybody says in a title of a scheme"
reason = "x"
patches = [{ path = "mill.recovery.rock", scale = 1.02, low = 1.01, high = 1.03, note = "x" }]

[worse_by_all_that_anybody_can_tell_of_it]
class = "high-cost"
title = "Costs money, and more is lost"
reason = "x"
patches = [{ path = "mill.recovery.rock", add = -0.2, note = "x" }]

[to_the_sewer]
class = "no-cost"
title = "A waste that was nought"
reason = "x"
patches = [{ path = "parter.share.a", set = 0.9, note = "x" }]
"""

PRICES = """\
[money]
currency = "EUR"
interest_rate = 0.08
horizon = 10

[sold.goods]
of = "customers_of_the_northern_provinces_t"
price = { value = 90.0, low = 70.0, high = 120.0, source = "assumed", note = "x" }

[bought.ore]
of = "ore_t"
price = { value = 9.0, low = 6.0, high = 12.0, source = "assumed", note = "x" }

[investments]
better = 1000.0
worse_by_all_that_anybody_can_tell_of_it = 200000.0
to_the_sewer = 0.0
"""

LIMITS = """\
[dust]
at = "sewer"
component = "rock"
most = "0.001 kg/h"
over = "hour"
source = "x"
"""

SIZES = {
    "grams": {"capacity": "2 g/h", "silo": "100 g", "lorry": "4 g/h"},
    "tonnes": {"capacity": "3 t/h", "silo": "20 t", "lorry": "6 t/h"},
    "millions": {"capacity": "1250 t/h", "silo": "9000 t", "lorry": "2000 t/h"},
}
SHORT: dict[str, Any] = {"years": 0.005, "seed": 3}
TWICE: dict[str, Any] = {**SHORT, "replications": 2}
ALL = "all"

Drawn = Callable[[str, str], Answer]


@pytest.fixture(scope="module")
def plants(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], PlantModel[Any, Any]]:
    """Return what gives a plant by its name: a size of the odd mill, or one of the package."""
    made: dict[str, PlantModel[Any, Any]] = {}

    def plant(name: str) -> PlantModel[Any, Any]:
        if name not in SIZES:
            return plant_named(name)
        if name not in made:
            place = tmp_path_factory.mktemp(name)
            texts = {"schemes": SCHEMES, "prices": PRICES, "limits": LIMITS}
            for file, text in {"plant": PLANT.format(**SIZES[name]), **texts}.items():
                (place / f"{file}.toml").write_text(text, encoding="utf-8")
            made[name] = folder.load(place)
        return made[name]

    return plant


def one_by_one(name: str) -> str:
    """Return a scheme or two of a plant."""
    return {"brine": "B1", "chlorobenzene": "F1,F7"}.get(name, "better")


def some_of(name: str) -> str:
    return "F1,F7,F11" if name == "chlorobenzene" else ALL


STUDIES: dict[str, Callable[[PlantModel[Any, Any], str], Answer]] = {
    "run": lambda plant, name: ex.run(one_by_one(name), record=True, **SHORT, plant=plant),
    "compare": lambda plant, name: ex.compare(
        "none", one_by_one(name), some_of(name), record=True, **TWICE, plant=plant
    ),
    "batch": lambda plant, name: ex.batch("none", one_by_one(name), **TWICE, plant=plant),
    "cube": lambda plant, name: ex.cube(some_of(name), plant=plant),
    "attribute": lambda plant, name: ex.attribute(
        plant.headlines[0], "net_income", players=some_of(name), plant=plant
    ),
    "rollout": lambda plant, name: ex.rollout(
        some_of(name), horizon=0.2, limit=0.2, cash=5.0, replications=2, plant=plant
    ),
    "optimise": lambda plant, name: ex.optimise(
        some_of(name), budget=50, set_points="none", replications=2, years=0.005, plant=plant
    ),
    "uncertainty": lambda plant, name: ex.uncertainty(
        one_by_one(name), samples=0, sobol=0, plant=plant
    ),
    "causes": lambda plant, name: ex.causes("none", some_of(name), **TWICE, plant=plant),
    "criticality": lambda plant, name: ex.criticality(one_by_one(name), **TWICE, plant=plant),
    "limits": lambda plant, name: ex.limits(some_of(name), **SHORT, plant=plant),
}

NAMES = ("tonnes", "brine", "grams", "millions", "chlorobenzene")


@pytest.fixture(scope="module")
def answered(plants: Callable[[str], PlantModel[Any, Any]]) -> Drawn:
    """Return what gives the answer of a study for a plant; each is asked for once."""
    answers: dict[tuple[str, str], Answer] = {}

    def answer(study: str, name: str) -> Answer:
        if (study, name) not in answers:
            answers[study, name] = STUDIES[study](plants(name), name)
        return answers[study, name]

    return answer


def of_plants(*studies: str) -> pytest.MarkDecorator:
    """Return the plants of a law; all but one run with the long tests."""
    long = {*NAMES} - {"tonnes"}
    cases = [
        pytest.param(study, name, marks=pytest.mark.long if name in long else ())
        for study in studies
        for name in NAMES
    ]
    return pytest.mark.parametrize(("study", "name"), cases)


def drawn_by(answer: Answer, name: str | None = None) -> Any:
    """Return a picture as it is drawn, its texts not yet fitted; the main one by default."""
    pictures = answer.pictures()
    return pictures[next(iter(pictures)) if name is None else name]()


def rows(answer: Answer, table: str, **having: Any) -> list[dict[str, Any]]:
    """Return the rows of a table in which columns are so."""
    found = answer.tables()[table].records
    return [row for row in found if all(row[key] == value for key, value in having.items())]


def one(answer: Answer, table: str, **having: Any) -> dict[str, Any]:
    (row,) = rows(answer, table, **having)
    return row


def plain_text(text: Text | str) -> str:
    """Return what a text says, however it is broken into lines."""
    said = text if isinstance(text, str) else text.get_text()
    return re.sub(r"(?<=[_.,:/+])\n(?=\w)|\n(?=[_])", "", said).replace("\n", " ")


def same(said: str, name: str) -> bool:
    """Whether a text is a name, however it is broken into lines."""
    return re.sub(r"\s", "", said) == re.sub(r"\s", "", name)


def named(labels: Iterable[Text]) -> list[str]:
    return [re.sub(r"\s", "", label.get_text()) for label in labels]


def bars(ax: Axes) -> list[Any]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def ends_of(container: Any) -> list[tuple[float, ...]]:
    """Return the middle and both ends of every point of an error bar, along its axis."""
    line, _, (lines,) = container.lines
    assert line is not None
    segments = np.array(lines.get_segments())
    along = 0 if container.has_xerr else 1
    middles = np.column_stack([line.get_xdata(), line.get_ydata()])[:, along]
    return [
        (float(at), *sorted((float(a), float(b))))
        for at, (a, b) in zip(middles, segments[:, :, along], strict=True)
    ]


def money_of(answer: Any) -> tuple[float, str]:
    """Return what the plant counts its money in, and how a picture writes that."""
    economy = answer.wish.variant.plant.economy if hasattr(answer, "wish") else None
    economy = economy or answer.of.variant.plant.economy
    return economy.unit, style.raised(economy.unit_word)


@of_plants("compare")
def test_what_changes_is_drawn_and_written_as_the_table_has_it(
    answered: Drawn, study: str, name: str
) -> None:
    answer: Any = answered(study, name)
    figure = drawn_by(answer)
    plant = answer.before.variant.plant
    for ax, judged in zip(figure.axes, answer.judgements, strict=True):
        table = {r["indicator"]: r for r in rows(answer, "indicators", design=judged.after.name)}
        assert same(ax.get_title(), f"{judged.after.name} against none: what changes")
        shown = named(ax.get_yticklabels())
        written = dict(zip(shown, (text.get_text() for text in ax.texts), strict=True))
        moved = {
            n
            for n in (plant.product, *plant.emissions, *plant.utilities, *plant.bought)
            if n in table and (table[n]["before"] or table[n]["difference"])
        }
        assert moved <= {n for n in table if re.sub(r"\s", "", n) in shown}
        points: list[Any] = [c for c in ax.containers if isinstance(c, ErrorbarContainer)]
        for label, text in written.items():
            row = table[label]
            if not row["before"]:
                assert text == f"was 0, is {readable(row['after'])} {row['unit']}"
                continue
            part = 100.0 * row["difference"] / abs(row["before"])
            said = float(text.split(" %")[0].replace("\N{MINUS SIGN}", "-").replace(",", ""))
            assert said == pytest.approx(part, abs=0.0501)
            (at,) = [
                c.lines[0].get_xdata()[0]
                for c in points
                if c.lines[0].get_ydata()[0] == shown.index(label)
            ]
            assert at == pytest.approx(max(-200.0, min(200.0, part)))
    assert len({ax.get_xlim() for ax in figure.axes}) == 1


@of_plants("batch")
def test_means_of_a_batch_stand_where_the_table_has_them(
    answered: Drawn, study: str, name: str
) -> None:
    answer: Any = answered(study, name)
    figure = drawn_by(answer)
    for ax, indicator in zip(figure.axes, answer.names, strict=True):
        (points,) = ax.containers
        of = rows(answer, "indicators", indicator=indicator)
        assert same(ax.get_ylabel(), f"{indicator}, {of[0]['unit']}")
        assert named(ax.get_xticklabels()) == [re.sub(r"\s", "", row["design"]) for row in of]
        for (at, low, high), row in zip(ends_of(points), of, strict=True):
            assert (at, low, high) == pytest.approx((row["mean"], row["low"], row["high"]))


@of_plants("cube")
def test_effects_are_as_long_as_the_table_has_them(answered: Drawn, study: str, name: str) -> None:
    answer: Any = answered(study, name)
    (ax,) = drawn_by(answer).axes
    figure = answer.of.plant.headlines[0]
    told = {
        frozenset(filter(None, (row["scheme"], row["with"]))): row["effect"]
        for row in rows(answer, "effects", figure=figure)
    }
    drawn = {
        frozenset(label.split("x")) if "x" in label else frozenset([label]): bar.get_width()
        for label, bar in zip(named(ax.get_yticklabels()), bars(ax), strict=True)
    }
    known = {frozenset(re.sub(r"\s", "", each) for each in ids): e for ids, e in told.items()}
    met = set(drawn) & set(known)
    assert len(met) == len([ids for ids in drawn if len(ids) < 3])
    for ids in met:
        assert drawn[ids] == pytest.approx(known[ids])
    most = max(drawn, key=lambda ids: abs(drawn[ids]))
    assert plain_text(ax.title).endswith(f" moves {figure} most: {readable(drawn[most])}")


@of_plants("attribute")
def test_shares_stand_where_the_table_has_them(answered: Drawn, study: str, name: str) -> None:
    answer = answered(study, name)
    drawn = [key for key in answer.pictures() if key.startswith("shares-")]
    assert drawn
    for key in drawn:
        (ax,) = drawn_by(answer, key).axes
        table = rows(answer, key.replace("shares-", "attribution-"))
        word = "avoided" if "avoided" in table[0] else next(iter({*table[0]} & {"gained"}))
        for mark, method in (("o", "alone"), ("s", "last-in"), ("D", "Shapley")):
            (line,) = [each for each in ax.lines if each.get_marker() == mark]
            of = {row["scheme"]: row[word] for row in table if row["method"] == method}
            assert list(line.get_xdata()) == list(of.values())
            assert named(ax.get_yticklabels()) == [re.sub(r"\s", "", who) for who in of]
        assert style.raised(table[0]["unit"]) in plain_text(ax.xaxis.label)
        differ = re.search(r"from (\S+) to (\S+)$", plain_text(ax.title))
        assert differ is None or differ[1] != differ[2]


@of_plants("attribute")
def test_a_waterfall_leads_from_what_there_is_to_what_the_schemes_leave(
    answered: Drawn, study: str, name: str
) -> None:
    answer = answered(study, name)
    for key in answer.pictures():
        if not key.startswith("waterfall-"):
            continue
        (ax,) = drawn_by(answer, key).axes
        table = rows(answer, key.replace("waterfall-", "attribution-"))
        alone = {row["scheme"]: row["avoided"] for row in table if row["method"] == "alone"}
        together = sum(row["avoided"] for row in table if row["method"] == "Shapley")
        base, *steps, gap, left = (bar.get_height() for bar in bars(ax))
        assert steps == pytest.approx([abs(share) for share in alone.values()])
        assert left == pytest.approx(base - together)
        assert gap == pytest.approx(abs(sum(alone.values()) - together), abs=1e-9 * base)
        low, high = ax.get_ylim()
        for bar in bars(ax):
            assert low <= min(bar.get_y(), bar.get_y() + bar.get_height())
            assert max(bar.get_y(), bar.get_y() + bar.get_height()) <= high


@of_plants("attribute")
def test_pairs_front_and_curve_are_those_of_the_tables(
    answered: Drawn, study: str, name: str
) -> None:
    answer = answered(study, name)
    for key in answer.pictures():
        (ax,) = drawn_by(answer, key).axes
        if key.startswith("interactions-"):
            table = rows(answer, key)
            widths = [bar.get_width() for bar in bars(ax)]
            pairs = [(row["given_none"], row["given_all_others"]) for row in table]
            told = [x for pair in sorted(pairs, key=lambda p: -max(map(abs, p))) for x in pair]
            assert widths == pytest.approx(told[: len(widths)])
            assert "other 1 pairs" not in ax.get_title()
        elif key == "pareto":
            (line,) = [each for each in ax.lines if each.get_marker() == "o"]
            told = [tuple(row.values())[:2] for row in rows(answer, "pareto")]
            assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == told
            listed = plain_text(ax.texts[-1])
            for row in rows(answer, "pareto")[:1]:
                assert re.sub(r"\s", "", row["schemes"] or "none") in re.sub(r"\s", "", listed)
        elif key == "cost_curve":
            told = [tuple(row.values()) for row in rows(answer, "cost_curve")]
            kept = [row for row in told if row[1] != "useless"]
            assert [bar.get_width() for bar in bars(ax)] == pytest.approx([row[2] for row in kept])
            assert [bar.get_height() for bar in bars(ax)] == [-row[3] for row in kept]
            below = re.sub(r"\s", "", ax.get_xlabel())
            assert [r[0] for r in told if (r[1] == "useless") != (f"{r[0]}" in below)] == []


@of_plants("rollout")
def test_cash_curves_run_and_end_as_the_table_has_them(
    answered: Drawn, study: str, name: str
) -> None:
    answer: Any = answered(study, name)
    unit, word = money_of(answer)
    (ax,) = drawn_by(answer).axes
    assert word in ax.get_ylabel()
    table = answer.tables()["cash"].records
    curves = dict.fromkeys(row["curve"] for row in table)
    for curve in curves:
        (line,) = [each for each in ax.lines if each.get_label() == curve]
        of = [row for row in table if row["curve"] == curve]
        money = next(key for key in of[0] if key.startswith("mean_"))
        assert list(line.get_xdata()) == [row["month"] for row in of]
        assert list(line.get_ydata()) == pytest.approx([row[money] / unit for row in of])
        written = [plain_text(text) for text in ax.texts]
        assert any(each.startswith(f"{curve}: {of[-1][money] / unit:,.1f}") for each in written)
    assert (" on paper " in plain_text(ax.title)) == ("the source's arithmetic" in curves)


@of_plants("optimise")
def test_money_and_tonnes_of_a_choice_are_those_of_the_tables(
    answered: Drawn, study: str, name: str
) -> None:
    answer: Any = answered(study, name)
    (ax,) = drawn_by(answer).axes
    against = answer.of.against
    ran = {each.get_label(): each for each in ax.containers}
    for row in rows(answer, "designs"):
        (line, _, _) = ran[row["design"]].lines
        assert line.get_xdata()[0] == pytest.approx(row[against])
        assert line.get_ydata()[0] == pytest.approx(row["worth"])
    labelled = {line.get_label(): line for line in ax.lines}
    sets = rows(answer, "sets")
    drawn = labelled["sets"]
    found = sorted(zip(drawn.get_xdata(), drawn.get_ydata(), strict=True))
    told = sorted((row[against], row["worth"]) for row in sets)
    assert np.array(found) == pytest.approx(np.array(told))


@of_plants("uncertainty")
def test_a_tornado_is_as_wide_as_its_table(answered: Drawn, study: str, name: str) -> None:
    answer: Any = answered(study, name)
    unit, word = money_of(answer)
    (ax,) = drawn_by(answer).axes
    assert word in plain_text(ax.xaxis.label)
    kept = [row for row in rows(answer, "tornado") if row["swing"] > 0.0][:10]
    base = answer.base / unit
    drawn: dict[float, dict[str, float]] = {}
    for bar in bars(ax):
        at = round(bar.get_y() + bar.get_height() / 2.0)
        drawn.setdefault(at, {})[to_hex(bar.get_facecolor()).upper()] = (
            bar.get_x() + bar.get_width()
        )
    assert len(drawn) == len(kept)
    for at, row in enumerate(kept):
        told = {style.SKY: row["low"] / unit, style.ORANGE: row["high"] / unit}
        assert drawn[at] == pytest.approx(told)
    assert all(
        isclose(bar.get_x(), base) or isclose(bar.get_x() + bar.get_width(), base)
        for bar in bars(ax)
    )
    said = [plain_text(label).partition(", ")[0] for label in ax.get_yticklabels()]
    assert len(said) == len(kept)


@of_plants("causes")
def test_shares_of_abnormal_hours_are_those_of_the_years(
    answered: Drawn, study: str, name: str
) -> None:
    answer: Any = answered(study, name)
    if not answer.pictures():
        return
    (ax,) = drawn_by(answer).axes
    years = answer.tables()["years"].records
    drawn = iter(bars(ax))
    lines = [line for line in ax.lines if len(line.get_xdata()) == 2]
    for design in [each.name for each in answer.variants]:
        for medium, component in answer.told:
            of = [
                100.0 * row["abnormal_share"]
                for row in years
                if (row["design"], row["medium"], row["component"]) == (design, medium, component)
                and row["abnormal_share"] is not None  # a run that emits none has no share
            ] or [0.0]
            bar = next(drawn)
            assert bar.get_width() == pytest.approx(float(np.mean(of)))
            middle = bar.get_y() + bar.get_height() / 2.0
            (line,) = [each for each in lines if isclose(each.get_ydata()[0], middle)]
            assert list(line.get_xdata()) == pytest.approx([min(of), max(of)])


@of_plants("criticality")
def test_what_parts_cost_is_drawn_as_the_table_has_it(
    answered: Drawn, study: str, name: str
) -> None:
    answer: Any = answered(study, name)
    (ax,) = drawn_by(answer).axes
    economy = answer.variant.plant.economy
    unit = economy.unit if answer.by == "margin" else 1.0
    crossed: list[Any] = [each for each in ax.containers if isinstance(each, ErrorbarContainer)]
    spans = {float(each.lines[0].get_ydata()[0]): ends_of(each)[0] for each in crossed}
    for at, (label, bar) in enumerate(zip(ax.get_yticklabels(), bars(ax), strict=True)):
        (row,) = [
            row
            for row in rows(answer, "parts", way="removed", indicator=answer.by)
            if same(label.get_text(), row["part"])
        ]
        told = [row[key] / unit for key in ("change", "low", "high") if row[key] is not None]
        assert bar.get_width() == pytest.approx(told[0])
        assert len(told) == 1 or spans[at] == pytest.approx(told, abs=1e-9)


@of_plants("limits")
def test_hours_beyond_limits_are_those_of_the_table(answered: Drawn, study: str, name: str) -> None:
    answer: Any = answered(study, name)
    (ax,) = drawn_by(answer).axes
    told = sorted(
        (100.0 * row["share_of_all_hours"], 100.0 * row["hours"] / answer.hours)
        for row in answer.tables()["limits"].records
        if row["hours_beyond"] > 0.0
    )
    red = {bar.get_y(): bar for bar in bars(ax) if to_hex(bar.get_facecolor()) == "#d55e00"}
    pale = {bar.get_y(): bar for bar in bars(ax) if bar not in red.values()}
    drawn = sorted((bar.get_width(), pale[y].get_width()) for y, bar in red.items())
    assert len(drawn) <= len(told)
    left = [*told]
    for pair in drawn:
        match = next(each for each in left if each == pytest.approx(pair))
        left.remove(match)
    assert f"{len(told)} figure" in plain_text(ax.title) or not told


def test_corrections_of_meters_are_the_scores_of_the_table() -> None:
    answer = plant_reconcile(Path(folder.__file__).parent / "plants" / "brine")
    (ax,) = drawn_by(answer).axes
    checked = [row for row in answer.tables()["meters"].records if row["checked"]]
    assert [bar.get_width() for bar in bars(ax)] == [row["z"] for row in checked]
    for label, row in zip(ax.get_yticklabels(), checked, strict=True):
        assert label.get_text().startswith(row["at"])
        assert row["component"] == "all" or row["component"] in label.get_text()


@of_plants("run")
def test_states_last_and_levels_end_as_the_run_has_them(
    answered: Drawn, study: str, name: str
) -> None:
    answer: Any = answered(study, name)
    first = answer.of.first
    (ax,) = drawn_by(answer, "states").axes
    assert len(ax.get_yticks()) == len(first.hours)
    assert ax.get_xlim() == (0.0, first.ledger.hours)
    (ax,) = drawn_by(answer, "levels").axes
    tanks = first.variant.network.tanks
    held = [float(kg.sum()) for kg in first.ledger.held.values()]
    lines = [line for line in ax.lines if len(line.get_xdata()) > 2]
    for at, (tank, kg, line) in enumerate(zip(first.ledger.held, held, lines, strict=True)):
        base = len(held) - 1.0 - at
        share = (line.get_ydata()[-1] - base) / 0.8
        assert share == pytest.approx(kg / tanks[tank].capacity, abs=1e-9)


ONE_UNIT = """\
pipes = ["ore -> mill", "mill.fine -> goods", "mill.coarse -> dump"]

[plant]
name = "lone mill"
product = "goods"
pacer = "mill"

[components]
rock = "SiO2"

[supplies.ore]
rock = 1.0

[sinks]
goods = "product"
dump = "residue"

[units.mill]
kind = "separator"
outlets = ["fine", "coarse"]
capacity = "3 t/h"
recovery.rock = 0.9
"""


def test_a_plant_of_one_unit_draws_no_levels_and_has_no_causes(tmp_path: Path) -> None:
    (tmp_path / "plant.toml").write_text(ONE_UNIT)
    plant = folder.load(tmp_path)
    assert list(ex.run(record=True, years=0.001, plant=plant).pictures()) == ["states"]
    with pytest.raises(LookupError, match="the lone mill has no emission to air or water, which"):
        ex.causes("none", years=0.001, replications=2, plant=plant)


def test_of_pairs_that_do_nothing_none_is_said_to_do_less() -> None:
    ax = Figure().subplots()
    interaction_bars({("A", "B"): (0.0, 0.0)}, ax, label="x, t/yr")
    assert ax.get_title() == "The schemes act one by one: their effects add up"
    interaction_bars({("A", "B"): (1.0, 1.0), ("A", "C"): (0.0, 0.0)}, ax, label="x, t/yr")
    assert ax.get_title().endswith("(the other pair does less)")


def test_methods_that_are_written_alike_agree() -> None:
    ax = Figure().subplots()
    shares = {"A": 17_100.0, "B": -2e6}
    other = {"A": 17_100.0 + 1e-9, "B": -2e6 - 1e-8}
    dumbbell({"alone": shares, "last-in": other, "Shapley": shares}, ax, label="x, t/yr")
    assert ax.get_title() == "The methods agree"


@pytest.mark.long
def test_panels_of_emissions_stand_on_one_scale_and_tell_the_indicators() -> None:
    """Also where a scheme makes more of an emission than there was."""
    answer = ex.compare("F1-F11", "F1", "none", years=0.02)
    figure = drawn_by(answer, "emissions")
    assert len({ax.get_xlim() for ax in figure.axes}) == 1
    for ax, after in zip(figure.axes, ("F1", "none"), strict=True):
        table = {row["indicator"]: row for row in rows(answer, "indicators", design=after)}
        keys = [
            f"{place}.{what.replace(' ', '_')}_t"
            for place, _, what in (t.get_text().partition(": ") for t in ax.get_yticklabels())
        ]
        told = [table[key][of] for of in ("before", "after") for key in keys]
        assert [bar.get_width() for bar in bars(ax)] == pytest.approx(told)


@pytest.mark.long
def test_losses_and_widths_of_a_flow_chart_are_those_of_the_table_of_flows() -> None:
    answer = ex.compare("none", "F1-F11", years=0.02)
    flows = answer.tables()["flows"].records
    carbon = {"benzene": 1.0, "chlorobenzene": 78.11 / 112.56, "dichlorobenzene": 78.11 / 147.0}
    for ax, design in zip(drawn_by(answer, "sankey").axes, ("none", "F1-F11"), strict=True):
        of = [row for row in flows if row["design"] == design]
        product = sum(
            row["kg_per_year"] / 1000.0 * carbon.get(row["component"], 0.0)
            for row in of
            if row["stream"] == "packing.drums"
        )
        (told,) = [t.get_text() for t in ax.texts if t.get_text().startswith("chlorobenzene\n")]
        assert float(told.split("\n")[1].replace(",", "")) == pytest.approx(product, rel=2e-3)
    (ax,) = drawn_by(answer, "losses").axes
    for text in ax.texts:
        met = re.fullmatch(r"([\d.]+) % of ([\d,.e-]+) t/yr", text.get_text())
        if met is None:
            continue
        whole = float(met[2].replace(",", ""))
        sums = {
            (row["design"], medium, component): 0.0
            for row in flows
            for medium, component in (((row["medium"]), row["component"]),)
        }
        for row in flows:
            sums[row["design"], row["medium"], row["component"]] += row["kg_per_year"] / 1000.0
        assert any(isclose(whole, t, rel_tol=2e-3) for t in sums.values())


# ---- what is written has its room ------------------------------------------------------------


def texts_of(figure: Figure) -> list[Text]:
    found = []
    for ax in figure.axes:
        found += [ax.title, *ax.texts]
        found += [ax.xaxis.label, ax.yaxis.label] if ax.axison else []
        found += names_on(ax.xaxis) + names_on(ax.yaxis) if ax.axison else []
        legend = ax.get_legend()
        found += legend.get_texts() if legend else []
    return [each for each in found if each.get_text().strip() and each.get_visible()]


def names_on(axis: Axis) -> list[Text]:
    """Return the names of the ticks that are drawn: a scale has others beyond its ends."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    ticks = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
    return [text for at, text in ticks if low - slack <= at <= high + slack and text.get_text()]


def misplaced(figure: Figure) -> list[str]:
    """Return texts that reach beyond the picture, and names on an axis that lie on each other."""
    figure.draw_without_rendering()
    whole = figure.bbox
    beyond = [
        text.get_text()
        for text in texts_of(figure)
        for box in (text.get_window_extent(),)
        if box.x0 < -2.0 or box.x1 > whole.x1 + 2.0 or box.y0 < -2.0 or box.y1 > whole.y1 + 2.0
    ]
    for ax in figure.axes:
        written = [ax.title, ax.xaxis.label]
        legend = ax.get_legend()
        written += legend.get_texts() if legend else []
        below = [text for text in (*written, *names_on(ax.xaxis)) if text.get_text()]
        boxes = [(text.get_text(), text.get_window_extent()) for text in below]
        upright = not any(label.get_rotation() for label in ax.get_xticklabels())
        beyond += [
            f"{one} on {other}"
            for (one, a), (other, b) in combinations(boxes, 2)
            if upright and a.shrunk(0.98, 0.9).overlaps(b.shrunk(0.98, 0.9))
        ]
    return beyond


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
@of_plants(*STUDIES)
def test_nothing_written_reaches_beyond_its_picture_however_long_the_names(
    answered: Drawn, study: str, name: str, language: str
) -> None:
    answer = answered(study, name)
    found = {}
    for key, draw in answer.pictures().items():
        figure = draw()
        tell_picture(figure, language)
        if (wrong := misplaced(fit(figure))) != []:
            found[key] = wrong
    assert found == {}


KEPT = {"EUR", "RMB", "Shapley", "Pareto", "Taylor", "Energy", "Policy", "kg"}


@pytest.mark.long
@pytest.mark.usefixtures("a_chinese_font")
@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("name", ["tonnes", "brine"])
def test_in_a_chinese_picture_only_the_folders_words_are_latin(
    answered: Drawn, plants: Callable[[str], PlantModel[Any, Any]], study: str, name: str
) -> None:
    """Pairs of schemes were told as A with B where their ids are not like those of the line."""
    plant: Any = plants(name)
    own = {*plant.written, *plant.units, *plant.catalogue(), "site.repair_crews"}
    own |= {f"{unit}.failure" for unit in plant.written}
    words = {word for each in own for word in re.findall(r"[A-Za-z]+", each)} | KEPT
    for draw in answered(study, name).pictures().values():
        figure = draw()
        tell_picture(figure, "zh", written=plant.written)
        said = " ".join(text.get_text() for text in texts_of(figure))
        assert {*re.findall(r"[A-Za-z]{2,}", said)} - words == set()


def test_long_names_are_broken_and_short_ones_stay_as_they_are() -> None:
    names = [f"residue_of_the_centrifuge_and_its_filter_cloths_no_{n}" for n in range(5)]
    figure, (ax,) = style.blank(4.0, 1)
    ax.bar(names, range(5), label=" or ".join(names))
    ax.set(title=" and ".join(names), xlabel=", ".join(names), ylabel="a tonne of goods, t/yr")
    style.legend_below(ax, style.patches(dict.fromkeys(names[:3], style.BLUE)), 3)
    assert misplaced(fit(figure)) == []
    assert ax.get_ylabel() == "a tonne of goods, t/yr"
    assert re.sub(r"\s", "", ax.get_title()) == "and".join(names)


def test_two_ends_on_one_side_are_both_seen_and_the_farther_is_written() -> None:
    """An input that is at an end of what moves a result: either way it goes up."""
    ax = Figure(layout="constrained").subplots()
    tornado([Bar("a", 5.0, 3.0, 2.0)], 2.0, ax, label="x, t/yr")
    assert [bar.get_width() for bar in bars(ax)] == [3.0, 1.0], "the shorter on the longer"
    assert [text.get_text() for text in ax.texts] == ["5.000"]


def test_an_axis_of_large_numbers_tells_its_ticks_apart() -> None:
    figure = Figure()
    ax = figure.subplots()
    ax.set_xlim(1_000_000.0, 1_000_001.0)
    style.thousands(ax.xaxis)
    figure.draw_without_rendering()
    said = [label.get_text() for label in ax.get_xticklabels()]
    assert len({*said}) == len(said)
    assert said[0] == "1,000,000.0"


@pytest.mark.parametrize("name", ["brine", "crystals", "plating", "vessels", "chlorobenzene"])
def test_what_an_input_is_called_tells_it_from_every_other_without_its_range(name: str) -> None:
    of = Uncertain.of(plant_named(name).variant(ALL))
    called = [re.sub(r", [^,]* to [^,]*$", "", of.told(each)) for each in of.names]
    assert len({*called}) == len(called)
