"""A schedule is read with all its faults at once, each with its line and what comes near."""

from pathlib import Path

import numpy as np
import pytest

from plant_models.benchmarks.machines import machine_line
from plant_models.benchmarks.units import Machine
from sim.network.schedule import Order, check_orders, read_schedule

LINE = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0])

GOOD = """\ufeff# of the first quarter
hour, what,     train,     value, until, why

0,    rate,     machine_2, 0.8
100,  hold,     machine_2, ,      124,   "inspected, by law"
2 d,  delivery, machine_1, 20 t
200,  hold,     machine_1
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "schedule.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_schedule_is_read_line_by_line(tmp_path: Path):
    assert read_schedule(written(tmp_path, GOOD), LINE) == (
        Order(hour=0.0, what="rate", train="machine_2", value=0.8),
        Order(hour=100.0, what="hold", train="machine_2", until=124.0, why="inspected, by law"),
        Order(hour=48.0, what="delivery", train="machine_1", value=20_000.0),
        Order(hour=200.0, what="hold", train="machine_1"),
    )


ROWS = "hour,what,train,value\n0,rate,machine_2,0.8\n"
FORMS = {
    "semicolons": ROWS.replace(",", ";"),
    "decimal commas between semicolons": "hour;what;train;value\n0,0 h;rate;machine_2;0,8\n",
    "a spreadsheet that tells its separator": "sep=;\r\n" + ROWS.replace(",", ";"),
    "tabs": ROWS.replace(",", "\t"),
    "columns without a name behind": ROWS.replace("\n", ",,\r\n") + ',,,,,\r\n"","","","",\r\n',
    "a quote that a comment opens": f'# a, "b\n{ROWS}#,"\n',
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_schedule_is_read_as_any_spreadsheet_writes_it(tmp_path: Path, text: str):
    assert read_schedule(written(tmp_path, text), LINE) == (
        Order(hour=0.0, what="rate", train="machine_2", value=0.8),
    )


def test_decimals_are_marked_one_way_in_a_file(tmp_path: Path):
    text = "hour;what;train;value\n0;rate;machine_2;0,8\n1.500;rate;machine_2;1\n"
    told = "line 3: a decimal point, where line 2 has a decimal comma; write all numbers one way"
    with pytest.raises(ValueError, match=told):
        read_schedule(written(tmp_path, text), LINE)


@pytest.mark.parametrize("amount", ["1.000", "12,500", "1,000 kg"])
def test_a_thousand_with_a_mark_is_not_read_as_one(tmp_path: Path, amount: str):
    text = f"hour;what;train;value\n0;rate;machine_2;1\n5;delivery;machine_2;{amount}\n"
    with pytest.raises(ValueError, match=f"line 3: '{amount}' may mean thousands or decimals"):
        read_schedule(written(tmp_path, text), LINE)


def test_three_decimals_are_decimals_where_another_number_has_the_same_mark(tmp_path: Path):
    text = "hour;what;train;value\n0,5;rate;machine_2;1\n1,500;rate;machine_2;0,125\n"
    hours = [order.hour for order in read_schedule(written(tmp_path, text), LINE)]
    assert hours == [0.5, 1.5]


@pytest.mark.parametrize("why", ["2.1", "3,5 bar", "2.1 of the plan"])
def test_what_a_hold_is_called_is_no_number_whatever_it_looks_like(tmp_path: Path, why: str):
    text = f"hour;what;train;value;until;why\n0;rate;machine_2;0,8;;\n5;hold;machine_2;;6,5;{why}\n"
    *_, order = read_schedule(written(tmp_path, text), LINE)
    assert (order.why, order.until) == (why, 6.5)


def test_a_cell_in_quotes_may_go_over_lines_and_the_next_row_knows_its_own(tmp_path: Path):
    text = 'hour,what,train,why\n5,hold,machine_2,"two\nlines"\n6,hold,machine_3,\n'
    with pytest.raises(LookupError, match=r"line 4: no train 'machine_3'"):
        read_schedule(written(tmp_path, text), LINE)
    (order,) = read_schedule(written(tmp_path, text.rpartition("6")[0]), LINE)
    assert order.why == "two\nlines"


def test_a_line_that_ends_early_says_what_it_lacks(tmp_path: Path):
    with pytest.raises(ValueError, match="3 faults in") as caught:
        read_schedule(
            written(tmp_path, "hour,what,train,value\n5\n6,rate\n7,rate,machine_2\n"), LINE
        )
    assert "line 2: what: expected 'rate' or 'hold' or 'delivery', came ''" in str(caught.value)
    assert "line 3: no train ''" in str(caught.value)
    assert "line 4: value: expected the share of the capacity, 0 to 1 kg/kg" in str(caught.value)
    with pytest.raises(ValueError, match="value: expected what arrives, 0"):
        read_schedule(written(tmp_path, "hour,what,train\n7,delivery,machine_1\n"), LINE)


FAULTY = """hour,what,train,value,until,why
x,rate,machine_2,0.8,,
-1,rate,machine_2,0.8,,
5,rat,machine_2,0.8,,
5,rate,machin_2,80,,
6,rate,machine_2,,,
7,rate,machine_2,0.5,9,
8,hold,machine_2,0.5,,
9,hold,machine_2,,9,
10,delivery,machine_2,5,,
11,delivery,machine_1,0,,
12,rate,machine_1,0.5,,
12,rate,machine_1,0.6,,
13,hold,machine_1,,20,why,and more
"""


def test_all_faults_are_told_at_once_with_file_and_line_and_what_comes_near(tmp_path: Path):
    file = written(tmp_path, FAULTY)
    with pytest.raises(ValueError, match="faults in") as caught:
        read_schedule(file, LINE)
    told = str(caught.value).splitlines()
    assert told[0] == f"13 faults in {file}:"
    expected = [
        (2, "hour: expected a number, like 1.5 or 1.5 h, came 'x'"),
        (3, "hour: -1 h is outside the domain, 0 to 1e+09 h"),
        (4, "what: expected 'rate' or 'hold' or 'delivery', came 'rat'; did you mean 'rate'?"),
        (5, "value: 80 kg/kg is outside the domain, 0 to 1 kg/kg; 80 % is 0.8 kg/kg; write 0.8"),
        (5, "no train 'machin_2'; did you mean 'machine_2'?"),
        (6, "value: expected the share of the capacity, 0 to 1 kg/kg"),
        (7, "until: a rate has none, came '9'"),
        (8, "value: a hold has none, came '0.5'"),
        (9, "until: 9 h does not come after 9 h"),
        (
            10,
            "train 'machine_2' draws from tank 'buffer_1', so that nothing is unloaded by it",
        ),
        (11, "value: 0 kg is outside the domain, 0.001 to 1e+09 kg"),
        (13, "train 'machine_1' has another rate from 12 h on, see line 12"),
        (
            14,
            "7 cells, the head has 6; write decimals with a point, put text with commas in quotes",
        ),
    ]
    for line, fault in expected:
        assert any(f"schedule.csv, line {line}: {fault}" in each for each in told), (line, fault)
    assert len(told) - 1 == len(expected)


def test_where_every_fault_is_a_name_it_is_a_lookup_error(tmp_path: Path):
    file = written(tmp_path, "hour,what,train\n5,hold,machin_2\n")
    with pytest.raises(LookupError, match=r"line 2: no train 'machin_2'; did you mean"):
        read_schedule(file, LINE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no rows; expected the columns hour, what, train, value, until, why"),
        ("# nothing\n\n", "no rows"),
        ("hour,wat,train\n", "line 1: no column 'wat'; did you mean 'what'?"),
        ("hour,what\n", "line 1: no column 'train'; it has hour, what"),
        ("hour,hour,what,train\n", "line 1: column 'hour' is there twice"),
        ('hour,what,train\n1,hold,"machine_2\n', "line 2: no valid CSV"),
    ],
)
def test_a_file_that_is_no_schedule_says_what_one_is(tmp_path: Path, text: str, told: str):
    with pytest.raises((ValueError, LookupError)) as caught:
        read_schedule(written(tmp_path, text), LINE)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "0,rate,machine_2,0.5\n",
            "line 1: no head of columns; expected commas, semicolons or tabs",
        ),
        ("hour|what|train\n", "or tabs between hour, what, train, value, until, why, came 'hour|"),
        ("hour，what，train\n", "came 'hour，what，train'"),
        ("PK\x03\x04\x00\n", "came 'pk\\x03\\x04\\x00'"),
    ],
)
def test_a_file_without_a_head_is_told_once_what_the_head_is(tmp_path: Path, text: str, told: str):
    with pytest.raises(ValueError, match="head") as caught:
        read_schedule(written(tmp_path, text), LINE)
    assert told in str(caught.value)
    assert "faults" not in str(caught.value)


def test_a_share_with_a_stroke_is_told_as_a_number_and_not_as_an_hour(tmp_path: Path):
    with pytest.raises(ValueError, match="line 2: value: expected a number, like") as caught:
        read_schedule(written(tmp_path, "hour,what,train,value\n0,rate,machine_2,1/2\n"), LINE)
    assert "hours" not in str(caught.value)


@pytest.mark.parametrize("hour", ["12:30", "2024-01-01 00:00", "1/2/2024"])
def test_a_date_or_a_time_of_day_is_no_hour_of_a_run(tmp_path: Path, hour: str):
    text = f"hour,what,train,until\n{hour},hold,machine_2,\n5,hold,machine_2,{hour}\n"
    with pytest.raises(ValueError, match="line 2: hour: expected hours from the start") as caught:
        read_schedule(written(tmp_path, text), LINE)
    assert (
        f"line 3: until: expected hours from the start of the run, like 36 or 1.5, came '{hour}'"
        in (str(caught.value))
    )


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path):
    with pytest.raises(ValueError, match=r"none.csv: cannot be read: No such file"):
        read_schedule(tmp_path / "none.csv", LINE)
    file = tmp_path / "latin.csv"
    file.write_bytes("hour,what,train\n1,hold,Anlagenfüller\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"latin.csv: is not UTF-8 text \(byte 31\)"):
        read_schedule(str(file), LINE)


def test_orders_made_in_python_are_checked_alike():
    orders = [
        Order(hour=float("nan"), what="rate", train="machine_1", value=0.5),
        Order(hour=1.0, what="rate", train="machine_1", value=1.5),
    ]
    with pytest.raises(ValueError, match="2 faults in the schedule") as caught:
        check_orders(orders, LINE)
    assert "rate of machine_1 at 1 h: value: 1.5 kg/kg is outside the domain" in str(caught.value)


def test_several_things_to_do_in_one_order_are_none_of_what_can_be_done():
    several = Order(hour=1.0, what=np.array(["rate", "hold"]), train="machine_1")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="what: expected 'rate' or 'hold' or 'delivery', came arr"):
        check_orders([several], LINE)


def test_orders_of_odd_kinds_are_told_by_what_they_are():
    with pytest.raises(TypeError, match="expected orders, came 'rate'"):
        check_orders(["rate"], LINE)  # type: ignore[list-item]
    odd = Order(hour="noon", what="hold", train="machine_1", until="never")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at 'noon' h: hour: expected a number in h, came 'noon'"):
        check_orders([odd], LINE)
    with pytest.raises(TypeError, match="expected the name of a file, came 5"):
        read_schedule(5, LINE)  # type: ignore[arg-type]
