"""What each part costs: known answers, and the same for every plant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from experiments.studies.criticality import Criticality, criticality
from plant_models import chlorobenzene as cb
from plant_models.benchmarks.oracles.two_machines import Machine as Exact
from plant_models.benchmarks.oracles.two_machines import two_machines
from plant_models.flowshop.model import PLANT as SHOP
from plant_models.methods.criticality import (
    BETTER,
    REMOVED,
    Remedy,
    curve,
    remedies,
    silent,
)
from sim import Tank
from sim.model.facts import Design
from sim.model.tree import get
from tests.experiments.row_plant import ROW, Row, RowPlant, fails

YEAR = 8760.0
LONG: dict[str, Any] = {"years": 3.0, "replications": 8, "seed": 2}


def row(**changes: Any) -> Design[Row]:
    return Design(replace(ROW, **changes), {})


@pytest.fixture(scope="module")
def rigid() -> Criticality:
    return criticality(plant=RowPlant(), design=row(), ways="both", share=0.05,
                       kinds=("failure", "crew"), **LONG)  # fmt: skip


def throughput(*ratios: float) -> float:
    r"""Return what a rigid row delivers, t/yr: :math:`\mu / (1 + \sum MTTR/MTBF)`.

    Failures age with the run time; 0.5 % is lost behind the filter.
    """
    return YEAR * (1.0 - 0.05 * 0.1) / (1.0 + sum(ratios))


def changed(of: Criticality, part: str, way: str) -> tuple[float, float]:
    (effect,) = (e for e in of.effects if (e.remedy.part, e.remedy.way) == (part, way))
    found = effect.changes["product_t"]
    return found.mean, found.half_width


def test_without_its_failures_a_machine_of_two_gives_what_the_closed_form_says(
    rigid: Criticality,
) -> None:
    for part, left in (("machine_1.failure", 10 / 400), ("machine_2.failure", 10 / 100)):
        mean, half = changed(rigid, part, REMOVED)
        exact = throughput(left) - throughput(10 / 100, 10 / 400)
        assert abs(mean - exact) < 1.5 * half
        assert half < 0.2 * exact


def test_a_machine_a_little_better_gives_the_analytic_derivative(rigid: Criticality) -> None:
    r"""With :math:`x = MTTR/MTBF`, :math:`dX/d\ln MTBF = \mu x / (1 + \sum x)^2`.

    A step of 5 % is off by :math:`O(0.05)` of it.
    """
    for part, x in (("machine_1.failure", 0.1), ("machine_2.failure", 0.025)):
        mean, half = changed(rigid, part, BETTER)
        slope = YEAR * 0.995 * x / (1.0 + 0.1 + 0.025) ** 2
        assert abs(mean / 0.05 - slope) < 0.06 * slope + 1.5 * half / 0.05
    mean, half = changed(rigid, "machine_1.failure", BETTER)
    assert half < 0.5 * mean


def test_the_worse_machine_is_ranked_first_and_a_crew_too_many_changes_nothing(
    rigid: Criticality,
) -> None:
    ranked = rigid.ranked("product_t")
    assert [each.remedy.part for each in ranked[:2]] == ["machine_1.failure", "machine_2.failure"]
    (crew,) = (each for each in ranked if each.remedy.kind == "crew")
    assert crew.changes["product_t"].mean == 0.0


def test_a_planted_leak_is_ranked_first_by_what_it_emits() -> None:
    leaky = replace(ROW.filter, failure=fails(50.0, 20.0, "calendar"))
    found = criticality(plant=RowPlant(), design=row(filter=leaky), by="air.lost_t",
                        years=0.3)  # fmt: skip
    first = found.ranked()[0]
    assert first.remedy.part == "filter.failure"
    assert first.sure("air.lost_t")
    assert first.changes["air.lost_t"].mean < 0.0
    assert found.ranked("product_t")[0].remedy.part == "machine_1.failure"


@pytest.mark.long
def test_a_hose_that_bursts_often_is_ranked_first_by_what_reaches_the_sewer() -> None:
    """800 kg every 200 t handled; a drum is pierced too rarely to matter."""
    often = cb.own_design(
        settings={"benzene_hose.handled": 2e5, "benzene_hose.quantity_spilled": 800.0}
    )
    found = criticality("F1-F11", by="wastewater.benzene_t", kinds=("spill", "truck", "shift"),
                        years=0.05, replications=3, design=often)  # fmt: skip
    first = found.ranked()[0]
    assert (first.remedy.part, first.remedy.kind) == ("benzene_hose.handled", "spill")
    assert first.changes["wastewater.benzene_t"].mean < 0.0
    assert first.sure("wastewater.benzene_t")


def test_a_planted_bottleneck_is_ranked_first() -> None:
    """A machine at 800 kg/h of one at 1,000: only its capacity lifts the output, by its share."""
    slow = replace(ROW.machine_2, capacity=800.0)
    found = criticality(plant=RowPlant(), design=row(machine_2=slow), years=1.0, ways=BETTER,
                        kinds="capacity")  # fmt: skip
    first, second = found.ranked(way=BETTER)
    assert first.remedy.part == "machine_2.capacity"
    assert first.changes["product_t"].mean > 100.0 * abs(second.changes["product_t"].mean)


def test_the_curve_of_a_buffer_is_that_of_gershwin_and_schick() -> None:
    """The change from 2,000 kg to 0.5 and 3 times that, against the exact two-machine line."""
    volume: dict[str, Any] = {
        "machine_1": replace(ROW.machine_1, failure=fails(100.0, 10.0, "volume")),
        "machine_2": replace(ROW.machine_2, failure=fails(400.0, 10.0, "volume")),
        "buffer": Tank(capacity=2000.0, heel=0.0),
    }
    found = criticality(plant=RowPlant(), design=row(**volume), kinds="shift", tanks="buffer",
                        factors=(0.5, 3.0), years=3.0, replications=5)  # fmt: skip
    first, second = Exact(mu=1000.0, p=0.01, r=0.1), Exact(mu=1000.0, p=0.0025, r=0.1)

    def exact(kg: float) -> float:
        return YEAR / 1000.0 * 0.995 * two_machines(first, second, kg).throughput

    for effect, kg in zip(found.curves["buffer"], (1000.0, 6000.0), strict=True):
        change = effect.changes["product_t"]
        assert abs(change.mean - (exact(kg) - exact(2000.0))) < 1.5 * change.half_width
        assert change.half_width < 0.5 * abs(change.mean)


def test_a_failure_that_never_comes_up_changes_not_a_bit_when_it_is_removed() -> None:
    plant = RowPlant()
    variant = plant.variant(row(machine_2=replace(ROW.machine_2, failure=fails(5e4, 10.0))))
    (mode,) = (r for r in remedies(variant) if r.name == "machine_2.failure removed")
    run = plant.simulate(variant, years=0.1, record=True)
    assert silent(variant, mode, run.recorded.events)
    assert plant.simulate(mode.applied(variant), years=0.1).ledger == run.ledger


def test_a_change_by_rounding_is_none() -> None:
    """A crew too many moves sums by their last digits, in every replication alike."""
    from experiments.studies import criticality as study

    base = [{"product_t": 8000.0 + n, "air.lost_t": 0.2} for n in range(4)]
    moved = [
        {"product_t": of["product_t"] * (1.0 + 3e-13), "air.lost_t": of["air.lost_t"] + 1e-5}
        for of in base
    ]
    remedy = Remedy("repair_crews", "crew", REMOVED, {})
    effect = study._effect(remedy, base, moved, 0)
    assert effect.changes["product_t"].mean == effect.changes["product_t"].half_width == 0.0
    assert not effect.sure("product_t")
    assert effect.changes["air.lost_t"].mean == pytest.approx(1e-5)
    assert effect.sure("air.lost_t")


def test_what_came_up_is_run(rigid: Criticality) -> None:
    assert {each.alike for each in rigid.effects} == {0}


def test_the_flowshop_is_served_too() -> None:
    found = criticality("S1", plant=SHOP, years=0.003, replications=2, tanks="rinse_tank",
                        factors=(0.5, 2.0))  # fmt: skip
    assert {each.remedy.kind for each in found.effects} == {"failure", "tank", "crew"}
    assert "separator.failure" in {each.remedy.part for each in found.ranked()}
    assert "ranked by margin" in str(found)
    assert set(found.tables()) == {"parts", "curves"}
    assert set(found.pictures()) == {"criticality", "curves"}
    assert found.failures == []


def test_curves_of_many_tanks_are_told_apart_and_their_names_lie_on_none(
    rigid: Criticality,
) -> None:
    """There are ten colours, and the line has 14 tanks."""
    sizes = tuple(
        replace(each, remedy=replace(each.remedy, way=f"x {size:g}"))
        for each, size in zip(rigid.effects, (0.5, 3.0), strict=False)
    )
    many = replace(rigid, curves={f"tank_{n}": sizes for n in range(14)})
    figure = many.pictures()["curves"]()
    figure.draw_without_rendering()
    legends = [legend for ax in figure.axes if (legend := ax.get_legend())]
    (legend,) = legends
    assert len(legend.get_texts()) == 14
    assert legend.get_window_extent().y1 <= min(ax.bbox.y0 for ax in figure.axes)
    for ax in figure.axes:
        drawn = [line for line in ax.lines if line.get_marker() == "o"]
        assert len({(line.get_color(), line.get_linestyle()) for line in drawn}) == 14


def test_a_tank_of_another_size_holds_as_much_at_the_start() -> None:
    variant = SHOP.variant("none")
    for remedy in curve(variant, "rinse_tank"):
        was, now = (get(of.tree, "rinse_tank") for of in (variant, remedy.applied(variant)))
        held = min(was.initial_level * was.capacity, now.capacity)
        assert now.initial_level * now.capacity == pytest.approx(held)
        assert now.heel * now.capacity == pytest.approx(was.heel * was.capacity)


def test_interrupted_runs_are_taken_up(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"plant": RowPlant(), "design": row(), "years": 0.1, "replications": 2}
    whole = criticality(**asked)
    kept = criticality(**asked, runs=tmp_path / "runs")
    part = next((tmp_path / "runs" / "changed" / "parts").glob("part-*.npz"))
    part.unlink()  # as a kill between two runs leaves it
    again = criticality(**asked, runs=tmp_path / "runs")
    assert part.exists()
    assert whole.as_json() == kept.as_json() == again.as_json()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"by": "money"}, "by: no 'money'"),
        ({"kinds": "pump"}, "kinds: no 'pump'"),
        ({"tanks": "bufer"}, "tanks: no 'bufer'"),
        ({"ways": "gone"}, "ways: no 'gone'"),
        ({"share": 2.0}, "share: expected a number from 0.001 to 0.9"),
        ({"factors": (0.0,)}, "factors: expected a number from 0.05 to 20"),
        ({"factors": "0.5"}, "factors: expected sizes"),
        ({"factors": (2.0, 0.5, 2)}, "factors: expected each size once, came 2 twice"),
    ],
)
def test_wrong_terms_are_named(asked: dict[str, Any], says: str) -> None:
    with pytest.raises((LookupError, TypeError, ValueError), match=f"^{says}"):
        criticality(plant=RowPlant(), design=row(buffer=Tank(capacity=9.0)), **asked)
