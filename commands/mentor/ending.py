"""How a match ends: by either side, told kindly, with nobody to blame."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View
from commands.kit.wording import person
from commands.mentor import find, matched, mine, report, writing
from content.text import Text, _
from storage import mentorships
from storage.mentor_states import MatchState, Side
from storage.mentorships import ENDED, Match


@notice(ENDED)
async def told(ctx: Context, match: int) -> Card | None:
    found = await ctx.store.read(mentorships.find, ctx.me, match)
    if found is None or found.state is MatchState.ON:
        return None
    name = person(found.other_name)
    body: list[Element] = [
        _("You and {name} are no longer mentor and mentee. That is nobody's fault.", name=name),
        *kept(found, released=found.state is MatchState.RELEASED),
        writing.foot(ctx, _("Nothing more comes of this match.")),
    ]
    seek = (Button(_("Find a mentor"), find.find(), Style.PRIMARY),) if found.side is Side.MENTEE else ()
    tell = Button(_("Report"), report.about_match(found.id))
    return Card(_("A match has ended"), tuple(body), (*seek, *_mine(), tell, Button(_("Home"), home.home())))


@action("mentor.match-end")
async def end(ctx: Context, match: int) -> View:
    """The exact effect, before anything ends."""
    found = await matched.on(ctx, match)
    letting_go = matched.may_let_go(ctx, found)
    name = person(found.other_name)
    body: list[Element] = [
        _("{name} reads that you are no longer mentor and mentee, without a reason.", name=name),
        *kept(found, released=letting_go),
        _("Points and the meetings you had stay."),
    ]
    label = _("Let go") if letting_go else _("End it now")
    ways = (Button(label, end_now(match), Style.DANGER), Button(_("Back"), matched.opened(match)))
    title = _("End it with {name}?", name=name)
    return Card(title, tuple(body), (*ways, Button(_("Home"), home.home())))


@action("mentor.match-end-now")
async def end_now(ctx: Context, match: int) -> View:
    done = await ctx.store.write(mentorships.end, ctx.me, match)
    found = await ctx.store.read(mentorships.find, ctx.me, match)
    if done is None or found is None:
        raise matched.over(found)
    name = person(found.other_name)
    body: tuple[Element, ...] = (
        _("You and {name} are no longer mentor and mentee. They are told kindly.", name=name),
        *kept(found, released=found.state is MatchState.RELEASED),
    )
    seek = (Button(_("Find a mentor"), find.find(), Style.PRIMARY),) if found.side is Side.MENTEE else ()
    return Card(_("The match has ended"), body, (*seek, *_mine(), Button(_("Home"), home.home())))


def kept(match: Match, *, released: bool) -> tuple[Text, ...]:
    """What becomes of my place, or of that of the other."""
    if match.side is Side.MENTOR:
        place = _("Your place is free again.")
        return (place, _("Who waited keeps their place and their priority.")) if released else (place,)
    if released:
        return (_("You wait again, with the place and the priority you had."),)
    return (_("You can ask somebody else, or wait for the next mentor matching day."),)


def _mine() -> tuple[Button, ...]:
    return (Button(_("My mentoring"), mine.mine()),)
