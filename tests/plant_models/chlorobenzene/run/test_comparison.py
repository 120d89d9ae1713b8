"""How a comparison and a result show where a newcomer meets them: printed, or in a notebook."""

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.run.comparison import Comparison
from sim.books.indicators import Indicators


def figures(steam: float) -> Indicators:
    return Indicators({"steam_t": steam}, {"steam_t": "t/yr"})


def comparison(*pairs: tuple[float, float]) -> Comparison:
    before, after = zip(*pairs, strict=True)
    first = cb.steady_state("none")
    return Comparison(
        ((), ("F9",)), tuple(map(figures, before)), tuple(map(figures, after)), (first, first)
    )


def test_a_comparison_prints_as_means_a_difference_and_its_interval():
    """Differences -8,000 and -12,000: mean -10,000, t(0.975, 1) s/sqrt(2) = 12.706 x 2,000."""
    header, row = str(comparison((40_000.0, 32_000.0), (44_000.0, 32_000.0))).splitlines()
    assert header.split() == [
        "indicator",
        "unit",
        "none",
        "F9",
        "difference",
        "95",
        "%",
        "interval",
    ]
    assert row.split() == [
        "steam_t", "t/yr", "42,000", "32,000", "-10,000", "-35,412", "to", "15,412",
    ]  # fmt: skip


def test_one_replication_has_no_interval_to_show():
    assert str(comparison((3.0, 2.0))).splitlines()[1].split() == [
        "steam_t", "t/yr", "3", "2", "-1",
    ]  # fmt: skip


def test_a_comparison_shows_as_a_table_in_a_notebook():
    shown = comparison((3.0, 2.0))._repr_html_()
    assert "<td" in shown
    assert "1 replication<" in shown


def test_a_result_shows_as_one_line():
    assert repr(cb.steady_state("F1,F7")).startswith("<Result of F1, F7, 1 years: indicators, ")


def test_a_comparison_as_a_table_has_a_row_per_indicator_with_its_unit_and_interval():
    """Differences -8,000 and -12,000: mean -10,000, t(0.975, 1) s/sqrt(2) = 12.706 x 2,000."""
    row = comparison((40_000.0, 32_000.0), (44_000.0, 32_000.0)).table().loc["steam_t"]
    assert row["unit"] == "t/yr"
    assert (row["before"], row["after"], row["difference"]) == (42_000.0, 32_000.0, -10_000.0)
    assert round(row["low"]) == -35_412
    assert round(row["high"]) == 15_412
