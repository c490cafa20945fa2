"""A matching day as moderators see it, whatever its state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from commands import home
from commands.kit.errors import out_of_date
from commands.kit.request import Context
from commands.kit.view import Button, Card, Divider, Element, Progress, Style, heading, quiet
from commands.mod import matching
from commands.mod.round import earlier, points, preview, recruit, report, run, weakest
from content.text import At, DateStyle, Text, _, plural
from storage import round_pairs, rounds
from storage.round_figures import Figures
from storage.round_pairs import Counts
from storage.round_states import Failure, RoundState
from storage.rounds import Round

TITLE = _("Mentor matching day")
FAILURES = {
    Failure.CRASHED: _("The pairs could not be worked out: the process that does it ended before it was done."),
    Failure.TOO_MANY: _(
        "The pairs could not be worked out: those who take part name more than 64 skills, or more than 16 languages."
    ),
}


async def latest(ctx: Context) -> Card:
    """The one that was ordered last."""
    found = await ctx.store.read(rounds.latest, ctx.community.id)
    if found is None:
        raise out_of_date()
    return await _shown(ctx, found)


async def one(ctx: Context, round_id: int, told: Text | None = None) -> Card:
    """This one, as it is now."""
    found = await ctx.store.read(rounds.find, ctx.community.id, round_id)
    if found is None:
        raise out_of_date()
    return await _shown(ctx, found, told)


async def confirm(ctx: Context, round_id: int) -> Card:
    """How many matches and messages *Run* makes, and until when they go out."""
    found = await ctx.store.read(rounds.find, ctx.community.id, round_id)
    if found is None or found.state is not RoundState.READY:
        return await one(ctx, round_id)
    counts = await ctx.store.read(round_pairs.counts, round_id, found.figures.floor)
    if not counts.wanted:
        return await one(ctx, round_id)
    body = (
        plural("{count} match is made.", "{count} matches are made.", counts.wanted),
        messages(ctx, found.figures, counts.wanted, ctx.now),
        _("Whoever is left over keeps waiting with priority, and reads why on Home; no message goes to them."),
        _("It cannot be taken back for all at once: for 72 hours either of two can let go, with their turn kept."),
    )
    yes = plural("Make {count} match", "Make {count} matches", counts.wanted)
    ways = (
        Button(yes, run.make(round_id, counts.wanted), Style.DANGER),
        Button(_("The pairs"), weakest.pairs(round_id, 0)),
        Button(_("Not now"), preview.look(round_id)),
        Button(_("Home"), home.home()),
    )
    return Card(_("Hold the matching day?"), body, ways)


def ask_drop(round_id: int) -> Card:
    """What dropping means."""
    body = (_("Nobody is matched, and nobody hears of it. Which pairs you left out is forgotten."),)
    ways = (Button(_("Drop it"), preview.drop(round_id), Style.DANGER), Button(_("Keep it"), preview.look(round_id)))
    return Card(_("Drop this matching day?"), body, (*ways, Button(_("Home"), home.home())))


def messages(ctx: Context, figures: Figures, matches: int, since: dt.datetime) -> Text:
    """Both of each match are told, as quickly as the platform lets us."""
    until = since + dt.timedelta(seconds=matches * 2 * figures.pace)
    if until - since < dt.timedelta(minutes=1):
        return plural("{count} message goes out at once.", "{count} messages go out, within a minute.", matches * 2)
    moment = At(until, DateStyle.BOTH, ctx.zone or ctx.community.zone)
    return plural(
        "{count} message goes out, by {moment}.", "{count} messages go out one by one, the last by {moment}.",
        matches * 2, moment=moment,
    )  # fmt: skip


async def _shown(ctx: Context, found: Round, told: Text | None = None) -> Card:
    first = (told,) if told else ()
    match found.state:
        case RoundState.ORDERED | RoundState.SOLVING:
            return _solving(found, first)
        case RoundState.FAILED:
            body = (*first, FAILURES[found.failure or Failure.CRASHED], _("Nobody was matched, and nobody was told."))
            again = Button(_("Try again"), preview.again(found.id), Style.PRIMARY)
            return Card(TITLE, body, (again, *_ways()))
        case RoundState.DROPPED:
            body = first or (_("This look at a matching day was dropped."),)
            return Card(TITLE, body, (Button(_("Look anew"), preview.preview(), Style.PRIMARY), *_ways()))
    counts = await ctx.store.read(round_pairs.counts, found.id, found.figures.floor)
    if found.state is RoundState.READY:
        return _ready(ctx, found, counts, first)
    return _run(ctx, found, counts, first)


def _solving(found: Round, first: Sequence[Text]) -> Card:
    said = _("{percent} % worked out", percent=found.progress // 10)
    body: tuple[Element, ...] = (
        *first,
        _("The best pairs are being worked out. Nobody is told of it."),
        Progress(found.progress, 1000 - found.progress, said),
    )
    ways = (
        Button(_("Look again"), preview.look(found.id), Style.PRIMARY),
        Button(_("Drop"), preview.ask_drop(found.id)),
        Button(_("Home"), home.home()),
    )
    return Card(TITLE, body, ways)


def _ready(ctx: Context, found: Round, counts: Counts, first: Sequence[Text]) -> Card:
    figures = found.figures
    body: list[Element] = [*first, *_outlook(figures), *left_over(figures)]
    if counts.out:
        body.append(plural("You left {count} pair out.", "You left {count} pairs out.", counts.out))
    if counts.wanted:
        body.append(quiet(messages(ctx, figures, counts.wanted, ctx.now)))
    ways = (
        *((Button(_("Run"), run.confirm(found.id), Style.PRIMARY),) if counts.wanted else ()),
        *(_pairs(found) if figures.matched else ()),
        Button(_("Work it out anew"), preview.again(found.id)),
        Button(_("Drop"), preview.ask_drop(found.id)),
        *((Button(_("Who could help"), recruit.compass(found.id)),) if found.compass else ()),
    )
    return Card(TITLE, tuple(body), (*ways, *_ways()))


def _outlook(figures: Figures) -> list[Element]:
    """What *Run* would come to, in plain words."""
    body: list[Element] = [
        plural(
            "{matched} of {count} member who waits would be matched.",
            "{matched} of {count} members who wait would be matched.", figures.waiting, matched=figures.matched,
        ),
        plural(
            "{places} free places with {count} mentor who takes part.",
            "{places} free places with {count} mentors who take part.", figures.mentors, places=figures.places,
        ),
    ]  # fmt: skip
    if figures.matched:
        if figures.proven:
            body.append(_("No other arrangement would match more people. Who has waited longest comes first."))
        percent = max(0.01, round(figures.gap * 100, 2))
        body.append(_("No other pairs of as many would fit more than {percent} % better in all.", percent=percent))
        body.append(
            _("The weakest pair has {points} of 100 points.", points=points.shown(points.tenths(figures.worst)))
        )
    return body


def left_over(figures: Figures) -> list[Element]:
    """How many have nobody, by what they lack."""
    over = sum(figures.left.values())
    if not over:
        return []
    reasons = sorted(figures.left.items(), key=lambda each: -each[1])
    lines = [_("{count}: {why}", count=count, why=why.label) for why, count in reasons]
    return [heading(plural("{count} left over", "{count} left over", over)), *lines]


def _run(ctx: Context, found: Round, counts: Counts, first: Sequence[Text]) -> Card:
    done, every = counts.made + counts.gone, counts.made + counts.gone + counts.wanted
    made = plural("{count} match was made.", "{count} matches were made.", counts.made)
    if found.state is RoundState.RUNNING:
        said = _("{done} of {every} pairs", done=done, every=every)
        body: list[Element] = [*first, _("The matches are being made."), Progress(done, every - done, said)]
        again = Button(_("Look again"), preview.look(found.id), Style.PRIMARY)
        return Card(TITLE, tuple(body), (again, Button(_("Home"), home.home())))
    end = messages(ctx, found.figures, counts.made, found.ran_at or ctx.now)
    told: list[Element] = [*first, made, *([quiet(end)] if counts.made else [])]
    if counts.gone:
        told.append(
            plural(
                "{count} pair could no longer be made; who waits keeps their turn.",
                "{count} pairs could no longer be made; who waits keeps their turn.", counts.gone,
            )
        )  # fmt: skip
    if counts.out:
        told.append(plural("{count} pair was left out.", "{count} pairs were left out.", counts.out))
    told += [*left_over(found.figures), Divider(), quiet(_held(ctx, found))]
    ways = (
        *(_pairs(found)[1:] if found.figures.matched else ()),
        *((Button(_("Who could help"), recruit.compass(found.id)),) if found.compass else ()),
        Button(_("Look at the next one"), preview.preview()),
    )
    return Card(TITLE, tuple(told), (*ways, *_ways()))


def _held(ctx: Context, found: Round) -> Text:
    moment = At(found.ran_at or found.at, DateStyle.BOTH, ctx.zone or ctx.community.zone)
    return _("Held by itself on {moment}", moment=moment) if found.scheduled else _("Held on {moment}", moment=moment)


def _pairs(found: Round) -> tuple[Button, ...]:
    return (Button(_("The pairs"), weakest.pairs(found.id, 0)), Button(_("Report as CSV"), report.report(found.id)))


def _ways() -> tuple[Button, ...]:
    return (
        Button(_("When it is held"), matching.days()),
        Button(_("Earlier matching days"), earlier.past()),
        Button(_("Home"), home.home()),
    )
