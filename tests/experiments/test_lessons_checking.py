"""``check()``: right, wrong, open, and answers of the wrong kind."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from experiments.lessons.checking import Check, Mistake, NoQuestion, Question, Words, WrongAnswer

YIELD = Question(
    Words("yield, kg/kg", "收率"),
    0.8,
    Words("divide what came out by what went in"),
    [Mistake(1.25, Words("upside down", "颠倒了"))],
    tolerance=0.01,
)
ORDER = Question(Words("largest first"), ("F5", "F10"), Words("sort them"))
SET = Question(Words("which two?"), frozenset({"F5", "F10"}), Words("look at the pairs"))
NAMES = Question(Words("which?"), ("crude distillation", "washing"), Words("look again"))
LAWS = Question(Words("which laws?"), frozenset({"adds up", "elements"}), Words("look again"))
WORD = Question(Words("which medium?"), "air", Words("smell it"))
ONE = Question(Words("which scheme?"), "F8", Words("look at the column"))


def check() -> Check:
    questions = {"yield": YIELD, "order": ORDER, "set": SET, "word": WORD, "one": ONE}
    questions |= {"names": NAMES, "laws": LAWS}
    return Check({name: partial(questions.__getitem__, name) for name in questions})


def test_a_number_passes_within_the_tolerance_and_not_beyond():
    check()("yield", 0.809)
    with pytest.raises(WrongAnswer):
        check()("yield", 0.811)


def test_a_usual_mistake_gets_its_own_hint_in_the_language_of_the_copy():
    with pytest.raises(WrongAnswer, match=r"^yield: upside down$"):
        check()("yield", 1.25)
    with pytest.raises(WrongAnswer, match=r"^yield: 颠倒了$"):
        check().chinese("yield", 1.25)


@pytest.mark.parametrize(
    ("right", "tolerance", "told"),
    [
        (1.87e-6, 0.02, "0 within 0.02"),
        (-1.87e-6, 0.02, "0 within 0.02"),
        (271.8823, 0.544, "271.9 within 0.544"),
        (0.762314, 0.0074, "0.7623 within 0.0074"),
        (372137.6, 800.0, "372,140 within 800"),
    ],
)
def test_a_right_number_is_told_no_closer_than_its_tolerance_asks(
    right: float, tolerance: float, told: str, capsys: pytest.CaptureFixture[str]
):
    question = Question(Words("t/yr"), right, Words("divide"), tolerance=tolerance)
    Check({"it": lambda: question})("it", right)
    assert capsys.readouterr().out == f"Right: it: {told}.\n"


def test_any_other_wrong_answer_gets_the_general_hint():
    for other in (0.5, 8.0, -0.8, 78.0):
        with pytest.raises(WrongAnswer, match="divide what came out"):
            check()("yield", other)


def test_a_right_answer_in_another_unit_is_told_to_be_one():
    for other in (80.0, 0.0008, 803):
        with pytest.raises(WrongAnswer, match=r"^yield: these digits in another unit .*kg/kg$"):
            check()("yield", other)
    with pytest.raises(WrongAnswer, match=r"^yield: 数字对，单位不同.*收率$"):
        check().chinese("yield", 80)


@pytest.mark.parametrize("unanswered", [..., None, "", "  "])
def test_an_open_answer_is_neither_right_nor_wrong(
    unanswered: object, capsys: pytest.CaptureFixture[str]
):
    check()("yield", unanswered)
    assert capsys.readouterr().out == "Open: yield, kg/kg\n"


@pytest.mark.parametrize(
    "nonsense",
    ["0.8", "80 %", b"0.9", True, np.True_, float("nan"), (0, 8), [1.0, 2.0], np.array([0.8, 0.8])],
)
def test_what_is_no_number_is_told_so(nonsense: object):
    with pytest.raises(WrongAnswer, match=r"yield: expected a number as in 12\.5, with .* came"):
        check()("yield", nonsense)


def test_an_order_counts_and_a_set_has_none():
    check()("order", "F5, F10")
    check()("set", ["F10", "F5"])
    with pytest.raises(WrongAnswer, match="sort them"):
        check()("order", ["F10", "F5"])


def test_what_has_no_order_is_told_so_where_an_order_is_asked_for():
    """A set comes in another order each time Python is started."""
    with pytest.raises(WrongAnswer, match=r"^order: expected words in their order, .* has none$"):
        check()("order", {"F5", "F10"})
    with pytest.raises(WrongAnswer, match=r"^order：应为按次序排列"):
        check().chinese("order", frozenset({"F5", "F10"}))


def test_names_of_several_words_are_not_taken_for_others():
    for other in (["washing", "crude distillation"], "washing, crude, distillation", "washing"):
        with pytest.raises(WrongAnswer, match="look again"):
            check()("names", other)


def test_a_word_must_be_a_word():
    check()("word", " air ")
    with pytest.raises(WrongAnswer, match="expected a word in quotes, came 3"):
        check()("word", 3)
    with pytest.raises(WrongAnswer, match="expected words"):
        check()("set", 3)


def test_an_unknown_question_gets_the_nearest_name():
    with pytest.raises(LookupError, match="in this lesson; did you mean 'yield'"):
        check()("yeild", 1.0)


def test_a_question_is_asked_for_once_and_only_when_it_is_needed():
    asked = []

    def build() -> Question:
        asked.append(1)
        return YIELD

    lazy = Check({"yield": build})
    assert asked == []
    lazy("yield", 0.8)
    lazy("yield", 0.8)
    assert asked == [1]


def test_predictions_are_told_afterwards(capsys: pytest.CaptureFixture[str]):
    own = check()
    own.predict("yield", 0.5)
    own.predict("set", ...)
    own.debrief()
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "yield: you said 0.5, it is 0.8, not as predicted"
    assert told[0] == "Noted."


def test_a_notebook_shows_the_hint_without_a_traceback():
    with pytest.raises(NoQuestion) as unknown:
        check()("colour", 0.5)
    assert unknown.value._render_traceback_() == [str(unknown.value)]
    with pytest.raises(WrongAnswer) as wrong:
        check()("yield", 0.5)
    assert wrong.value._render_traceback_() == [
        "Not yet. yield: divide what came out by what went in"
    ]


def test_a_check_speaks_one_language_at_a_time(capsys: pytest.CaptureFixture[str]):
    check()("yield")
    check().chinese("yield")
    english, chinese = capsys.readouterr().out.splitlines()
    assert english == "Open: yield, kg/kg"
    assert "收率" in chinese
    assert "yield, kg/kg" not in chinese


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("word", "Air"),
        ("word", " ａｉｒ"),
        ("set", "f10, F5"),
        ("set", "F5，F10"),
        ("set", "F5、F10"),
        ("order", ["f5", "Ｆ１０"]),
        ("order", "F5, F10,"),
        ("order", "F5 > F10"),
        ("order", ("F5, F10",)),
        ("order", (name for name in ("F5", "F10"))),
        ("order", reversed(["F10", "F5"])),
        ("order", pd.Index(["F5", "F10"])),
        ("set", "F5+F10"),
        ("set", "F5；F10"),
        ("set", "['F5', 'F10']"),
        ("set", ["F5 ", " F10"]),
        ("set", map(str, ["F5", "F10"])),
        ("word", "“air”。"),
        ("word", pd.Series(["air"])),
        ("yield", pd.Series({"line": 0.8})),
        ("yield", np.array(0.8)),
        ("names", "crude distillation, washing"),
        ("names", "crude_distillation; washing"),
        ("names", "crude-distillation, washing"),
        ("names", "crude distillation washing"),
        ("laws", "elements, adds up"),
        ("laws", "elements and adds up"),
        ("set", "F10 和 F5"),
        ("order", "F5 -> F10"),
        ("order", "F5→F10"),
        ("word", ["air"]),
        *(("one", typed) for typed in ("scheme F8", "f08", "F-8", "F 8", 8, "方案 F8", "no. 8")),
        ("set", "schemes F5 and F10"),
        ("set", [10, 5]),
        ("set", "方案F5，F10"),
        ("yield", (0.8,)),
    ],
)
def test_how_a_word_is_typed_does_not_decide(name: str, answer: object):
    check()(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("yield", "5,3", "yield：应为数，如 12.5，小数点用 .，不加引号和单位，给出的是 '5,3'"),
        ("yield", 10**400, "yield：应为数，如 12.5，小数点用 .，不加引号和单位，给出的是 1"),
        ("word", 5, "word：应为引号中的一个词，给出的是 5"),
        ("set", 5, "set：应为几个词，如 ['F1', 'F7']，给出的是 5"),
        ("word", "大气", "word：请用课文代码中的英文名作答，给出的是 '大气'"),
        ("set", "大气F5，F10", "set：请用课文代码中的英文名作答"),
        ("one", "the column", "one：应为一个方案，如 'F1'，给出的是 'the column'"),
        ("one", "F8, F9", "one：应为一个方案，如 'F1'，给出的是 'F8, F9'"),
        ("one", True, "one：应为一个方案，如 'F1'，给出的是 True"),
        ("word", "nose", "word: smell it"),
    ],
)
def test_an_answer_of_another_kind_is_told_in_the_language_of_the_copy(
    name: str, answer: object, said: str
):
    with pytest.raises(WrongAnswer) as told:
        check().chinese(name, answer)
    assert str(told.value).startswith(said)
    assert told.value._render_traceback_()[0].startswith(f"还不对。 {said}")
    with pytest.raises(NoQuestion, match=r"本课没有问题 'yeild'"):
        check().chinese("yeild", 1)
