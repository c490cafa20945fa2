"""What a mentee can take back: a wish, or waiting for the next matching day."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Line, Style, View
from commands.kit.wording import dotted, person
from commands.mentor import apart, find, mine, report
from content.text import At, DateStyle, Text, _
from storage import asks, requests
from storage.members import Me
from storage.mentor_states import LIVE, RequestState
from storage.other_side import About
from storage.requests import Over
from storage.unit import Unit
from storage.wishes import Request


@action("mentor.wish")
async def opened(ctx: Context, request: int) -> View:
    found, zone = await ctx.store.read(_wish, ctx.me, request)
    if found is None or found.state not in LIVE:
        raise _over()
    body = (
        Line((Bold(person(found.mentor_name)), *dotted([state(found, zone)]))),
        _("You can take it back. Nobody is told, and the next of your wishes is asked if this one was."),
    )
    ways = (
        Button(_("Take it back"), withdraw(request), Style.DANGER),
        Button(_("Not with this person"), apart.ask(About.REQUEST, request)),
        Button(_("Report"), report.about_request(request)),
    )
    return Card(_("Your wish: {name}", name=person(found.mentor_name)), body, (*ways, *_ways()))


@action("mentor.withdraw")
async def withdraw(ctx: Context, request: int) -> View:
    done = await ctx.store.write(requests.withdraw, ctx.me, request)
    found, _zone = await ctx.store.read(_wish, ctx.me, request)
    if found is None or (isinstance(done, Over) and found.state is not RequestState.WITHDRAWN):
        raise _over()
    said = _("You no longer ask {name}. Nobody is told.", name=person(found.mentor_name))
    seek = Button(_("Find a mentor"), find.find())
    return Card(_("No longer asked"), (said,), (seek, *_ways()))


@action("mentor.stop")
async def stop(ctx: Context) -> View:
    """What stopping costs, first."""
    body: tuple[Text, ...] = (_("You then take no part in the next mentor matching day."),)
    ask = await ctx.store.read(asks.mine, ctx.me)
    if ask is not None and ask.rounds:
        body += (_("Matching days that have passed you by no longer put you ahead if you wait again later."),)
    ways = (Button(_("Stop waiting"), stop_now(), Style.DANGER), *_ways())
    return Card(_("Stop waiting?"), body, ways)


@action("mentor.stop-now")
async def stop_now(ctx: Context) -> View:
    await ctx.store.write(_stop, ctx.me)
    seek = Button(_("Find a mentor"), find.find())
    said = _("You wait no more. What you ask for is kept, for another time.")
    return Card(_("No longer waiting"), (said,), (seek, *_ways()))


def state(wish: Request, zone: str) -> Text:
    """How it stands with a wish."""
    if wish.state is RequestState.OPEN and wish.due is not None:
        return _("asked, with time to answer until {moment}", moment=At(wish.due, DateStyle.BOTH, zone))
    return _("waits its turn")


def _over() -> Refusal:
    return Refusal(_("This wish is no longer open."), (Button(_("Find a mentor"), find.find()), *_ways()))


def _ways() -> tuple[Button, ...]:
    return (Button(_("My mentoring"), mine.mine()), Button(_("Home"), home.home()))


def _wish(unit: Unit, me: Me, request: int) -> tuple[Request | None, str]:
    ask = asks.mine(unit, me)
    return requests.of_mine(unit, me, request), ask.wanted.hours.zone if ask else "UTC"


def _stop(unit: Unit, me: Me) -> None:
    if ask := asks.mine(unit, me):
        asks.stop(unit, ask.member)
