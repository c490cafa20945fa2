"""Whether a mentor and a mentee have met: one tap each; both said so gives points, and how it was stays private."""

from __future__ import annotations

from commands import earned, home
from commands.kit.command import action
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, LinkButton, Style, View, quiet
from commands.kit.wording import person
from commands.mentor import ending, matched, mine, report, writing
from content.points import Deed
from content.text import Text, _
from storage import mentorships, sessions
from storage.mentor_states import MatchState, Side
from storage.sessions import CHECK, CHECKS_MOST, Told


@notice(CHECK)
async def asked(ctx: Context, match: int) -> Card | None:
    found = await ctx.store.read(mentorships.find, ctx.me, match)
    if found is None or found.state is not MatchState.ON or found.said_met[0 if found.side is Side.MENTOR else 1]:
        return None
    stop = _("I ask once a week, {most} times at most, and not at all once you have met.", most=CHECKS_MOST)
    ways: tuple[Button | LinkButton, ...] = (
        Button(_("We met"), met(match), Style.PRIMARY),
        Button(_("Not yet"), not_yet(match)),
        Button(_("End this match"), ending.end(match)),
        *writing.link(ctx, found),
        Button(_("Report"), report.about_match(match)),
        Button(_("Home"), home.home()),
    )
    body = (_("One tap is enough. What you say here, {name} reads only as “met”.", name=person(found.other_name)),)
    title = _("Did you meet {name}?", name=person(found.other_name))
    return Card(title, (*body, writing.foot(ctx, stop)), ways)


@action("mentor.met")
async def met(ctx: Context, match: int) -> View:
    told = await ctx.store.write(sessions.met, ctx.me, ctx.community.zone, match)
    if told is None:
        raise matched.over(await ctx.store.read(mentorships.find, ctx.me, match))
    points = await earned.lines(ctx, told.points, str(match), Deed.SESSION)
    body = (*_said(told), *points, quiet(_("How was it? Nobody but you ever sees this.")))
    return Card(_("You met"), body, (*thumbs(match), *_ways(match)))


@action("mentor.not-yet")
async def not_yet(ctx: Context, match: int) -> View:
    found = await ctx.store.write(sessions.not_yet, ctx.me, match)
    if found is None:
        raise matched.over(await ctx.store.read(mentorships.find, ctx.me, match))
    body = (
        _("That is all right. When you have met, say so under “My mentoring”."),
        *writing.instead(ctx, found),
    )
    return Card(_("Not yet"), body, (*writing.link(ctx, found), *_ways(match)))


@action("mentor.helped")
async def helped(ctx: Context, match: int) -> View:
    return await _thumb(ctx, match, up=True)


@action("mentor.helped-not")
async def helped_not(ctx: Context, match: int) -> View:
    return await _thumb(ctx, match, up=False)


def thumbs(match: int) -> tuple[Button, Button]:
    """How it was."""
    return Button(_("It helped"), helped(match)), Button(_("It did not help"), helped_not(match))


async def _thumb(ctx: Context, match: int, *, up: bool) -> Card:
    found = await ctx.store.write(sessions.thumb, ctx.me, match, up=up)
    if found is None:
        raise matched.over(None)
    yes, no = thumbs(match)
    body = (_("Thank you. Only you see this, and you can change it here."),)
    return Card(yes.label if up else no.label, body, (no if up else yes, *_ways(match)))


def _said(told: Told) -> tuple[Element, ...]:
    name = person(told.match.other_name)
    if not told.confirmed:
        return (
            _("Noted. {name} is asked the same: once they say so too, it counts, with points for both.", name=name),
        )
    if told.points:
        return (_("You and {name} both say so: it counts.", name=name),)
    counted: Text = _("This week's meeting is counted already: one a week counts.")
    return (counted,)


def _ways(match: int) -> tuple[Button, ...]:
    return (
        Button(_("This match"), matched.opened(match)),
        Button(_("My mentoring"), mine.mine()),
        Button(_("Home"), home.home()),
    )
