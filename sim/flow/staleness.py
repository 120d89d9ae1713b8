"""When a recipe holds no longer, and what a blend has to hold fast."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.flow.blending import Pin
from sim.flow.books import Regime
from sim.flow.map import FlowMap
from sim.flow.problem import EMPTY, FREE, FULL, RateProblem

RATE_TOLERANCE = 5e-3  # relative move of an activity that asks for new recipes
WORTH_PINNING = 0.05  # kg/kg; what feeds a FULL tank less than this does not hold its level
SLIGHT = 1e-2  # of capacity; at less a train is as good as standing, its recipe need not be fine
GUEST_TOLERANCE = 2e-2  # relative move of gas collected from another train
GUEST_TRACE = 1e-5  # kg/kg of the train's feed; a smaller move of collected gas is none

Try = tuple[float, float]  # activity that a recipe was evaluated at, and the rate that came of it
PLAIN_STEPS = 4  # before the tries are used as a bracket
REMEMBERED = 8  # tries; what other trains did has moved the older ones
WIDE = 1.2  # ends of a bracket that is halved, high over low
LOPSIDED = 20.0  # gaps at its ends, one over the other, for which regula falsi would crawl


def pins(
    problem: RateProblem, statuses: Sequence[str], heel: Sequence[float], capacity: Sequence[float]
) -> list[Pin]:
    """Return the tanks at a bound, each with the least important activity it limits.

    An activity that two tanks limit is corrected for the first, or they would push it to and fro.
    """
    pins: list[Pin] = []
    taken: set[int] = set()
    carried = problem.blender.carried
    for j, status in enumerate(statuses):
        if status == FREE:
            continue
        if status == FULL and problem.spills[j]:
            pins.append(Pin(j, -1, capacity[j], -1.0))
            continue
        gains = dict(problem.gain[j])
        for k in reversed(problem.order):
            gain = gains.get(k, 0.0)
            if status == EMPTY:
                limited = problem.map.activities[k].source == j and gain != 0.0
            else:
                limited = gain > WORTH_PINNING
            if limited and carried[k] > 0.0:
                bound = heel[j] if status == EMPTY else capacity[j]
                if k not in taken:
                    pins.append(Pin(j, k, bound, gain))
                    taken.add(k)
                break
    return pins


def fixed_point(at: float, came: float, tries: list[Try]) -> float | None:
    """Return where to evaluate a train whose rate swings as its recipe answers, else None.

    Its recipe was evaluated ``at`` an activity, and the rate ``came`` of it, kg/h; ``tries`` grows.

    Recipe and rate answer each other. Where they overshoot, a secant step finds the activity at
    which the rate is what the recipe was evaluated for; where it crawls, the tries so far bracket
    that activity: the bracket is halved by its geometric mean, or cut by regula falsi when narrow,
    unless that has moved the same end twice.
    """
    if abs(came - at) <= RATE_TOLERANCE * at:
        return None  # its rate stands; what it draws or collects has moved
    tries.append((at, came))
    if len(tries) > PLAIN_STEPS:
        found = _bracketed(tries[-REMEMBERED:])
        if found is not None:
            return found
    if len(tries) == 1:
        return None
    last_at, last_came = tries[-2]
    gap, last_gap = came - at, last_came - last_at
    if gap * last_gap >= 0.0:
        return None
    return at - gap * (at - last_at) / (gap - last_gap)


def _bracketed(tries: list[Try]) -> float | None:
    low, gain = max((x for x in tries if x[1] > x[0]), default=(0.0, 0.0))
    high, loss = min((x for x in tries if x[1] < x[0]), default=(0.0, 0.0))
    if not 0.0 < low < high:
        return None
    over, under = gain - low, high - loss
    (x, y), (last_x, last_y) = tries[-1], tries[-2]
    crawls = (y - x) * (last_y - last_x) > 0.0  # twice the same end: on a curve the other stays
    if crawls or high > WIDE * low or over > LOPSIDED * under or under > LOPSIDED * over:
        return math.sqrt(low * high)
    return low + (high - low) * over / (over + under)


def stale_trains(flow_map: FlowMap, activity: Sequence[float]) -> set[int]:
    """Return the trains whose recipes hold no longer."""
    stale = set()
    dependent = flow_map.rate_dependent
    for t, recipes in enumerate(flow_map.recipes):
        rate = activity[t]
        if not rate:
            continue
        slight = SLIGHT * recipes.capacity
        at = recipes.activity
        away = abs(rate - at) > RATE_TOLERANCE * (at if at > slight else slight)
        otherwise = recipes.stale or (away and dependent[t])
        if otherwise or (rate >= slight and _fed_otherwise(flow_map, t, activity)):
            stale.add(t)
    return stale


def _fed_otherwise(flow_map: FlowMap, t: int, activity: Sequence[float]) -> bool:
    """Whether what headers and collected gas bring to a train has moved."""
    recipes, rate = flow_map.recipes[t], activity[t]
    for k, then in zip(flow_map.of_train[t][1:], recipes.header_rates, strict=True):
        if abs(activity[k] / rate - then) > RATE_TOLERANCE * max(then, 1e-3):
            return True
    if not recipes.guest_rates:
        return False
    now = flow_map.guest_rates(t, activity)
    for kg, then in zip(now, recipes.guest_rates, strict=True):
        moved = abs(kg - then)
        if moved > GUEST_TOLERANCE * max(kg, then) and moved > GUEST_TRACE * rate:
            return True
    return False


def diverted_trains(flow_map: FlowMap, activity: Sequence[float]) -> list[tuple[int, Regime]]:
    """Return the trains whose collected gas changes its way, with their new regime."""
    moved = []
    for t, hosts in flow_map.hosted:
        regime = flow_map.regime[t]
        stands = any(not activity[host] for host in hosts)
        if stands != regime.diverted:
            moved.append((t, regime._replace(diverted=stands)))
    return moved
