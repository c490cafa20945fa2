"""What is told of a request that ended: to its mentee what comes next, to its mentor that nothing is left to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from commands import home
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style
from commands.kit.wording import person
from commands.mentor import find, mine, writing
from content.text import At, DateStyle, Text, _
from storage import asks, mentorships, requests, wishes
from storage.members import Me
from storage.mentor_states import RequestState, Side
from storage.unit import Unit
from storage.wishes import DECLINED, FOUND_ANOTHER, NEXT_ASKED, NONE_LEFT, Request


@dataclass(frozen=True, slots=True)
class Ended:
    """A wish of mine that ended, the one that is asked now, and the zone that I gave my hours in."""

    request: Request
    now_asked: Request | None
    zone: str


@notice(DECLINED)
async def declined(ctx: Context, request: int) -> Card | None:
    found = await ctx.store.read(_ended, ctx.me, request, (RequestState.DECLINED, RequestState.PASSED))
    if found is None:
        return None
    name, why = person(found.request.mentor_name), found.request.why
    said: list[Text] = [_("{name} cannot be your mentor just now. That says nothing about you.", name=name)]
    if why is not None:
        said.append(_("The reason given: {why}", why=why.label))
    return _card(ctx, _("An answer to your request"), said, found)


@notice(NEXT_ASKED)
async def next_asked(ctx: Context, request: int) -> Card | None:
    return await _unanswered(ctx, request)


@notice(NONE_LEFT)
async def none_left(ctx: Context, request: int) -> Card | None:
    return await _unanswered(ctx, request)


@notice(FOUND_ANOTHER)
async def found_another(ctx: Context, request: int) -> Card | None:
    found = await ctx.store.read(requests.to_me, ctx.me, request)
    if found is None or found.state is not RequestState.CANCELLED:
        return None
    body = (
        _("{name} has found a mentor, so their request to you is over.", name=person(found.mentee_name)),
        _("Nothing is left for you to do. Thank you for being there: your place is free again."),
        writing.foot(ctx, _("To be asked no more, pause or end your offer: /pmpath mentor offer.")),
    )
    return Card(_("A request is over"), body, (_mine(), Button(_("Home"), home.home())))


async def _unanswered(ctx: Context, request: int) -> Card | None:
    """A wish that its mentor let pass, whether or not another one is left by the time this is read."""
    found = await ctx.store.read(_ended, ctx.me, request, (RequestState.EXPIRED,))
    if found is None:
        return None
    name = person(found.request.mentor_name)
    said = [_("{name} has not answered in time. That says nothing about you: people are away or busy.", name=name)]
    return _card(ctx, _("No answer in time"), said, found)


def _card(ctx: Context, title: Text, said: list[Text], found: Ended) -> Card:
    body: list[Element] = [*said]
    ways: tuple[Button, ...] = (_mine(),)
    if (following := found.now_asked) and following.due:
        until = At(following.due, DateStyle.BOTH, found.zone)
        name = person(following.mentor_name)
        body.append(_("Your next wish is asked now: {name}, until {moment}.", name=name, moment=until))
    else:
        body.append(_("None of your wishes is left. Ask somebody else, or wait for the next mentor matching day."))
        ways = (Button(_("Find a mentor"), find.find(), Style.PRIMARY), *ways)
    body.append(writing.foot(ctx, _("To stop this, take back your wishes under “My mentoring”.")))
    return Card(title, tuple(body), (*ways, Button(_("Home"), home.home())))


def _mine() -> Button:
    return Button(_("My mentoring"), mine.mine())


def _ended(unit: Unit, me: Me, request: int, states: Collection[RequestState]) -> Ended | None:
    """None where it did not end like that, or I have a mentor by now, which is told by itself."""
    found = requests.of_mine(unit, me, request)
    if found is None or found.state not in states:
        return None
    if any(each.side is Side.MENTEE for each in mentorships.mine(unit, me)):
        return None
    ask = asks.mine(unit, me)
    open_one = next((each for each in wishes.live(unit, found.mentee) if each.state is RequestState.OPEN), None)
    return Ended(found, open_one, ask.wanted.hours.zone if ask else "UTC")
