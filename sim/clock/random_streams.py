"""Random numbers by name: one independent stream per seed, replication, unit and purpose."""

from __future__ import annotations

import math
from functools import cache
from hashlib import blake2b
from statistics import NormalDist
from typing import cast

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from sim.errors import as_count, is_number, scalar, told

BLOCK = 256  # uniforms drawn at a time: a list gives one in well under half a Generator's time
FIRST = 16  # at first, and four times as many each time: most streams of a short run need no more
POOL = 4  # words of a seed before others of its key; numpy fills them up with nothing
SMALLEST = 2.0**-54  # stands in for a uniform of exactly 0, of which the normal law has no inverse
MEAN = "a mean of 0 or more"
NOTHING, ALL = 0.0, 1.0  # the bounds that nobody has given
LEAST_SHAPE = 0.0059  # of a Weibull law; below it the mean of a scale of 1 is beyond all numbers
_NORMAL = NormalDist()


class Stream:
    """The random numbers of one purpose of one unit.

    Every law inverts its distribution function and takes exactly one uniform per draw, so that a
    changed parameter, or even another law, rescales the draws and shifts none. All laws rise with
    the uniform. What is no number, or none of the law, is refused and takes no uniform.
    """

    __slots__ = ("_block", "_generator", "_next")

    def __init__(self, sequence: SeedSequence) -> None:
        given: object = sequence
        if not isinstance(given, SeedSequence):  # nothing would draw other numbers every time
            raise TypeError(
                f"stream: expected a SeedSequence, came {told(given)}; RandomStreams(1)."
                "stream(unit, purpose) gives a stream by name"
            )
        # The bit generator is named: numpy may change its default, and with it every result.
        self._generator = Generator(PCG64(sequence))
        self._block: list[float] = []
        self._next = FIRST

    def uniform(self, low: float = NOTHING, high: float = ALL) -> float:
        """Return a draw evenly spread over [low, high)."""
        if low is not NOTHING or high is not ALL:  # the laws draw without
            low, high = scalar(low), scalar(high)
            if not (is_number(low) and is_number(high) and math.isfinite(high - low)):
                raise _no_number("uniform", "two numbers", low, high)
        block = self._block
        if not block:
            block.extend(self._generator.random(self._next)[::-1].tolist())
            self._next = min(4 * self._next, BLOCK)
        return low + (high - low) * block.pop()

    def constant(self, value: float) -> float:
        """Return ``value``, taking a uniform like any other law."""
        value = scalar(value)
        if not is_number(value) or math.isnan(value):
            raise _no_number("constant", "a number", value)
        self.uniform()
        return value

    def exponential(self, mean: float) -> float:
        """Return an exponential draw, in the unit of its mean."""
        if type(mean) is not float or not mean >= 0.0:  # the draws of a run pass here
            mean = scalar(mean)
            if not (is_number(mean) and mean >= 0.0):
                raise _no_number("exponential", MEAN, mean)
        return -mean * math.log1p(-self.uniform())

    def weibull(self, shape: float, scale: float) -> float:
        """Return a Weibull draw, in the unit of its scale; ``weibull_scale`` gives it by mean."""
        shape, scale = scalar(shape), scalar(scale)
        if not (is_number(shape) and shape > 0.0 and is_number(scale) and scale >= 0.0):
            raise _no_number("weibull", "a shape above 0 and a scale of 0 or more", shape, scale)
        return scale * math.pow(-math.log1p(-self.uniform()), 1.0 / shape)

    def lognormal(self, mean: float, cv: float) -> float:
        """Return a lognormal draw, in the unit of its mean; ``cv`` is deviation per mean."""
        plain = type(mean) is type(cv) is float
        if not (plain and mean >= 0.0 and 0.0 <= cv < math.inf):
            mean, cv = scalar(mean), scalar(cv)
            if not (is_number(mean) and mean >= 0.0 and is_number(cv) and 0.0 <= cv < math.inf):
                raise _no_number("lognormal", f"{MEAN} and a cv of 0 or more", mean, cv)
        variance = math.log1p(cv * cv)
        deviate = _NORMAL.inv_cdf(max(self.uniform(), SMALLEST))
        return mean * math.exp(math.sqrt(variance) * deviate - 0.5 * variance)


