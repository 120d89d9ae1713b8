"""What the table of tolerances says; the differences themselves are no matter of tests."""

from click.testing import CliRunner

from tools.convergence import Year, compared, main, run


def year(benzene, stock=1.0):
    return Year({"benzene_t": benzene, "stock_change_t": stock, "lost_t": 0.0}, 10, 0.1)


def test_a_difference_is_told_of_the_mean_over_all_years_and_of_the_worst_year():
    (row,) = compared([year(101.0), year(99.0)], [year(100.0), year(100.0)])
    assert row.name == "benzene_t"
    assert row.value == 100.0
    assert abs(row.mean) < 1e-12
    assert abs(row.largest - 0.01) < 1e-12


def test_a_finer_tolerance_has_more_settlements_and_comes_nearer_to_the_finest():
    coarse, fine, finest = (run("F1", 0.01, 0, tolerance) for tolerance in (1e-3, 1e-4, 1e-5))
    assert coarse.settlements < fine.settlements < finest.settlements
    off, near = (max(row.largest for row in compared([of], [finest])) for of in (coarse, fine))
    assert 0.0 < near < 0.5 * off
    assert off < 1e-3


def test_the_table_names_the_schemes_the_indicators_and_what_a_tolerance_costs():
    done = CliRunner().invoke(
        main, ["F1", "--years", "0.002", "--replications", "1", "--lines", "2", "--workers", "1"]
    )
    assert done.exit_code == 0, done.output
    head, *rows, blank, costs, _, _, _ = done.output.splitlines()
    assert head.startswith("F1 ")
    assert len(rows) == 2
    assert not blank
    assert costs.split() == ["tolerance", "settlements", "a", "run", "s", "a", "run"]
