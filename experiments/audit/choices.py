"""Stages 4 and 5: the options, and whether they are feasible; their details in the appendix."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from experiments.audit.basis import MOST_PLAYERS, Audit
from experiments.audit.document import Block, Table, Text, section
from experiments.studies.attribute.attribution import METHODS, Attribution
from experiments.studies.cube.cube import MOST_SCHEMES
from plant_models.methods.appraisal import Appraisal
from plant_models.methods.cost_classes import with_a_payback
from sim.model.schemes import Scheme, natural
from sim.tables import percent, three


@section("options")
def options(of: Audit) -> Iterator[Block]:
    """Tell stage 4: every scheme of the catalogue, with its class and fate."""
    say = of.say
    rows = []
    for scheme in _listed(of):
        title = of.title(scheme.id)
        rows.append(
            (
                scheme.id,
                say("illustrative_scheme", title=title) if scheme.illustrative else title,
                of.names.called("classes", scheme.cost_class),
                of.places(scheme.target),
                say("chosen" if scheme.id in of.schemes else "not_chosen"),
            )
        )
    class_word = "class_in_source" if of.plant.printed_note else "class"
    header = tuple(map(say, ("scheme", "title", class_word, "where", "fate")))
    yield Table(say("catalogue"), header, rows, left=range(5))
    if not of.schemes:
        yield Text(say("nothing_to_share"))


@section("shares")
def shares(of: Audit) -> Iterator[Block]:
    """Tell what is done in each scheme, and what a single one brings by five methods."""
    say = of.say
    rows = [(scheme.id, of.lever(scheme.id)) for scheme in _listed(of)]
    yield Table(say("catalogue"), (say("scheme"), say("what_is_done")), rows, left=(0, 1))
    if not of.schemes:
        yield Text(say("nothing_to_share"))
        return
    said = say("not_identifiable" if of.plant.printed_note else "not_measured")
    if len(of.schemes) > MOST_PLAYERS:
        sets = f"{2 ** len(of.schemes):,}"
        yield Text(say("too_many", number=len(of.schemes), sets=sets, most=MOST_SCHEMES, said=said))
        return
    if not of.shares:
        yield Text(say("no_emissions_to_share", plant=of.plant_name))
        return
    yield Text(say("methods", said=said))
    yield from (_shared(each, of) for each in of.shares)


def _listed(of: Audit) -> list[Scheme]:
    """Return the schemes that the report tells, in the order of their numbers."""
    known = sorted(of.known.values(), key=lambda scheme: natural(scheme.id))
    return [each for each in known if not each.illustrative or each.id in of.schemes]


def _shared(share: Attribution, of: Audit) -> Table:
    splits: dict[str, Mapping[str, float] | None] = {name: share.splits[name] for name in METHODS}
    rows = [
        [player, *("" if split is None else three(split[player]) for split in splits.values())]
        for player in share.terms.players
    ]
    sums = ("" if split is None else three(sum(split.values())) for split in splits.values())
    rows.append([of.say("sum"), *sums])
    unit = of.names.unit(share.figure.unit)
    heads = (of.names.called("methods", name) for name in METHODS)
    return Table(
        of.say(
            "by_method",
            what=of.names.figure(share.figure.name),
            word=of.names.called("words", share.figure.word),
            unit=unit,
        ),
        (of.say("scheme"), *heads),
        rows,
        strong=(len(rows) - 1,),
        note=of.say("together", amount=three(share.game.together), unit=unit),
    )


@section("feasibility")
def feasibility(of: Audit) -> Iterator[Block]:
    """Tell of stage 5: technical, environmental, economic."""
    say = of.say
    yield Text(say("technical", number=len(of.explained.rows)))
    moved = map(of.moved, of.says.leading or of.plant.headlines)
    yield Text(say("environmental", moved=say("comma").join(moved)))
    yield from _environmental(of)
    yield from _economic(of)


@section("parameters")
def parameters(of: Audit) -> Iterator[Block]:
    """Tell every parameter that the schemes change: from what, to what, on whose word."""
    told = of.explained
    rows = [
        (
            row.path,
            of.meaning(row.meaning),
            *map(of.value, told._cells(row)[1:3]),
            *told._cells(row)[3:5],
            of.evidence(row.evidence),
            of.note(row.note),
        )
        for row in told.rows
    ]
    heads = ("parameter", "what", "before", "after", "unit", "by", "evidence", "note")
    yield Table(
        of.say("changed"),
        tuple(map(of.say, heads)),
        rows,
        left=range(8),
        note="" if rows else of.say("nothing_changes"),
    )


def _environmental(of: Audit) -> Iterator[Block]:
    say, says, plant = of.say, of.says, of.plant
    burdens = says.burdens or (*plant.emissions, *plant.utilities)
    if not burdens:
        yield Text(say("no_burdens", plant=of.plant_name))
        return
    printed = plant.printed_reductions(of.before.variant.schemes, of.schemes)
    rows = []
    for name in burdens:
        was, becomes = of.before[name], of.after[name]
        if was == becomes == 0.0:
            continue
        row = [of.names.figure(name), of.names.unit(of.after.units[name]), three(was),
               three(becomes), _signed(becomes - was)]  # fmt: skip
        if plant.product:
            made = of.before[plant.product], of.after[plant.product]
            told = was and all(made)  # a short run may have made nothing
            change = (becomes / made[1]) / (was / made[0]) - 1.0 if told else 0.0
            row.append(_share(math.copysign(1.0, was) * change) if told else "")
        if printed:
            row.append(three(-printed[name]) if name in printed else "")
        rows.append(row)
    heads = ["burden", "unit", "before", "after", "change"]
    heads += ["per_tonne"] * bool(plant.product) + ["source"] * bool(printed)
    note = of.names.text(says.printed_note if printed else says.unprinted_note)
    yield Table(say("all_media"), tuple(map(say, heads)), rows, left=(0, 1), note=note)


def _signed(change: float) -> str:
    """Return a change; a rise says that it is one.

    >>> _signed(406.0), _signed(-54.0), _signed(0.0)
    ('+406', '-54.0', '0')
    """
    return f"{'+' * (change > 0.0)}{three(change)}"


def _share(change: float) -> str:
    """Return a relative change; what is rounded to nothing has no sign.

    >>> _share(-0.0004), _share(-0.0006), _share(0.312)
    ('0.0%', '-0.1%', '+31.2%')
    """
    return f"{change:+.1%}" if abs(change) >= 0.0005 else "0.0%"


def _economic(of: Audit) -> Iterator[Block]:
    say = of.say
    if of.prices is None:
        yield Text(say("no_prices", plant=of.plant_name))
        return
    terms, note = of.prices.tree, of.names.text(of.says.investments_note)
    yield Text(
        say(
            "economic",
            rate=percent(terms.interest_rate),
            horizon=terms.horizon,
            note=f"{say('semicolon')}{note}" if note else "",
        )
    )
    if of.money is not None:
        sums = len(of.money.rows) - len(of.money.steps)
        yield _appraised(say("chosen_schemes"), of.money.rows, of, sums=sums)
        yield from _in_time(of)
    if of.left:
        yield _appraised(say("next_steps"), of.left, of)


def _in_time(of: Audit) -> Iterator[Block]:
    """Tell which steps do something of which the money above knows nothing."""
    kept = of.after.variant.in_time_alone(of.schemes)
    told = (f"{name} ({', '.join(paths)})" for name, paths in kept.items())
    if kept:
        yield Text(of.say("in_time", list=of.say("semicolon").join(told)))


@section("beyond")
def beyond(of: Audit) -> Iterator[Block]:
    """Tell of what no source names: options of our own, screened at constant conditions."""
    known = {
        scheme.id: scheme
        for name in of.plant.catalogues
        for scheme in of.plant.own_schemes(catalogue=name).values()
    }
    titles = (
        of.say("titled", scheme=row.name, title=of.title_of(known[row.name])) for row in of.beyond
    )
    yield Text(of.say("beyond", titles=of.say("semicolon").join(titles)))
    yield _appraised(of.say("own_options"), of.beyond, of)


def _appraised(caption: str, rows: Sequence[Appraisal], of: Audit, sums: int = 0) -> Table:
    say = of.say
    printed = of.money.printed if of.money else {}
    told = bool(of.economy.printed())
    cells = []
    for row in rows:
        source = printed.get(row.name)
        said = source.payback if source and source.payback is not None else None
        cells.append(
            (
                of.names.called("steps", row.name),
                of.names.called("classes", row.cost_class.name) if row.cost_class else of.unknown,
                of.amount(row.investment),
                of.amount(row.income),
                of.amount(row.operating_cost),
                of.amount(row.net),
                years(row, of),
                *(["" if said is None else f"{said:g}"] if told else []),
                of.amount(row.present_value),
                _internal(row, of),
                verdict(row, of),
            )
        )
    limits = [
        say("longest", name=of.names.called("classes", one.name), most=f"{one.longest_payback:g}")
        for one in with_a_payback(of.economy.cuts)
    ]
    header = [say("step"), say("class_by_investment")]
    header += [say(key, unit=of.unit) for key in ("once", "income", "cost", "net")]
    header += [say("payback"), *[say("source_payback")] * told]
    header += [say("present_value", unit=of.unit), say("internal"), say("tests")]
    return Table(
        caption, header, cells, left=(0, 1, len(header) - 1),
        strong=range(len(cells) - sums, len(cells)),
        note=say("tests_note", limits=say("comma").join(limits)),
    )  # fmt: skip


def _internal(row: Appraisal, of: Audit) -> str:
    """Return the internal rate of an investment; of what is free there is none."""
    return of.names.called("rates", str(row.internal)) if row.internal and row.investment else ""


def years(row: Appraisal, of: Audit) -> str:
    """Return a payback, yr; what is free and earns nothing pays nothing back."""
    if row.investment is None:
        return of.unknown
    if row.investment == 0.0 and row.net > 0.0:
        return of.say("at_once")
    paid = row.payback if row.net > 0.0 else None
    return of.say("not_within") if paid is None else three(paid)


def verdict(row: Appraisal, of: Audit) -> str:
    """Return which customary tests a step fails."""
    if not row.tests:
        return of.unknown
    failed = [of.names.called("tests", n) for n, passed in row.tests.items() if passed is False]
    return of.say("fails", what=of.say("comma").join(failed)) if failed else of.say("passes")
