"""Questions of a lesson, and ``check("name", answer)``, which needs no network.

A question knows the right answer to the runs that the student made, how far off an answer may be
(computed from the same runs), and what those who are wrong have usually done.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from types import TracebackType, UnionType
from typing import Any, NamedTuple
from unicodedata import normalize

from sim.errors import did_you_mean, told
from sim.statistics.intervals import Interval

Answer = float | str | tuple[str, ...] | frozenset[str]
"""A number, a word, an order of words, or a set of words."""

ROUNDING = 0.002  # relative; three digits are enough for an answer
SPREAD = "95 % interval of your runs, at most 5 %"
CLOSE = 1e-9  # relative; the least tolerance, since a sum may be taken in another order
PARTED = re.compile(
    r"-?[,\uff0c\u3001;\uff1b+\uff0b&>\u2192|/\n\u548c\u4e0e\u53ca]|\band\b", re.IGNORECASE
)
"""What parts names in a text, from a Chinese keyboard as well: F1 -> F7, F1 and F7."""
SLIPS = tuple(10.0**power for power in (-4, -3, -2, 2, 3, 4))
"""What an answer in another unit is off by: per cent for a share, kg for t, RMB for 10^4 RMB."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BRACKETS = re.compile(r"[\[\](){}'\"\u2018\u2019\u201c\u201d_-]")
"""What may stand around a word or join two, and says nothing."""


SCHEME = re.compile(r"([A-Z])\d+")
CALLED = re.compile(
    r"\b(?:schemes?|measures?|no\.|number)[\s-]*|\u65b9\u6848|\u63aa\u65bd", re.IGNORECASE
)
"""What people say before the number of a scheme."""
NUMBERED = re.compile(r"\b([a-z])[\s-]*0*(\d+)\b")


class Words(NamedTuple):
    """A sentence in English, and in Chinese where the lesson exists in Chinese."""

    en: str
    zh: str = ""

    def told(self, language: str = "en") -> str:
        """Return the sentence in one language; in English where there is no other."""
        return self.zh if language == "zh" and self.zh else self.en


PHRASES = {
    "open": Words("Open: {asks}", "待答：{asks}"),
    "predict": Words("Predict: {asks}", "请预测：{asks}"),
    "noted": Words("Noted.", "已记下。"),
    "right": Words("Right: {name}{told}.", "正确：{name}{told}。"),
    "within": Words(": {right} within {tolerance}{because}", "：{right} ± {tolerance}{because}"),
    "as": Words("as predicted", "与预测相符"),
    "not": Words("not as predicted", "与预测不符"),
    "said": Words("{name}: you said {guess}, it is {right}, {verdict}",
                  "{name}：你说 {guess}，实际 {right}，{verdict}"),
    "none": Words("No predictions were noted.", "没有记下预测。"),
    "not yet": Words("Not yet.", "还不对。"),
    "unit": Words("these digits in another unit (per cent or a share? kg or t?): {asks}",
                  "数字对，单位不同（百分数还是份额？千克还是吨？）：{asks}"),
    "no question": Words("no question {name} in this lesson", "本课没有问题 {name}"),
    "number": Words("{name}: expected a number as in 12.5, with a point, without quotes "
                    "or unit, came {came}",
                    "{name}：应为数，如 12.5，小数点用 .，不加引号和单位，给出的是 {came}"),
    "word": Words("{name}: expected a word in quotes, came {came}",
                  "{name}：应为引号中的一个词，给出的是 {came}"),
    "scheme": Words("{name}: expected one scheme, as in 'F1', came {came}",
                    "{name}：应为一个方案，如 'F1'，给出的是 {came}"),
    "words": Words("{name}: expected words, as in ['F1', 'F7'], came {came}",
                   "{name}：应为几个词，如 ['F1', 'F7']，给出的是 {came}"),
    "order": Words("{name}: expected words in their order, as in ['F1', 'F7'], came {came}, "
                   "which has none",
                   "{name}：应为按次序排列的几个词，如 ['F1', 'F7']，给出的是没有次序的 {came}"),
    "english": Words("{name}: expected English names, as in the lesson's code, came {came}",
                     "{name}：请用课文代码中的英文名作答，给出的是 {came}"),
}  # fmt: skip
"""What every check says."""


class WrongAnswer(AssertionError):
    """An answer that is not right; the message is a hint."""

    language = "en"

    def _render_traceback_(self) -> list[str]:
        """Show a notebook the hint alone: where in the code it arose helps nobody."""
        return [f"{PHRASES['not yet'].told(self.language)} {self}"]


class BadInput(ValueError):
    """What a student gave to a lesson is not what it takes."""

    def _render_traceback_(self) -> list[str]:
        """Show a notebook the message alone, in the language in which its ``check`` speaks."""
        if _spoken_at(self.__traceback__) == "en":
            return [str(self)]
        from experiments.door.aside import in_chinese  # it has a book to read

        return [in_chinese(str(self))]


def _spoken_at(trace: TracebackType | None) -> str:
    """Return the language of the questions beside which something was raised."""
    while trace is not None:
        check = trace.tb_frame.f_globals.get("check")
        if isinstance(check, Check):
            return check.language
        trace = trace.tb_next
    return "en"


class NoQuestion(BadInput, LookupError):
    """A lesson has no question of that name."""


def need(name: str, given: Any, kind: type | UnionType, like: str) -> None:
    """Raise BadInput unless what a student gives to a function of a lesson is of a kind.

    Examples
    --------
    >>> need("review", "no", bool, "True or False")
    Traceback (most recent call last):
        ...
    experiments.lessons.checking.BadInput: review: expected True or False, came 'no'
    """
    if not isinstance(given, kind) or (isinstance(given, bool) and kind is not bool):
        raise BadInput(f"{name}: expected {like}, came {given!r}")


def pick(name: str, given: Any, known: Iterable[str]) -> str:
    """Return the one of some names that a student gives, in big letters or small.

    Raises BadInput if there is none.

    Examples
    --------
    >>> pick("row", "f8", ["F7", "F8"])
    'F8'
    >>> pick("row", 8, ["F7", "F8"])
    Traceback (most recent call last):
        ...
    experiments.lessons.checking.BadInput: row: no 8; known: F7, F8
    """
    names = list(known)
    for each in names:
        if isinstance(given, str) and _plain(each) == _plain(given):
            return each
    raise BadInput(f"{name}: no {given!r}{did_you_mean(given, names)}")


@dataclass(frozen=True)
class Mistake:
    """What a usual mistake leads to, and the hint that it gets."""

    answer: Answer
    hint: Words
    within: float | None = None
    """How near a number must be to be taken for this mistake, in its unit; the question's tolerance
    by default."""


@dataclass(frozen=True)
class Question:
    """One question with its right answer."""

    asks: Words  #: What is asked, with the unit of measure
    right: Answer  #: A tuple is an order, a frozenset has none
    hint: Words  #: For a wrong answer that is no usual mistake
    mistakes: Sequence[Mistake] = ()
    tolerance: float = 0.0  #: How far a number may be off, in its unit
    because: str = ""  #: Where the tolerance comes from

    def accepts(self, answer: Answer) -> bool:
        """Return whether an answer is right."""
        return _same(answer, self.right, self.tolerance)

    def hint_for(self, answer: Answer) -> Words:
        """Return the hint that a wrong answer gets."""
        for mistake in self.mistakes:
            within = self.tolerance if mistake.within is None else mistake.within
            if _same(answer, mistake.answer, within):
                return mistake.hint
        if any(_same(answer, each, 0.01 * abs(each)) for each in self._slips):
            said = PHRASES["unit"]
            return Words(said.en.format(asks=self.asks.en), said.zh.format(asks=self.asks.zh))
        return self.hint

    @property
    def _slips(self) -> list[float]:
        """What is right in another unit."""
        return [self.right * by for by in SLIPS] if isinstance(self.right, float) else []


@dataclass(frozen=True)
class Check:
    """All questions of a lesson; called with a name and an answer.

    Examples
    --------
    >>> sums = Mistake(5.0, Words("not 2 + 3"))
    >>> twice = Question(Words("2 x 3"), 6.0, Words("2 + 2 + 2"), [sums])
    >>> check = Check({"twice": lambda: twice})
    >>> check("twice", 6)
    Right: twice.
    >>> check("twice", 5)
    Traceback (most recent call last):
        ...
    experiments.lessons.checking.WrongAnswer: twice: not 2 + 3
    """

    build: Mapping[str, Callable[[], Question]]
    """Each returns its question; asked for when it is needed, since it may take a run."""
    language: str = "en"  #: In which it speaks, ``en`` or ``zh``: one at a time
    predicted: dict[str, Answer] = field(default_factory=dict)
    own_words: Mapping[str, str] = field(default_factory=dict)
    """Names of a plant of the lesson's own, as tables and pictures call them in that language."""
    _asked: dict[str, Question] = field(default_factory=dict)

    @property
    def chinese(self) -> Check:
        """The same questions in Chinese."""
        return replace(self, language="zh")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the questions."""
        return tuple(self.build)

    def question(self, name: str) -> Question:
        """Return a question.

        Raises NoQuestion if this lesson has none of that name.
        """
        if name not in self.build:
            hint = did_you_mean(name, self.build)
            raise NoQuestion(f"{self._say('no question', name=repr(name))}{hint}")
        if name not in self._asked:
            self._asked[name] = self.build[name]()
        return self._asked[name]

    def __call__(self, name: str, answer: Any = ...) -> None:
        """Tell whether an answer is right; one that is still ``...``, or blank, is open.

        Raises WrongAnswer with a hint.
        """
        question = self.question(name)
        if _is_open(answer):
            print(self._say("open", asks=question.asks.told(self.language)))
            return
        given = self._read(name, answer, question.right)
        if not question.accepts(given):
            raise self._wrong(f"{name}: {question.hint_for(given).told(self.language)}")
        print(self._say("right", name=name, told=self._told(question)))

    def predict(self, name: str, answer: Any = ...) -> None:
        """Note a prediction; right or wrong is told by `debrief`."""
        question = self.question(name)
        if _is_open(answer):
            print(self._say("predict", asks=question.asks.told(self.language)))
            return
        self.predicted[name] = self._read(name, answer, question.right)
        print(self._say("noted"))

    def debrief(self) -> None:
        """Print every prediction beside what came out."""
        for name, guess in self.predicted.items():
            question = self.question(name)
            verdict = self._say("as" if question.accepts(guess) else "not")
            right = _written(question.right)
            print(self._say("said", name=name, guess=_written(guess), right=right, verdict=verdict))
        if not self.predicted:
            print(self._say("none"))

    def tell(self, what: Any) -> Any:
        """Print what something says of itself, in the language of the questions.

        A picture is put into it, and its axes are returned.
        """
        from experiments.output.phrases import tell_picture, told  # they have a book to read

        if hasattr(what, "get_figure"):
            tell_picture(what.get_figure(), self.language, written=self.own_words)
            return what
        print(told(lambda: str(what), self.language, self.own_words))
        return None

    def _say(self, phrase: str, **words: str) -> str:
        return PHRASES[phrase].told(self.language).format(**words)

    def _read(self, name: str, answer: Any, right: Answer) -> Answer:
        """Return an answer as the kind of the right one: what a student types is not always it."""
        kind, given = _given(answer, right)
        if given is None:
            raise self._wrong(self._say(kind, name=name, came=told(answer)))
        if any(map(CHINESE.search, _folded(given))):
            raise self._wrong(self._say("english", name=name, came=told(answer)))
        return given

    def _wrong(self, said: str) -> WrongAnswer:
        wrong = WrongAnswer(said)
        wrong.language = self.language
        return wrong

    def _told(self, question: Question) -> str:
        if not question.tolerance:
            return ""
        because = f" ({question.because})" if question.because and self.language == "en" else ""
        right = _rounded(question.right, question.tolerance)
        return self._say("within", right=_written(right), because=because,
                         tolerance=f"{question.tolerance:.3g}")  # fmt: skip


@cache
def _texts(lesson: str) -> dict[str, dict[str, Any]]:
    """Return what a lesson says, by question; mistakes by name, and {words in braces} open."""
    file = files("experiments.lessons") / "texts" / f"{lesson}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class SeededLesson:
    """A lesson on the student's own number, which decides what is random in it.

    Each question of its texts has a method of that name, which calls `ask`.

    Raises BadInput if the number is no whole number from 0 on.
    """

    seed: int = 1

    def __post_init__(self) -> None:
        seed: Any = self.seed
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise BadInput(
                "SEED: expected a whole number from 0 on, such as the day of your birth, "
                f"came {seed!r}"
            )

    @property
    def _said(self) -> dict[str, dict[str, Any]]:
        return _texts(type(self).__module__.rpartition(".")[2])

    @cached_property
    def check(self) -> Check:
        """The questions."""
        build = {name: getattr(self, f"_{name}") for name in self._said}
        return Check(build, own_words=self.own_words)

    @property
    def own_words(self) -> Mapping[str, str]:
        """Names of a plant of the lesson's own, which no language changes."""
        return {}

    @property
    def pictured(self) -> dict[str, str]:
        """The question that a picture answers by the id of its cell, where it is not the next."""
        return {
            cell: name for name, said in self._said.items() for cell in said.get("pictures", ())
        }

    def ask(
        self,
        name: str,
        right: Answer | Interval,
        mistakes: Mapping[str, Answer | list[str]] | None = None,
        *,
        tolerance: float = 0.0,
        within: Mapping[str, float] | None = None,
        **words: object,
    ) -> Question:
        """Return a question in the words of the lesson's texts.

        Parameters
        ----------
        right : float, str, tuple, frozenset or Interval
            An interval of the student's runs stands for its mean, right within its `spread`.
        mistakes : Mapping
            The answer that each mistake leads to, or several words, by the mistake's name; the
            names themselves by default. One that is right in these runs is no mistake.
        tolerance : float
            How far a number may be off, in its unit.
        within : Mapping[str, float]
            See `Mistake`, by the mistake's name.
        words
            What the braces in the texts stand for; in those of a mistake, ``answer`` is one.
        """
        said, within = self._said[name], within or {}
        because = said.get("because", SPREAD if isinstance(right, Interval) else "")
        if isinstance(right, Interval):
            tolerance = tolerance or spread(right)
            right = right.mean
        hints = said.get("mistakes", {})
        known = [
            Mistake(answer, _words(hints[key], answer=answer, **words), within.get(key))
            for key, answers in (mistakes or {key: key for key in hints}).items()
            for answer in (answers if isinstance(answers, list) else [answers])
            if not _same(answer, right, tolerance)
        ]
        asks, hint = (_words(said[part], **words) for part in ("asks", "hint"))
        return Question(asks, right, hint, known, tolerance, because.format(**words))


def _words(said: str | list[str], **words: object) -> Words:
    return Words(*(each.format(**words) for each in ([said] if isinstance(said, str) else said)))


def spread(found: Interval, most: float = 0.05) -> float:
    """Return how far an answer may be off the mean of the student's runs, in their unit.

    Half the runs' 95 % interval, which holds the mean of ratios as well as the ratio of means and,
    of up to four runs, each single one; at least 0.2 % of the mean, for rounding, and at most
    ``most`` of it, so that runs which differ much do not let a mistake pass.
    """
    size = abs(found.mean)
    return max(min(found.half_width, most * size), ROUNDING * size)


def _is_open(answer: Any) -> bool:
    return answer is None or answer is ... or (isinstance(answer, str) and not answer.strip())


def _same(answer: Answer, right: Answer, tolerance: float) -> bool:
    if isinstance(answer, float) and isinstance(right, float):
        return abs(answer - right) <= max(tolerance, CLOSE * abs(right))
    return type(answer) is type(right) and _folded(answer) == _folded(right)


def _folded(answer: Answer) -> list[str]:
    """Return the words of an answer, however they are typed, parted and put into brackets.

    ``f1`` and ``scheme F01`` are F1, and so it is from a Chinese keyboard;
    ``crude_distillation`` is a name of two words, which stand together in a list or not.
    """
    names = answer if isinstance(answer, tuple | frozenset) else [str(answer)]
    words = [word for name in names for word in _plain(name).split()]
    return sorted(words) if isinstance(answer, frozenset) else words


def _plain(text: str) -> str:
    """Return a text in small letters, without quotes, brackets, hyphens and a full stop."""
    small = BRACKETS.sub(" ", normalize("NFKC", text).casefold()).strip(" .\u3002")
    return NUMBERED.sub(r"\1\2", CALLED.sub("", small))


def names_in(text: str) -> list[str]:
    """Return the names that a text lists: by commas and the like, or else word by word.

    Examples
    --------
    >>> names_in("washing, crude distillation")
    ['washing', 'crude distillation']
    >>> names_in("F1+F7"), names_in("F1 F7"), names_in("F1\N{IDEOGRAPHIC COMMA}F7")
    (['F1', 'F7'], ['F1', 'F7'], ['F1', 'F7'])
    """
    parts = PARTED.split(text) if PARTED.search(text.strip()) else text.split()
    return [part.strip() for part in parts if part.strip()]


def _given(answer: Any, right: Answer) -> tuple[str, Answer | None]:
    """Return the phrase that tells what kind of answer is expected, and the answer if it is."""
    if isinstance(right, float):
        return "number", _number(answer)
    if isinstance(right, str):
        word = _lettered(_alone(answer), right)
        if SCHEME.fullmatch(right) and not (isinstance(word, str) and _is_scheme(word)):
            return "scheme", None
        return "word", word.strip() if isinstance(word, str) else None
    if isinstance(right, tuple) and isinstance(answer, Set):
        return "order", None
    if isinstance(answer, str):
        words: list[Any] = names_in(answer) or [...]
    else:
        words = list(answer) if isinstance(answer, Iterable) else [...]
    words = [_lettered(word, right) for word in words]
    if not all(isinstance(word, str) for word in words):
        return "words", None
    named = [name for word in words for name in _named(word)]
    return "words", tuple(named) if isinstance(right, tuple) else frozenset(named)


def _is_scheme(word: str) -> bool:
    return CHINESE.search(word) is not None or SCHEME.fullmatch(_plain(word).upper()) is not None


def _lettered(word: Any, right: Answer) -> Any:
    """Return the number of a scheme with the letter that those of the right answer have."""
    names = [right] if isinstance(right, str) else [] if isinstance(right, float) else right
    letters = [found[1] for found in map(SCHEME.fullmatch, names) if found]
    number = CALLED.sub("", str(word)).strip()
    plain = isinstance(word, int | str) and not isinstance(word, bool)
    return f"{letters[0]}{number}" if letters and plain and number.isdecimal() else word


def _named(word: str) -> list[str]:
    """Return a word of a list; what commas part in it is several."""
    return names_in(word) if PARTED.search(word) else [word.strip()] if word.strip() else []


def _alone(answer: Any) -> Any:
    """Return what a list of one holds, or a column of one row: a question of a table gives one."""
    if isinstance(answer, list | tuple | Set) and len(answer) == 1:
        return next(iter(answer))
    try:
        return answer.item() if hasattr(answer, "item") else answer
    except (TypeError, ValueError):
        return answer


def _number(answer: Any) -> float | None:
    given = _alone(answer)
    try:
        number = math.nan if isinstance(given, bool | str | bytes) else float(given)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    return number if math.isfinite(number) else None


def _rounded(right: Answer, tolerance: float) -> Answer:
    """Return a number to a hundredth of what an answer may be off: 0, not 1.9e-06, within 0.02."""
    places = 2 - math.ceil(math.log10(tolerance))
    return round(right, places) + 0.0 if isinstance(right, float) else right


def _written(answer: Answer) -> str:
    if isinstance(answer, float):
        return f"{answer:,.0f}" if abs(answer) >= 1e4 else f"{answer:,.4g}"
    if isinstance(answer, str):
        return answer
    return ", ".join(answer if isinstance(answer, tuple) else sorted(answer))
