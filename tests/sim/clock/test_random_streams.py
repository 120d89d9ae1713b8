"""Random streams by name: independent, stable, and shifted by nothing."""

import math
import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from sim.clock.life import time_to_failure, time_to_repair
from sim.clock.random_streams import BLOCK, RandomStreams, Stream, weibull_scale
from sim.network.operation import LAWS as FAILURE_LAWS
from sim.network.operation import REPAIR_LAWS, FailureMode


def draws(stream: Stream, n: int) -> list[float]:
    return [stream.uniform() for _ in range(n)]


def test_a_new_unit_shifts_no_other_units_draws() -> None:
    alone = RandomStreams(seed=1)
    crowded = RandomStreams(seed=1)
    crowded.stream("new_unit", "failure").uniform()
    expected = draws(alone.stream("off_gas_fan", "failure"), 5)
    crowded.stream("another", "repair").uniform()
    assert draws(crowded.stream("off_gas_fan", "failure"), 5) == expected


def test_draws_of_one_stream_do_not_shift_another() -> None:
    plain, busy = RandomStreams(seed=1), RandomStreams(seed=1)
    for _ in range(3 * BLOCK):
        busy.stream("dryer", "failure").uniform()
    assert draws(busy.stream("fan", "failure"), 3) == draws(plain.stream("fan", "failure"), 3)


@pytest.mark.parametrize(
    ("seed", "replication", "name", "purpose"),
    [
        (2, 0, "fan", "failure"),
        (1, 1, "fan", "failure"),
        (0, 1, "fan", "failure"),
        (1, 0, "dryer", "failure"),
        (1, 0, "fan", "repair"),
        (1, 0, "failure", "fan"),
    ],
)
def test_every_part_of_the_key_makes_another_stream(
    seed: int, replication: int, name: str, purpose: str
) -> None:
    n = 2000
    first = draws(RandomStreams(1, 0).stream("fan", "failure"), n)
    second = draws(RandomStreams(seed, replication).stream(name, purpose), n)
    assert not set(first) & set(second)
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / math.sqrt(n)


def test_name_and_purpose_do_not_run_into_each_other() -> None:
    streams = RandomStreams(1)
    assert streams.stream("ab", "c").uniform() != streams.stream("a", "bc").uniform()


def test_a_second_asker_goes_on_where_the_first_stopped() -> None:
    streams = RandomStreams(1)
    first = streams.stream("fan", "failure").uniform()
    assert streams.stream("fan", "failure").uniform() != first


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**96 + 5, 2**200 + 7])
@pytest.mark.parametrize("replication", [0, 3, 2**40])
def test_neither_blocks_nor_words_change_a_draw(seed: int, replication: int) -> None:
    """The key is seed, replication and the hashes of both names; a change would change all runs."""
    fan_failure = (3748587381, 628918175, 420402897, 2555578471)
    sequence = np.random.SeedSequence(seed, spawn_key=(replication, *fan_failure))
    n = 2 * BLOCK + 3
    drawn = draws(RandomStreams(seed, replication).stream("fan", "failure"), n)
    assert drawn == np.random.Generator(np.random.PCG64(sequence)).random(n).tolist()


def test_another_process_with_another_hash_seed_draws_the_same() -> None:
    code = (
        "from sim.clock.random_streams import RandomStreams\n"
        "s = RandomStreams(7, 3).stream('chlorinator', 'failure')\n"
        "import sys; sys.stdout.write(repr([s.exponential(100.0), s.lognormal(8.0, 0.6)]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    here = RandomStreams(7, 3).stream("chlorinator", "failure")
    assert told == repr([here.exponential(100.0), here.lognormal(8.0, 0.6)])


LAWS: dict[str, Callable[[Stream], float]] = {
    "constant": lambda s: s.constant(3.0),
    "uniform": lambda s: s.uniform(2.0, 5.0),
    "exponential": lambda s: s.exponential(3.0),
    "weibull": lambda s: s.weibull(2.5, 3.0),
    "lognormal": lambda s: s.lognormal(3.0, 0.6),
}


@pytest.mark.parametrize("law", LAWS)
def test_every_law_takes_one_uniform(law: str) -> None:
    plain, used = (RandomStreams(1).stream("fan", "failure") for _ in range(2))
    LAWS[law](used)
    plain.uniform()
    assert draws(used, 3) == draws(plain, 3)


@pytest.mark.parametrize("law", FAILURE_LAWS)
@pytest.mark.parametrize("repair_law", REPAIR_LAWS)
def test_a_failure_and_a_repair_take_one_uniform_each_whatever_their_laws(
    law: str, repair_law: str
) -> None:
    mode = FailureMode(mtbf=100.0, mttr=8.0, law=law, shape=2.0, repair_law=repair_law)
    for draw in (time_to_failure, time_to_repair):
        plain, used = (RandomStreams(1).stream("fan", "failure") for _ in range(2))
        draw(mode, used)
        plain.uniform()
        assert draws(used, 3) == draws(plain, 3)


def test_a_longer_mtbf_only_scales_the_draws() -> None:
    base, patched = (RandomStreams(1).stream("fan", "failure") for _ in range(2))
    for _ in range(20):
        assert patched.exponential(1000.0) == 2.0 * base.exponential(500.0)
        assert patched.weibull(2.0, 300.0) == pytest.approx(3.0 * base.weibull(2.0, 100.0))
        assert patched.lognormal(16.0, 0.6) == 2.0 * base.lognormal(8.0, 0.6)


N = 20_000


@pytest.mark.parametrize(
    ("law", "mean", "deviation"),
    [
        ("uniform", 3.5, 3.0 / math.sqrt(12)),
        ("exponential", 3.0, 3.0),
        (
            "weibull",
            3.0 * math.gamma(1.4),
            3.0 * math.sqrt(math.gamma(1.8) - math.gamma(1.4) ** 2),
        ),
        ("lognormal", 3.0, 1.8),
    ],
)
def test_the_laws_have_their_means_and_spreads(law: str, mean: float, deviation: float) -> None:
    stream = RandomStreams(5).stream("fan", law)
    sample = np.array([LAWS[law](stream) for _ in range(N)])
    assert abs(sample.mean() - mean) < 4 * deviation / math.sqrt(N)
    assert sample.std() == pytest.approx(deviation, rel=0.05)


def test_a_weibull_law_can_be_given_by_its_mean() -> None:
    assert weibull_scale(mean=500.0, shape=1.0) == pytest.approx(500.0)
    assert weibull_scale(mean=500.0 * math.gamma(1.4), shape=2.5) == pytest.approx(500.0)


def test_a_lognormal_law_without_spread_is_its_mean() -> None:
    assert RandomStreams(1).stream("fan", "repair").lognormal(8.0, 0.0) == 8.0


def test_draws_are_evenly_spread() -> None:
    counts = np.histogram(draws(RandomStreams(3).stream("fan", "failure"), N), 20, (0.0, 1.0))[0]
    chi_square = ((counts - N / 20) ** 2 / (N / 20)).sum()
    assert chi_square < 43.8  # 99.9 % quantile at 19 degrees of freedom


def test_a_negative_seed_is_an_error() -> None:
    with pytest.raises(ValueError, match="seed: expected a whole number of 0 or more, came -1"):
        RandomStreams(-1)
