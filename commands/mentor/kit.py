"""The first-meeting kit: what the two could talk about, when, and where to write to each other."""

from __future__ import annotations

from collections.abc import Sequence

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, File, Style, View, heading, line, quiet
from commands.kit.wording import person
from commands.mentor import ending, matched, mine, report, writing
from commands.mentor.meeting import invite
from commands.mentor.meeting.agenda import agenda
from commands.mentor.meeting.slots import Slot, propose
from content.mentoring import Hours
from content.text import At, DateStyle, Text, _, verbatim
from storage import mentorships
from storage.mentor_states import MatchState, Side
from storage.mentorships import KIT, Match


@notice(KIT)
async def told(ctx: Context, match: int) -> Card | None:
    found = await ctx.store.read(mentorships.find, ctx.me, match)
    if found is None or found.state is not MatchState.ON:
        return None
    stop = _("This comes once. Either of you can end the match at any time under “My mentoring”.")
    return _card(ctx, found, (), writing.foot(ctx, stop))


@action("mentor.kit")
async def opened(ctx: Context, match: int) -> View:
    return await show(ctx, match)


@action("mentor.calendar")
async def calendar(ctx: Context, match: int) -> View:
    """Both times as a file for calendars."""
    found = await matched.on(ctx, match)
    written = invite.write(
        ctx.content.catalogue,
        ctx.language,
        match=found.id,
        matched=found.at,
        other=found.other_name,
        slots=slots_of(found),
        agenda=agenda_of(ctx, found),
    )
    back = (Button(_("First meeting"), opened(match), Style.PRIMARY), Button(_("Home"), home.home()))
    if written is None:
        raise Refusal(_("There is no proposed time to put into a calendar."), back)
    file = File("first-meeting.ics", "text/calendar", written, _("The proposed times, for your calendar"))
    said = _("Each stands there as tentative: agree on one of them and delete the other. Nobody else is sent this.")
    return Card(_("Your calendar file"), (said, file), back)


async def show(ctx: Context, match: int, said: Sequence[Element] = ()) -> Card:
    """The kit of a match that is on; `said` comes first. Raises Refusal."""
    return _card(ctx, await matched.on(ctx, match), said)


def slots_of(match: Match) -> tuple[Slot, ...]:
    """The same for both of them, whenever they look."""
    return propose(*match.kit.hours, match.at)


def agenda_of(ctx: Context, match: Match) -> tuple[Text, Text, Text]:
    kit = match.kit
    return agenda(ctx.content.skills, kit.gaps, kit.skills, kit.track, kit.seniority[1])


def my_hours(match: Match) -> Hours:
    """Those that I gave."""
    return match.kit.hours[0 if match.side is Side.MENTOR else 1]


def _card(ctx: Context, match: Match, said: Sequence[Element], *foot: Element) -> Card:
    slots = slots_of(match)
    body = (
        *said,
        _who(match),
        heading(_("What you could talk about first")),
        *(line(verbatim(f"{place}. "), each) for place, each in enumerate(agenda_of(ctx, match), 1)),
        *_when(ctx, match, slots),
        *writing.instead(ctx, match),
        *_may_let_go(ctx, match),
        *foot,
    )
    ahead = any(each.end > ctx.now for each in slots)
    ways = (
        *writing.link(ctx, match),
        *((Button(_("For my calendar"), calendar(match.id)),) if ahead else ()),
        *((Button(_("Let go"), ending.end(match.id)),) if matched.may_let_go(ctx, match) else ()),
        Button(_("Report"), report.about_match(match.id)),
        Button(_("My mentoring"), mine.mine()),
        Button(_("Home"), home.home()),
    )
    return Card(_("You and {name}: your first meeting", name=person(match.other_name)), body, ways)


def _who(match: Match) -> Text:
    name, track = person(match.other_name), match.kit.track.label
    if match.side is Side.MENTOR:
        return _("You are {name}'s mentor now. They are on their way to: {track}", name=name, track=track)
    return _("{name} is your mentor now, on your way to: {track}", name=name, track=track)


def _when(ctx: Context, match: Match, slots: Sequence[Slot]) -> tuple[Element, ...]:
    if not slots:
        return (
            heading(_("When")),
            _("No time of the coming fortnight lies inside both of your hours. Write to each other and find one."),
        )
    ahead = [each for each in slots if each.end > ctx.now]
    if not ahead:
        return (heading(_("When")), _("The times I proposed are over. Write to each other and find a new one."))
    many = _("Two times that lie inside both of your hours")
    zone = my_hours(match).zone
    return (
        heading(many if len(ahead) > 1 else _("A time that lies inside both of your hours")),
        *(_slot(each, zone) for each in ahead),
        quiet(_("On your own clock. I book nothing: agree on one of them with each other.")),
    )


def _slot(slot: Slot, zone: str) -> Text:
    minutes = int((slot.end - slot.start).total_seconds() // 60)
    return _("{moment}, for {minutes} minutes", moment=At(slot.start, DateStyle.BOTH, zone), minutes=minutes)


def _may_let_go(ctx: Context, match: Match) -> tuple[Element, ...]:
    if match.until is None or not matched.may_let_go(ctx, match):
        return ()
    until = At(match.until, DateStyle.BOTH, my_hours(match).zone)
    return (
        quiet(
            _(
                "The matching day brought you together. Until {moment} either of you may let go again: "
                "who waited keeps their place and their priority.",
                moment=until,
            )
        ),
    )
