"""One match as either of its two sees it, with all that can be done with it."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View, quiet
from commands.kit.wording import person
from commands.mentor import apart, check, ending, kit, mine, report, writing
from content.text import At, Text, _, plural
from storage import mentorships
from storage.mentor_states import MatchState, Side
from storage.mentorships import Match
from storage.other_side import About


@action("mentor.match")
async def opened(ctx: Context, match: int) -> View:
    found = await on(ctx, match)
    body: list[Element] = [role(found)]
    body.append(_("Together since {date}.", date=At(found.at, zone=kit.my_hours(found).zone)))
    if found.sessions:
        body.append(met(found.sessions))
    if found.said_met[0 if found.side is Side.MENTOR else 1]:
        body.append(quiet(_("You said that you met. It counts once {name} says so too.", name=_name(found))))
    body += writing.instead(ctx, found)
    return Card(_("You and {name}", name=_name(found)), tuple(body), (*writing.link(ctx, found), *_ways(found)))


async def on(ctx: Context, match: int) -> Match:
    """My match, while it is on. Raises Refusal."""
    found = await ctx.store.read(mentorships.find, ctx.me, match)
    if found is None or found.state is not MatchState.ON:
        raise over(found)
    return found


def over(found: Match | None) -> Refusal:
    """The answer where a match has ended; what happened in it can still be reported."""
    ways = (Button(_("My mentoring"), mine.mine()), Button(_("Home"), home.home()))
    tell = () if found is None else (Button(_("Report"), report.about_match(found.id)),)
    return Refusal(_("This match is over."), (*ways[:1], *tell, *ways[1:]))


def may_let_go(ctx: Context, match: Match) -> bool:
    """Whether ending it now leaves everything as it was before the matching day."""
    return match.until is not None and ctx.now < match.until


def role(match: Match) -> Text:
    if match.side is Side.MENTOR:
        return _("You are the mentor.")
    return _("{name} is your mentor.", name=_name(match))


def met(sessions: int) -> Text:
    return plural("You have met {count} time.", "You have met {count} times.", sessions)


def _ways(match: Match) -> tuple[Button, ...]:
    mine_was = match.thumbs[0 if match.side is Side.MENTOR else 1]
    thumbs = check.thumbs(match.id) if match.sessions and mine_was is None else ()
    said = match.said_met[0 if match.side is Side.MENTOR else 1]
    return (
        Button(_("We met"), check.met(match.id), Style.PLAIN if said else Style.PRIMARY),
        *thumbs,
        Button(_("First meeting"), kit.opened(match.id)),
        Button(_("End this match"), ending.end(match.id)),
        Button(_("Not with this person"), apart.ask(About.MATCH, match.id)),
        Button(_("Report"), report.about_match(match.id)),
        Button(_("My mentoring"), mine.mine()),
        Button(_("Home"), home.home()),
    )


def _name(match: Match) -> Text:
    return person(match.other_name)
