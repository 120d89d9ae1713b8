"""What a comparison is as a value: its table, its report and what a notebook shows."""

from experiments.runner.horizon import Horizon
from experiments.runner.replicates import Replicated
from experiments.studies.compare import Comparison, Rules, compare, judge
from plant_models import chlorobenzene as cb
from sim.books.indicators import Indicators


def design(schemes: str, *steam: float) -> Replicated:
    variant = cb.PLANT.variant(schemes)
    figures = tuple(
        Indicators({"steam_t": each, "closure": 0.0}, {"steam_t": "t/yr", "closure": "kg/kg"})
        for each in steam
    )
    horizon = Horizon(replications=len(steam))
    first = cb.steady_state(variant)
    return Replicated(variant, horizon, figures, {}, {}, ("drying",) * len(steam), first)


def comparison(*pairs: tuple[float, float]) -> Comparison:
    before, after = zip(*pairs, strict=True)
    designs = design("none", *before), design("F9", *after)
    return Comparison(Rules(), designs, {}, tuple(judge(designs[0], designs[1:], Rules())))


def test_a_comparison_as_a_table_has_a_row_per_indicator_with_its_unit_and_interval():
    """Differences -8,000 and -12,000: mean -10,000, t(0.975, 1) s/sqrt(2) = 12.706 x 2,000."""
    table = comparison((40_000.0, 32_000.0), (44_000.0, 32_000.0)).table()
    row = table.set_index("indicator").loc["steam_t"]
    assert row["unit"] == "t/yr"
    assert (row["before"], row["after"], row["difference"]) == (42_000.0, 32_000.0, -10_000.0)
    assert round(row["low"]) == -35_412
    assert round(row["high"]) == 15_412


def test_a_comparison_prints_as_means_a_difference_and_its_interval():
    report = str(comparison((40_000.0, 32_000.0), (44_000.0, 32_000.0)))
    (row,) = [line.split() for line in report.splitlines() if line.startswith("steam_t")]
    assert row[:6] == ["steam_t", "t/yr", "42,000", "32,000", "-10,000", "25,412"]


def test_one_replication_has_no_interval_to_show():
    found = comparison((3.0, 2.0))
    (row,) = [line.split() for line in str(found).splitlines() if line.startswith("steam_t")]
    assert row == ["steam_t", "t/yr", "3.000", "2.000", "-1.000"]
    assert found.as_json()["differences"]["steam_t"]["low"] is None


def test_a_comparison_shows_as_a_table_in_a_notebook():
    assert "<td" in comparison((3.0, 2.0))._repr_html_()


def test_designs_that_differ_are_told_apart_by_name():
    areas = [cb.own_design(settings=f"off_gas_cooler.area={area}") for area in (80, 60)]
    found = compare("F1", *areas, "F1", areas[1], years=0.01)
    names = ["F1", "own design", "own design (2)", "F1", "own design (2)"]
    assert [each["name"] for each in found.as_json()["designs"]] == names


def test_what_is_nothing_in_all_designs_is_counted_not_shown():
    told = str(comparison((0.0, 0.0), (0.0, 0.0)))
    assert "steam_t" not in told
    assert "1 more is 0 throughout" in told


def test_rounding_of_two_figures_is_no_difference_between_them():
    found = comparison((484_495.0, 484_495.0 * (1.0 + 4e-16)), (484_495.0, 484_495.0))
    assert found.differences["steam_t"].interval.mean == 0.0
    assert found.judgements[0].adjusted["steam_t"] == 1.0
