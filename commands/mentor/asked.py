"""What a mentor is asked: the request with all that its mentee chose to show, and the answers to it."""

from __future__ import annotations

from dataclasses import dataclass

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Fields, Style, View, quiet
from commands.kit.wording import joined, person
from commands.mentor import kit, mine, offer, report, writing
from commands.mentor.meeting import hours
from content.mentoring import WhyNot
from content.text import At, DateStyle, Text, _
from storage import asks, mentorships, offers, requests
from storage.asks import Wanted
from storage.members import Me
from storage.mentor_states import RequestState
from storage.mentorships import Full
from storage.requests import Over
from storage.unit import Unit
from storage.wishes import ASKED, Request

GAPS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that is before me, what its mentee asks for, and the zone that I read hours in."""

    request: Request
    wanted: Wanted
    zone: str


@notice(ASKED)
async def asked(ctx: Context, request: int) -> Card | None:
    found = await ctx.store.read(_asking, ctx.me, request)
    if found is None:
        return None
    stop = _("To be asked no more, pause or end your offer: /pmpath mentor offer.")
    return _card(ctx, found, writing.foot(ctx, stop))


@action("mentor.request")
async def opened(ctx: Context, request: int) -> View:
    found = await ctx.store.read(_asking, ctx.me, request)
    if found is None:
        raise over()
    return _card(ctx, found)


@action("mentor.accept")
async def accept(ctx: Context, request: int) -> View:
    made = await ctx.store.write(requests.accept, ctx.me, request)
    if isinstance(made, Full):
        raise Refusal(
            _("All your places are taken. End a match or raise how many you take, or decline this request."),
            (Button(_("My offer"), offer.offer()), Button(_("Decline…"), declining(request)), *_ways()),
        )
    match = await ctx.store.read(_made_of, ctx.me, request) if isinstance(made, Over) else made
    if match is None:
        raise over()
    return await kit.show(ctx, match, (_("You have said yes, and they are told."),))


@action("mentor.declining")
async def declining(ctx: Context, request: int) -> View:
    """How to say no; whatever is pressed here, the mentee reads the same kind words."""
    found = await ctx.store.read(_asking, ctx.me, request)
    if found is None:
        raise over()
    name = person(found.request.mentee_name)
    body = (
        _(
            "{name} is told kindly that you cannot just now. A reason goes along only if you choose one here:",
            name=name,
        ),
        _(
            "“Not with this person” says no as well, without a reason, and the two of you are never brought together "
            "again. This is never told to anybody."
        ),
    )
    reasons = (Button(why.label, decline(request, why)) for why in WhyNot)
    ways = (
        Button(_("Without a reason"), decline(request, None), Style.PRIMARY),
        *reasons,
        Button(_("Not with this person"), decline_for_ever(request), Style.DANGER),
        Button(_("Back"), opened(request)),
    )
    return Card(_("Decline this request?"), body, (*ways, Button(_("Home"), home.home())))


@action("mentor.decline")
async def decline(ctx: Context, request: int, why: WhyNot | None) -> View:
    done = await ctx.store.write(requests.decline, ctx.me, request, why)
    found = await _declined(ctx, request, done)
    name = person(found.mentee_name)
    if found.why is None and why is None:
        return _no_said(_("{name} is told that you cannot just now, without a reason.", name=name))
    said = found.why or why
    assert said is not None
    return _no_said(_("{name} is told that you cannot just now, with this reason: {why}", name=name, why=said.label))


@action("mentor.decline-never")
async def decline_for_ever(ctx: Context, request: int) -> View:
    done = await ctx.store.write(requests.decline, ctx.me, request, never=True)
    found = await _declined(ctx, request, done, *_NEVER_TOO_LATE)
    name = person(found.mentee_name)
    told = _("{name} is told that you cannot just now, without a reason.", name=name)
    apart = _("You will not be brought together again. Nobody is told, and you need do nothing more.")
    return _no_said(*((told,) if found.state is RequestState.DECLINED else ()), apart)


_NEVER_TOO_LATE = (RequestState.EXPIRED, RequestState.WITHDRAWN, RequestState.CANCELLED, RequestState.PASSED)


def over() -> Refusal:
    """The answer where a request is no longer before its mentor, whatever came of it."""
    return Refusal(
        _("This request is no longer open: it was answered or taken back, or its time is over. Nothing has changed."),
        _ways(),
    )


async def _declined(ctx: Context, request: int, done: Request | Over, *late: RequestState) -> Request:
    """The request as it is now, having been declined by this press or one before. Raises Refusal."""
    found = await ctx.store.read(requests.to_me, ctx.me, request)
    if found is None or (isinstance(done, Over) and found.state not in (RequestState.DECLINED, *late)):
        raise over()
    return found


def _card(ctx: Context, found: Asking, *foot: Element) -> Card:
    request, wanted = found.request, found.wanted
    skills = [ctx.content.skills[gap].name for gap in request.gaps if gap in ctx.content.skills]
    about: list[tuple[Text, Text]] = [
        (_("Track"), wanted.track.label),
        (_("Experience with AI products"), wanted.seniority.label),
        (_("Wants help with"), joined(skills, GAPS_SHOWN) if skills else _("not said")),
        (_("Languages"), joined([each.label for each in wanted.languages])),
        (_("Their hours, on your clock"), hours.say(wanted.hours, ctx.now.date(), found.zone)),
    ]
    body: list[Element] = [Fields(tuple(about))]
    if request.due is not None:
        until = At(request.due, DateStyle.BOTH, found.zone)
        body.append(_("Please answer by {moment}. Without an answer their next wish is asked.", moment=until))
    body += [quiet(_("A no is private and needs no reason.")), *foot]
    ways = (
        Button(_("Accept"), accept(request.id), Style.PRIMARY),
        Button(_("Decline…"), declining(request.id)),
        Button(_("Report"), report.about_request(request.id)),
    )
    title = _("{name} asks you to be their mentor", name=person(request.mentee_name))
    return Card(title, tuple(body), (*ways, *_ways()))


def _no_said(*lines: Text) -> Card:
    return Card(_("Declined"), (*lines,), _ways())


def _ways() -> tuple[Button, ...]:
    return (Button(_("My mentoring"), mine.mine()), Button(_("Home"), home.home()))


def _asking(unit: Unit, me: Me, request: int) -> Asking | None:
    found = requests.to_me(unit, me, request)
    if found is None or found.state is not RequestState.OPEN:
        return None
    ask, my_offer = asks.of_member(unit, found.mentee), offers.mine(unit, me)
    if ask is None:
        return None
    return Asking(found, ask.wanted, my_offer.terms.hours.zone if my_offer else ask.wanted.hours.zone)


def _made_of(unit: Unit, me: Me, request: int) -> int | None:
    """The match that came of a request which I have accepted before."""
    found = requests.to_me(unit, me, request)
    if found is None or found.state is not RequestState.ACCEPTED:
        return None
    return next((each.id for each in mentorships.mine(unit, me) if each.mentee == found.mentee), None)