class RandomStreams:
    """The random streams of one replication of a plant.

    A stream depends on the seed, the replication, the unit's name and the purpose alone: adding
    a unit or a scheme shifts no other unit's draws, and two designs under one seed see the same
    breakdowns (common random numbers). Renaming a unit changes its draws.

    Examples
    --------
    >>> fan = RandomStreams(seed=1).stream("off_gas_fan", "failure")
    >>> again = RandomStreams(seed=1).stream("off_gas_fan", "failure")
    >>> fan.exponential(mean=1000.0) == 2.0 * again.exponential(mean=500.0)
    True
    """

    def __init__(self, seed: int, replication: int = 0) -> None:
        self.seed = as_count("seed: expected", seed, high=math.inf)
        self.replication = as_count("replication: expected", replication, high=math.inf)
        own = _words(self.seed)
        self._key = own + [0] * (POOL - len(own)) + _words(self.replication)
        self._streams: dict[tuple[str, str], Stream] = {}
        self._plants = 0

    def __repr__(self) -> str:
        return f"{type(self).__name__}(seed={self.seed}, replication={self.replication})"

    def serve(self) -> None:
        """Serve one more plant: of several none may draw, for one would go on with another's draws.

        Raises ValueError if another has drawn.
        """
        if self._streams:
            self._refuse(self._plants)
        self._plants += 1

    def _refuse(self, others: int) -> None:
        if others > 0:
            made = f"RandomStreams({self.seed}, {self.replication})"
            raise ValueError(
                "streams: they serve another plant already, whose draws this one would go on with; "
                f"make {made} anew for each"
            )

    def stream(self, name: str, purpose: str) -> Stream:
        """Return the stream of a unit and purpose; the same object whenever it is asked for.

        A second asker goes on where the first stopped, so no draw is ever used twice.
        """
        key = (name, purpose)
        for what, text in zip(("unit", "purpose"), key, strict=True):
            if not isinstance(cast(object, text), str):
                raise TypeError(f"stream: expected the {what} as text, came {told(text)}")
        self._refuse(self._plants - 1)
        if key not in self._streams:
            # The seed with the rest as its spawn key: words take numpy a third of the time.
            words = np.array([*self._key, *_hashed(name), *_hashed(purpose)], dtype=np.uint32)
            self._streams[key] = self.new(SeedSequence(words), *key)
        return self._streams[key]

    def new(self, sequence: SeedSequence, name: str, purpose: str) -> Stream:
        """Return the stream that starts from ``sequence``, by which a subclass may listen."""
        return Stream(sequence)


def weibull_scale(mean: float, shape: float) -> float:
    """Return the scale of the Weibull law with that mean, in the unit of the mean."""
    mean, shape = scalar(mean), scalar(shape)
    if not (is_number(mean) and mean >= 0.0 and is_number(shape) and shape > 0.0):
        raise _no_number("weibull_scale", f"{MEAN} and a shape above 0", mean, shape)
    try:
        return mean / math.gamma(1.0 + 1.0 / shape)
    except OverflowError:
        raise ValueError(
            f"weibull_scale: expected a shape of {LEAST_SHAPE:g} or more, came {told(shape)}: with "
            "less nearly all draws are 0, and a few beyond all numbers"
        ) from None


def _no_number(law: str, wanted: str, *came: object) -> Exception:
    """Return what is wrong with what a law is given: another kind of thing, or another number."""
    kind = ValueError if all(map(is_number, came)) else TypeError
    return kind(f"{law}: expected {wanted}, came {' and '.join(map(told, came))}")


def _words(number: int) -> list[int]:
    """Return the words of 32 bits that a number has, the lowest first; one at least."""
    return [number >> 32 * i & 0xFFFFFFFF for i in range(max(-(-number.bit_length() // 32), 1))]


@cache
def _hashed(text: str) -> tuple[int, int]:
    """Return two words of a stable hash; ``hash()`` differs from process to process."""
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")
