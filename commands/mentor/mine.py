"""`/pmpath mentor mine`: requests, wishes, matches, waiting and the own offer on one card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commands import home
from commands.kit.command import action, command
from commands.kit.paging import page_start, pages
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Line, Section, Style, View, heading
from commands.kit.wording import dotted, person
from commands.mentor import asked, find, matched, my_offer, offer, waiting, wishes
from content.text import At, DateStyle, Text, _
from storage import asks, mentorships, offers, requests
from storage import wishes as stored
from storage.asks import Ask
from storage.members import Me
from storage.mentor_states import Side
from storage.mentorships import Match
from storage.offers import Offer
from storage.unit import Unit
from storage.wishes import Request

PAGE = 6  # with a heading for each kind, my ask and my offer they fit on every surface


@dataclass(frozen=True, slots=True)
class Mine:
    """All that a member has in mentoring."""

    before_me: Sequence[Request]
    wishes: Sequence[Request]
    matches: Sequence[Match]
    ask: Ask | None
    offer: Offer | None

    @property
    def has_mentor(self) -> bool:
        return any(match.side is Side.MENTEE for match in self.matches)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the card, under the heading of its kind, with the press that opens it."""

    kind: Text
    line: Line
    opens: Press


@command(_("My mentoring: requests, matches, waiting"), example="/pmpath mentor mine", aliases=("我的",))
async def mine(ctx: Context) -> View:
    return await show(ctx)


@action("mentor.mine-page")
async def page(ctx: Context, first: int) -> View:
    return await show(ctx, first)


async def show(ctx: Context, first: int = 0) -> Card:
    """The card, from the page of its list on which `first` is."""
    have = await ctx.store.read(read, ctx.me)
    entries = [*_requests(have), *_matches(have), *_wishes(have)]
    first = page_start(first, PAGE, len(entries))
    body: list[Element] = []
    kind = None
    for entry in entries[first : first + PAGE]:
        body += [heading(entry.kind)] if entry.kind != kind else []
        body.append(Section(entry.line, Button(_("Open"), entry.opens)))
        kind = entry.kind
    body += pages(page, first, PAGE, len(entries))
    body += await waiting.part(ctx, have.ask, has_mentor=have.has_mentor)
    body += my_offer.part(have.offer)
    if not body:
        body.append(_("Nothing yet. Find a mentor who fits you, or offer some of your own time."))
    return Card(_("My mentoring"), tuple(body), (*_ways(have), Button(_("Home"), home.home())))


def read(unit: Unit, me: Me) -> Mine:
    """As it is now."""
    ask = asks.mine(unit, me)
    return Mine(
        requests.before_me(unit, me),
        stored.live(unit, ask.member) if ask else (),
        mentorships.mine(unit, me),
        ask,
        offers.mine(unit, me),
    )


def _requests(have: Mine) -> Iterator[Entry]:
    zone = have.offer.terms.hours.zone if have.offer else "UTC"
    for each in have.before_me:
        said = [_("answer by {moment}", moment=At(each.due, DateStyle.BOTH, zone))] if each.due else []
        yield Entry(_("Who asks you"), _line(each.mentee_name, *said), asked.opened(each.id))


def _matches(have: Mine) -> Iterator[Entry]:
    for each in have.matches:
        role = _("you are the mentor") if each.side is Side.MENTOR else _("your mentor")
        said = [role, *([matched.met(each.sessions)] if each.sessions else [])]
        yield Entry(_("Your matches"), _line(each.other_name, *said), matched.opened(each.id))


def _wishes(have: Mine) -> Iterator[Entry]:
    zone = have.ask.wanted.hours.zone if have.ask else "UTC"
    for place, each in enumerate(have.wishes, 1):
        name = _("{place}. {name}", place=place, name=person(each.mentor_name))
        line = Line((Bold(name), *dotted([wishes.state(each, zone)])))
        yield Entry(_("Your wishes, in this order"), line, wishes.opened(each.id))


def _line(name: str, *said: Text) -> Line:
    return Line((Bold(person(name)), *dotted(said)))


def _ways(have: Mine) -> tuple[Button, ...]:
    seek = Button(_("Find a mentor"), find.find(), Style.PLAIN if have.ask or have.offer else Style.PRIMARY)
    give = Button(_("Offer time"), offer.offer())
    return (*(() if have.has_mentor else (seek,)), *(() if have.offer else (give,)))
