"""What moderators are told of the weekly tip: on Home, and in a direct message to those who asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from commands import home
from commands.kit.command import action
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Style, View, line
from commands.kit.view import quiet as small
from commands.mod import posts, setup
from commands.mod.tips import add, post, queue, sample, troubles
from commands.mod.tips import schedule as when_and_where
from commands.tips import tip_card
from content.outcomes import Outcome
from content.text import At, Channel, DateStyle, Text, _, plural
from storage import firing, library, moderator_notes, postings, schedules
from storage import trouble as kept
from storage.firing import FEW_LEFT, MISSED, NOTHING, QUIET
from storage.library import FEW
from storage.members import Me
from storage.moments import moment
from storage.postings import TROUBLE
from storage.schedules import OFF, ON, Schedule
from storage.tip_states import DOUBTFUL, FAILED
from storage.unit import Unit

FORTNIGHT = 2


@notice(MISSED)
async def missed(ctx: Context, schedule: int, count: int, at: int) -> Card | None:
    """Slots that passed while nobody could post."""
    found = await _on(ctx, schedule)
    if found is None:
        return None
    what = plural(
        "{count} weekly tip was not posted, since I was not running at its time, the last on {moment}.",
        "{count} weekly tips were not posted, since I was not running at their times, the last on {moment}.",
        count,
        moment=_moment(found, at),
    )
    body = (what, _("Nothing was posted late in a burst, and no tip is lost: they wait in the queue."))
    return _card(_("Weekly tips were missed"), body, Button(_("Post one now"), post.post(), Style.PRIMARY))


@notice(NOTHING)
async def nothing(ctx: Context, schedule: int, at: int) -> Card | None:
    """A slot that passed because there was no tip for it."""
    found = await _on(ctx, schedule)
    if found is None:
        return None
    body: tuple[Element, ...] = (_("On {moment} there was no tip to post.", moment=_moment(found, at)),)
    if found.plan.asks:
        body += (_("The queue was empty, and nobody had said yes to the tip of the library that I proposed."),)
    else:
        body += (_("The queue was empty, and each tip of the library has had its turn within the last 50 weeks."),)
    write = Button(_("Write a tip"), add.add(), Style.PRIMARY)
    return _card(_("No tip went out"), body, write, Button(_("Post one now"), post.post()))


@notice(FEW_LEFT)
async def few_left(ctx: Context, outcome: str) -> Card | None:
    """The library of an outcome comes to its end."""
    track = Outcome(outcome)
    ids = ctx.content.tips_by_outcome.get(track, ())
    left = await ctx.store.read(library.unused, ctx.community.id, ids)
    if left > FEW:
        return None
    what = plural(
        "{count} tip of the library for {outcome} has not gone out yet.",
        "{count} tips of the library for {outcome} have not gone out yet.",
        left,
        outcome=track.name_only,
    )
    body = (what, _("After that the oldest come again, none within 50 weeks. Your own tips always go first."))
    return _card(_("The library runs low"), body, Button(_("Write a tip"), add.add(), Style.PRIMARY))


@notice(QUIET)
async def quiet(ctx: Context, schedule: int) -> Card | None:
    """Four tips in a row that nobody pressed: go on, less often, or rest?"""
    found = await _on(ctx, schedule)
    if found is None or found.state != ON or not await ctx.store.read(firing.is_quiet, schedule):
        return None
    body = (
        _("Nobody has pressed a button on the last {count} weekly tips.", count=firing.UNPRESSED),
        _("Members may read them all the same. Go on as it is, post every second week, or pause?"),
    )
    less = Button(_("Every second week"), fortnightly(schedule))
    rare = found.plan.weekly.weeks != 1
    go_on, pause = Button(_("Go on"), keep(schedule), Style.PRIMARY), Button(_("Pause"), rest(schedule))
    ways = (go_on, pause) if rare else (go_on, less, pause)
    return Card(_("Does anybody use the tips?"), body, (*ways, Button(_("Home"), home.home())))


@action("tip-note.keep", moderators=True)
async def keep(ctx: Context, schedule: int) -> View:
    await ctx.store.write(_settle, ctx.me, schedule, None)
    return await shown(ctx, schedule, _("It goes on as it is. I ask again only after four more."))


@action("tip-note.fortnightly", moderators=True)
async def fortnightly(ctx: Context, schedule: int) -> View:
    await ctx.store.write(_settle, ctx.me, schedule, FORTNIGHT)
    return await shown(ctx, schedule, _("From the next one on it goes out every second week."))


@action("tip-note.pause", moderators=True)
async def rest(ctx: Context, schedule: int) -> View:
    await ctx.store.write(_settle, ctx.me, schedule, 0)
    return await shown(ctx, schedule, _("Paused. It goes out again when you resume it."))


@notice(TROUBLE)
async def trouble(ctx: Context, posting: int) -> Card | None:
    """A tip that did not come, or of which nobody knows."""
    found = await ctx.store.read(postings.find, ctx.community.id, posting)
    if found is None or found.state not in {FAILED, DOUBTFUL}:
        return None
    meant = await sample.read(ctx, found.tip)
    title = sample.titled(ctx, meant) if meant else tip_card.GONE
    there = Channel(found.channel)
    if found.state == DOUBTFUL:
        what = _("I don't know whether this tip arrived in {channel}. Please look there, then decide.", channel=there)
        look = Button(_("Look at them"), posts.look(), Style.PRIMARY)
        return _card(_("Is the tip there?"), (line(Bold(title)), what, *_told_here(ctx)), look, _stop())
    why = await ctx.store.read(kept.why, ctx.community.id, posting)
    kept_back = _("The tip is not lost: it can go out another time.")
    body = (line(Bold(title)), troubles.said(why, found.channel), kept_back, *_told_here(ctx))
    change = Button(_("When and where"), when_and_where.schedule(), Style.PRIMARY)
    return _card(_("A tip did not come"), body, change, Button(_("Post one now"), post.post()), _stop())


async def shown(ctx: Context, schedule: int, told: Text) -> Card:
    """The schedule as it is now."""
    return await when_and_where.show(ctx, schedule, (told,))


async def _on(ctx: Context, schedule: int) -> Schedule | None:
    """The schedule, while it is not switched off."""
    found = await ctx.store.read(schedules.find, ctx.community.id, schedule)
    return None if found is None or found.state == OFF else found


def _told_here(ctx: Context) -> tuple[Element, ...]:
    """Why this comes as a direct message, and how it stops; Home shows such posts in a way of its own."""
    here = _("You asked to be told here what concerns moderators of {community}.", community=ctx.community.name)
    return small(here), small(_("To stop it, press the button."))


def _stop() -> Button:
    return Button(_("Stop telling me here"), setup.stop_telling())


def _moment(found: Schedule, at: int) -> At:
    return At(moment(at), DateStyle.BOTH, found.plan.weekly.zone)


def _card(title: Text, body: Sequence[Element], *ways: Button) -> Card:
    return Card(title, body, (*ways, Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home())))


def _settle(unit: Unit, me: Me, schedule: int, weeks: int | None) -> None:
    """What was asked is answered: go on, every so many weeks, or (0) pause."""
    if weeks:
        schedules.every(unit, me, schedule, weeks)
    elif weeks == 0:
        schedules.pause(unit, me, schedule, on=True)
    moderator_notes.settle_of(unit, me.community, QUIET, schedule=schedule)
