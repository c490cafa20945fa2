"""*Wait for the next matching day*: what that is, what a mentor found there will see, and the waiting itself."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Button, Card, Style, View, quiet
from commands.mentor import find, wanted
from commands.mentor import look as looking
from content.text import At, DateStyle, Text, _
from storage import asks, candidates, pool, shelf
from storage.asks import Wanted
from storage.candidates import Seeker
from storage.members import Me
from storage.mentor_states import RELEASE_FOR, WAITS_FOR
from storage.mentorships import Taken
from storage.unit import Unit


@action("mentor.wait-first")
async def look(ctx: Context) -> View:
    seeker = await ctx.store.read(candidates.seeker, ctx.me)
    if seeker.ask is None:
        return await wanted.card(ctx)
    if seeker.has_mentor:
        return await find.show(ctx)
    mine, waits = seeker.ask, seeker.ask.waiting_since is not None
    gaps = wanted.open_gaps(ctx, await ctx.store.read(shelf.read, ctx.me), mine.wanted.track)
    ticked = tuple(each for each in gaps if each in mine.wanted.gaps) if waits else gaps
    body = (
        _("On a matching day all who wait are matched at once, so that as many as can be find a mentor. "
          "Nobody can promise that you do: who is left over comes first the next time."),
        _when(ctx, seeker),
        _("You wait for {days} days from now on. Either of a pair can let go of it within {hours} hours; "
          "you then wait as before.", days=WAITS_FOR.days, hours=int(RELEASE_FOR.total_seconds()) // 3600),
        _("A mentor whom you are matched with will see exactly this:"),
        *looking.shown(ctx, mine, gaps, wait(), ticked),
        quiet(_("Until then nobody sees that you wait. You can stop at any time under “My mentoring”.")),
    )  # fmt: skip
    label = _("Keep it so") if waits else _("Wait")
    ways = (
        Button(label, wait(), Style.PRIMARY, takes_values=True),
        Button(_("Back to the list"), find.find()),
        Button(_("Home"), home.home()),
    )
    return Card(_("Mentor matching day"), body, ways)


@action("mentor.wait", takes_values=True)
async def wait(ctx: Context) -> View:
    mine = await ctx.store.read(asks.mine, ctx.me)
    if mine is None:
        return await wanted.card(ctx)
    open_ = wanted.open_gaps(ctx, await ctx.store.read(shelf.read, ctx.me), mine.wanted.track)
    ticked = set(ctx.values.get(looking.GAPS, ()))
    gaps = tuple(each for each in open_ if each in ticked)
    if await ctx.store.write(begin, ctx.me, gaps) is not None:
        return await find.show(ctx)
    return await find.show(ctx, (_("You take part in the next matching day."),))


def begin(unit: Unit, me: Me, gaps: tuple[str, ...]) -> Taken | None:
    """I wait, and these of my gaps may be seen by whom I am matched with."""
    mine = asks.mine(unit, me)
    if mine is None:
        return None
    unit.lock(mine.member)
    if pool.taken(unit, mine.member):
        return Taken()
    said = mine.wanted
    asks.save(unit, me, Wanted(said.track, gaps, said.seniority, said.hours, said.languages))
    asks.wait(unit, me)
    return None


def in_short(ctx: Context, seeker: Seeker) -> Text:
    """Whether I wait, and for when."""
    waits = seeker.ask is not None and seeker.ask.waiting_since is not None
    if waits and not seeker.has_mentor:
        return _("You wait for the next matching day. {when}", when=_when(ctx, seeker))
    return _("A matching day matches all who wait at once. {when}", when=_when(ctx, seeker))


def _when(ctx: Context, seeker: Seeker) -> Text:
    if seeker.next_day is None:
        return _("No day is set yet; the moderators of this community hold them.")
    zone = seeker.ask.wanted.hours.zone if seeker.ask else ctx.community.zone
    return _("The next one is on {date}.", date=At(seeker.next_day, DateStyle.BOTH, zone))
