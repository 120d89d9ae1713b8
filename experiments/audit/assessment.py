"""Summary, plan and pre-assessment; the year, floors and fingerprints of the appendix."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.audit.balances import process_of
from experiments.audit.basis import EMISSIONS, Audit, Side, drawn
from experiments.audit.document import Block, Listing, Table, Text, section
from experiments.bounds import STEADY
from experiments.studies.compare import gained
from plant_models.methods.appraisal import Appraisal
from plant_models.methods.auditing import Score
from plant_models.methods.flow_costing import SOLD
from sim.books.ledger import INTERNAL
from sim.tables import readable, three

KG = 1000.0
MOST_FIRST = 5  # steps to do first


@section("summary")
def summary(of: Audit) -> Iterator[Block]:
    """Tell the scorecard, what it comes to, and what to do first."""
    say = of.say
    text = say(
        "audited",
        design=of.name,
        conditions=of.conditions[:1].upper() + of.conditions[1:],
        noun=of.noun,
        alike=say("same_conditions" if of.clock == STEADY else "same_breakdowns"),
    )
    yield Text(text + (say("floor_is_computed", noun=of.noun) if of.scorecard else ""))
    yield Listing(tuple(headlines(of)))
    if of.money is not None:
        yield Text(say("first"))
        yield Listing(tuple(_first(of)))
    if of.scorecard:
        yield _scores(of)
    yield Text(_worse(of) if of.schemes else say("no_scheme_in_place"))
    names = {"before": of.names.called("designs", of.before.name), "after": of.name}
    yield from drawn(of, EMISSIONS, say("emissions_caption", **names), say("emissions_alt"))


def _first(of: Audit) -> Iterator[str]:
    """Yield the steps that are worth it, free ones first, then the shortest payback.

    Behind them stand those that are worth it only without others of the programme.
    """
    assert of.money is not None
    steps = of.money.steps
    earning = [step for step in steps if _earns(step)]
    for step in sorted(earning, key=_rank)[:MOST_FIRST]:
        if step.investment is None:
            yield of.say("first_unknown", **_told(step, of))
        elif step.investment == 0.0:
            yield of.say("first_free", **_told(step, of))
        else:
            years = three(step.investment / step.net)
            once = of.amount(step.investment)
            yield of.say("first_paid", **_told(step, of), once=once, years=years)
    others = [step for step in steps if step not in earning] if len(steps) > 1 else []
    alone = [(step, found) for step in others if _earns(found := of.money.alone(step.name))]
    for step, found in alone:
        yield of.say("first_alone", **_told(found, of), behind=of.amount(step.net))
    if not earning and not alone:
        yield of.say("first_none")


def _earns(step: Appraisal) -> bool:
    return step.net > 0.0 and (step.present_value or 0.0) >= 0.0


def _told(step: Appraisal, of: Audit) -> dict[str, str]:
    """Return what a sentence about a step says of it."""
    titles = map(of.title, of.economy.steps(of.schemes)[step.name])
    return {
        "step": step.name,
        "net": of.amount(step.net),
        "unit": of.times,
        "titles": of.say("semicolon").join(titles),
    }


def _rank(step: Appraisal) -> tuple[bool, float]:
    return step.investment is None, (step.investment or 0.0) / step.net


def _scores(of: Audit) -> Table:
    rows = [
        (
            of.names.text(score.name),
            of.names.unit(score.unit),
            three(score.before),
            three(score.after),
            three(score.floor),
            "" if score.closed is None or not of.schemes else _closed(score.closed),
        )
        for score in of.scorecard
    ]
    heads = ("score", "unit", "before", "after", "floor", "closed")
    return Table(
        of.say("scores", product=of.product),
        tuple(map(of.say, heads)),
        rows,
        left=(0, 1),
        note=of.say("closed_note"),
    )


def _closed(share: float) -> str:
    """Return how much of a gap is closed, in whole percent.

    >>> _closed(0.584), _closed(-0.004)
    ('58%', '0%')
    """
    return f"{round(100.0 * share)}%"


def _is_worse(of: Score) -> bool:
    """Whether a line of the scorecard says that more is used, or given off."""
    if of.closed is None:
        return of.after > of.before * (1.0 + 1e-3)
    return round(100.0 * of.closed) < 0


def _worse(of: Audit) -> str:
    if not of.scorecard:
        return of.say("no_scorecard", plant=of.plant_name)
    worse = [of.names.text(score.name) for score in of.scorecard if _is_worse(score)]
    if not worse:
        return of.say("no_worse")
    return of.say("worse", what=of.say("comma").join(worse))


def headlines(of: Audit) -> Iterator[str]:
    """Yield what a reader wants to know first."""
    say, before, after = of.say, of.before, of.after
    if of.schemes:
        product = of.plant.product
        parts = [
            say("comma").join(
                of.moved(name)
                if of.stays(name)
                else say("to", told=of.moved(name), value=three(after[name]))
                for name in of.plant.headlines
                if name != product and (before[name] or after[name])
            )
        ]
        if product:
            was, becomes = three(before[product]), three(after[product])
            unit = of.names.unit(after.units[product])
            parts.append(say("output", product=of.product, was=was, becomes=becomes, unit=unit))
        yield say("semicolon").join(filter(None, parts))
    if of.money is not None:
        total = of.money.rows[len(of.money.steps)]
        once = say("not_in_full")
        if total.investment is not None:
            once = say("amount", amount=of.amount(total.investment), unit=of.times)
        yield say("money", once=once, net=of.amount(total.net), unit=of.times)
    yield say("closes", noun=of.noun)
    if before.kept is not None and after.kept is not None:
        beyond = (sum(e.beyond > 0.0 for e in kept.exposures.values())
                  for kept in (before.kept, after.kept))  # fmt: skip
        yield say("beyond_limits", **dict(zip(("before", "after"), beyond, strict=True)))


@section("plan")
def plan(of: Audit) -> Iterator[Block]:
    """Tell of stage 1."""
    say = of.say
    processes = (of.names.called("processes", name) for name in of.plant.processes)
    rows = [
        (say("audited_unit"), of.names.text(of.says.subject) or of.plant_name),
        (say("boundary"), of.names.text(of.says.boundary) or say("comma").join(processes)),
        (say("design_audited"), of.name),
        (say("compared_with"), say("without_schemes", noun=of.noun)),
        (say("period"), of.conditions),
        (say("books"), say("books_are")),
        (say("team"), say("team_is")),
        (say("dates"), say("dates_are")),
    ]
    yield Table(say("plan_of"), (say("item"), say("content")), rows, left=(0, 1))
    yield Text(say("is_to"))
    goals = ("goal_losses", "goal_schemes", "goal_watch")
    yield Listing((say("goal_balance", noun=of.noun), *map(say, goals)))


@section("year")
def year(of: Audit) -> Iterator[Block]:
    """Tell every figure of both years."""
    say, before, after = of.say, of.before, of.after
    rows = []
    for name, mean in after.means.items():
        if name == "closure":
            continue
        was = before[name]
        unit, _, counted = after.units[name].partition(" as ")
        about = of.names.figure(name)
        if counted:
            about = say("counted_as", what=about, counted=of.names.text(counted))
        row = [about, of.names.unit(unit), readable(was), readable(mean.mean),
               readable(gained(was, mean.mean))]  # fmt: skip
        if mean.n > 1:
            row.append(readable(mean.half_width))
        rows.append(row)
    header = [*map(say, ("the_year", "unit", "before", "after", "change"))]
    if len(after.indicators) > 1:
        header.append(say("after_interval"))
    yield Table(say("inputs"), header, rows, left=(0, 1), note=say("year_note"))


@section("basis")
def basis(of: Audit) -> Iterator[Block]:
    """Tell what the floors are, and of which parameters the designs consist."""
    say = of.say
    if of.scorecard:
        rows = [
            (of.names.text(score.name), three(score.floor), of.names.unit(score.unit),
             of.names.text(score.floor_is))
            for score in of.scorecard
        ]  # fmt: skip
        heads = tuple(map(say, ("score", "floor", "unit", "floor_is")))
        yield Table(say("floors"), heads, rows, left=(0, 2, 3))
    prints = list(
        {of.names.called("designs", s.name): s.hash for s in (of.before, of.after)}.items()
    )
    yield Table(say("fingerprints"), (say("design"), say("fingerprint")), prints, left=(0, 1))


@section("pre-assessment")
def pre_assessment(of: Audit) -> Iterator[Block]:
    """Tell of stage 2: what is lost by process, in tonnes and in money."""
    say = of.say
    tonnes = [lost(side, of) for side in (of.before, of.after)]
    costs = [each for each in (of.costs(of.before), of.costs(of.after)) if each is not None]
    found = [{name: sum(parts.values()) for name, parts in each.losses().items()} for each in costs]
    first = found[0] if found else tonnes[0]
    names = [name for name in of.plant.processes if any(name in each for each in tonnes)]
    names.sort(key=lambda name: -first.get(name, 0.0))
    rows = [
        [
            of.names.called("processes", name),
            *(three(each.get(name, 0.0)) for each in tonnes),
            *(of.amount(each.get(name, 0.0)) for each in found),
        ]
        for name in names
    ]
    if not rows:
        yield Text(say("nothing_lost", plant=of.plant_name))
        return
    sums = [three(sum(each.values())) for each in tonnes]
    rows.append([of.whole, *sums, *(of.amount(each.lost) for each in costs)])
    header = [say("process"), say("lost_before", what=of.followed_word), say("lost_after")]
    if found:
        header += [say("cost_before", unit=of.unit), say("cost_after", unit=of.unit)]
    as_what, where = of.names.text(of.says.followed_as), of.names.text(of.says.losses_note)
    yield Table(
        say("losses_by_process", noun=of.noun),
        header,
        rows,
        strong=(len(rows) - 1,),
        note=say("losses_note", what=of.followed_word, as_what=as_what, where=where)
        if as_what
        else "",
    )
    if found:
        before, losses = costs[0], found[0]
        worst = max(losses, key=lambda name: losses[name])
        yield Text(
            say(
                "focus",
                process=of.names.called("processes", worst),
                lost=of.amount(before.lost),
                unit=of.times,
                noun=of.noun,
                share=f"{losses[worst] / before.lost:.0%}",
            )
        )


def lost(side: Side, of: Audit) -> dict[str, float]:
    """Return what is followed and leaves unsold, by process, t/yr."""
    found: dict[str, float] = {}
    known = process_of(of.plant)
    for entry, kg in side.flows.items():
        if entry.medium not in (INTERNAL, *SOLD):
            name = known[entry.source]
            found[name] = found.get(name, 0.0) + float(sum(kg[i] for i in of.followed)) / KG
    return found
