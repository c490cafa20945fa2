"""`/pmpath-mod tips queue`: what goes out next, in order, and what members suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands import home
from commands.kit.command import action, command
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Buttons, Card, Element, Section, Style, View, line
from commands.kit.wording import short
from commands.mod import posts
from commands.mod.tips import add, one, proposal, sample, schedule
from commands.tips import tip_card
from content.text import At, DateStyle, Text, _, plural, quoted
from storage import next_up, postings, tips
from storage.firing import Choice
from storage.library import Library
from storage.postings import Posting, Stop
from storage.schedules import Schedule
from storage.tip_states import DOUBTFUL, PAUSED, STOPPING, SUGGESTED
from storage.tips import Tip
from storage.unit import Unit

PAGE = 5
COMING_MOST = 2  # the others follow when these are out; a card has room for no more
SUGGESTIONS = 4
TITLE_MAX = 60


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue at one moment."""

    suggested: int
    coming: tuple[Posting, ...]
    waiting: tuple[Tip, ...]
    first: int
    total: int
    afterwards: Choice | None
    next_schedule: Schedule | None


@command(
    _("The tips that go out next: order, edit, skip; decide on suggestions"),
    example="/pmpath-mod tips queue",
    aliases=("队列",),
)
async def queue(ctx: Context) -> View:
    return await show(ctx, 0)


@action("tip-queue.page", moderators=True)
async def page(ctx: Context, first: int) -> View:
    return await show(ctx, first)


@action("tips.suggestions", moderators=True)
async def suggestions(ctx: Context) -> View:
    return await suggested(ctx)


@action("tip-queue.stop", moderators=True)
async def stop(ctx: Context, posting: int) -> View:
    """What has its slot is not to go out."""
    own = await ctx.store.read(postings.find, ctx.community.id, posting)
    ended = await ctx.store.write(postings.stop, ctx.me, posting)
    return await show(ctx, 0, (_stopped(ended, own=own is not None and own.tip.isdecimal()),))


@action("tip-queue.pass-over", moderators=True)
async def pass_over(ctx: Context, tip: str) -> View:
    """The library's next lets its turn pass."""
    done = await ctx.store.write(next_up.pass_over, ctx.me, tip, ctx.content.tips_by_outcome)
    said = (
        _("Skipped: it has had its turn.") if done else _("That one is not the next any more; this is how it is now.")
    )
    return await show(ctx, 0, (said,))


async def show(ctx: Context, first: int, told: Sequence[Text] = ()) -> Card:
    """What waits for a decision, what has its slot, the queue by pages, and what comes when it is empty."""
    found = await ctx.store.read(_read, ctx.community.id, first, ctx.content.tips_by_outcome)
    body: list[Element] = [*told]
    if found.suggested:
        what = plural("{count} suggestion waits for you.", "{count} suggestions wait for you.", found.suggested)
        body.append(Section(line(what), Button(_("Decide"), suggestions(), Style.PRIMARY)))
    body += [await _coming(ctx, each) for each in found.coming[:COMING_MOST]]
    body += [_queued(ctx, each, place) for place, each in enumerate(found.waiting, found.first + 1)]
    if not found.total:
        body.append(_("The queue is empty."))
    body += pages(page, found.first, PAGE, found.total)
    return Card(_("The queue of tips"), (*body, _afterwards(ctx, found)), _ways(found))


async def suggested(ctx: Context, told: Sequence[Text] = ()) -> Card:
    """What members suggest, the oldest first: read it, take it, or decline it."""
    found = await ctx.store.read(tips.suggestions, ctx.community.id, SUGGESTIONS)
    body: list[Element] = [*told]
    for each in found:
        who = _("{outcome}, from {name}", outcome=each.outcome.name_only, name=each.by or _("a member no longer here"))
        head = line(Bold(own_title(ctx, each, TITLE_MAX)), _(" ({who})", who=who))
        body.append(Section(head, Button(_("Read it"), one.opened(each.id))))
        yes = Button(_("Into the queue"), one.approve(each.id, each.rev), Style.PRIMARY)
        body.append(Buttons((yes, Button(_("Decline"), one.ask_drop(each.id, each.rev)))))
    if not found:
        body.append(_("None waits for you."))
    ways = (Button(_("The queue"), page(0)), Button(_("Home"), home.home()))
    return Card(_("Suggested by members"), tuple(body), ways)


