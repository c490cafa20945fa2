"""What a member asks for, and what who waits for the next matching day can expect."""

from __future__ import annotations

from commands.kit.request import Context
from commands.kit.view import Button, Element, Line, Section, Tone, heading, quiet
from commands.mentor import next_day, passed_by, wanted, wishes
from content.text import At, DateStyle, Text, _, plural
from storage import matching_days
from storage.asks import Ask
from storage.mentor_states import WAITS_FOR


async def part(ctx: Context, ask: Ask | None, *, has_mentor: bool) -> tuple[Element, ...]:
    """Nothing for who has never asked."""
    if ask is None:
        return ()
    line = Line((wanted.said(ask.wanted),))
    asks_for = (heading(_("What you ask for")), Section(line, Button(_("Change"), wanted.change())))
    if has_mentor:
        return asks_for
    if ask.waiting_since is None:
        not_waiting = Line((_("You do not wait for the next mentor matching day."),), Tone.QUIET)
        return (*asks_for, Section(not_waiting, Button(_("Wait for the next matching day"), next_day.look())))
    return (*asks_for, *await expectation(ctx, ask))


async def expectation(ctx: Context, ask: Ask) -> tuple[Element, ...]:
    """Only what stays true: no place in a queue, which could go back, and nothing that nobody knows."""
    zone = ask.wanted.hours.zone
    stop = Button(_("Stop waiting"), wishes.stop())
    said: list[Element] = [Section(Line((await takes_part(ctx, ask),)), stop)]
    passed = await passed_by.said(ctx)
    if ask.rounds > (1 if passed else 0):
        said.append(
            plural(
                "{count} matching day has found nobody for you. Who has waited longer goes first.",
                "{count} matching days have found nobody for you. Who has waited longer goes first.",
                ask.rounds,
            )
        )
    said += [quiet(passed)] if passed else []
    if ask.waiting_since is not None:
        until = At(ask.waiting_since + WAITS_FOR, zone=zone)
        said.append(
            quiet(
                _(
                    "You wait until {date} unless you say it again. No message comes meanwhile: it stands here.",
                    date=until,
                )
            )
        )
    return tuple(said)


async def takes_part(ctx: Context, ask: Ask) -> Text:
    """In which matching day who waits takes part."""
    at, zone = await ctx.store.read(matching_days.coming, ctx.community.id), ask.wanted.hours.zone
    if at is None:
        return _("You take part in the next mentor matching day. Its date is not set yet.")
    return _("You take part in the next mentor matching day, on {moment}.", moment=At(at, DateStyle.BOTH, zone))