def own_title(ctx: Context, tip: Tip, most: int) -> Text:
    """A tip's title in the reader's language, or in the one it has; of a long one the beginning."""
    title, _text = tip.said.get(ctx.language) or next(iter(tip.said.values()))
    return short(quoted(title), ctx.language, ctx.content.catalogue, most)


def _read(unit: Unit, community_id: int, first: int, ids: Library) -> Queue:
    total = tips.count(unit, community_id, *tips.WAITING)
    first = page_start(first, PAGE, total)
    return Queue(
        tips.count(unit, community_id, SUGGESTED),
        tuple(postings.coming(unit, community_id)),
        tuple(tips.queue(unit, community_id, first, PAGE)),
        first,
        total,
        next_up.from_library(unit, community_id, None, ids),
        next_up.schedule(unit, community_id),
    )


async def _coming(ctx: Context, posting: Posting) -> Element:
    """One that has its slot, with *Stop it* while that can be."""
    meant = await sample.read(ctx, posting.tip)
    title = sample.titled(ctx, meant) if meant else tip_card.GONE
    at = At(posting.post_at, DateStyle.BOTH, ctx.community.zone)
    if posting.state == STOPPING:
        return _("Being taken back, was to go out on {moment}: {title}", moment=at, title=title)
    if posting.state == DOUBTFUL:
        what = _("Perhaps posted on {moment}: {title}", moment=at, title=title)
        return Section(line(what), Button(_("Look at them"), posts.look()))
    what = _("Goes out on {moment}: {title}", moment=at, title=title)
    return Section(line(what), Button(_("Stop it"), stop(posting.id), Style.DANGER))


def _queued(ctx: Context, tip: Tip, place: int) -> Element:
    how = _("{outcome}, paused", outcome=tip.outcome.name_only) if tip.state == PAUSED else tip.outcome.name_only
    head = line(_("{place}. ", place=place), Bold(own_title(ctx, tip, TITLE_MAX)), _(" ({who})", who=how))
    return Section(head, Button(_("Open"), one.opened(tip.id)))


def _afterwards(ctx: Context, found: Queue) -> Text:
    """What comes when the queue is empty."""
    choice = found.afterwards
    if choice is None:
        return _("When the queue is empty nothing goes out: each tip of the library has had its turn this year.")
    title = ctx.content.tips[choice.tip].title
    if found.next_schedule is None:
        return _("No tip goes out by itself now. The library's next would be: {title}", title=title)
    if found.next_schedule.plan.asks and not found.next_schedule.agreed:
        return _("When the queue is empty I ask you before the library's next goes out: {title}", title=title)
    if found.total:
        return _("When the queue is empty the library's next goes out: {title}", title=title)
    return _("The library's next goes out: {title}", title=title)


def _ways(found: Queue) -> tuple[Button, ...]:
    choice = found.afterwards
    skip = () if choice is None else (Button(_("Skip the library's next"), pass_over(choice.tip)),)
    return (
        Button(_("Write a tip"), add.add(), Style.PRIMARY),
        *skip,
        Button(_("What fits us now?"), proposal.propose()),
        Button(_("When and where"), schedule.schedule()),
        Button(_("Home"), home.home()),
    )


def _stopped(ended: Stop, *, own: bool) -> Text:
    match ended:
        case Stop.STOPPED if own:
            return _("Stopped: it does not go out. It waits in the queue, paused.")
        case Stop.STOPPED:
            return _("Stopped: it does not go out. The next time another one of the library does.")
        case Stop.ON_ITS_WAY:
            return _("I am taking it back from Slack. Open the queue again to see whether that was in time.")
        case Stop.NOT_YET:
            return _("It is being handed to Slack at this moment. Press Stop it again in a minute.")
    return _("Too late: it is out, or goes out within a minute.")
