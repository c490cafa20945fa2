"""`/pmpath-mod tips schedule`: when and where the weekly tip goes out, and what became of the last one."""

from __future__ import annotations

from collections.abc import Sequence

from commands import home
from commands.kit.command import action, command
from commands.kit.request import Context, Place
from commands.kit.view import (
    Bold,
    Button,
    Card,
    ChannelSelect,
    Element,
    Option,
    Section,
    Select,
    Style,
    View,
    line,
    quiet,
)
from commands.mod import first_tip, weekdays, zones
from commands.mod.tips import changing, queue, troubles
from content.text import PLAIN, At, DateStyle, Text, _
from storage import schedules
from storage.schedules import ON, Schedule

SHOWN = 3


@command(
    _("When and where the weekly tip goes out: day, time, zone, channel"),
    example="/pmpath-mod tips schedule",
    aliases=("时间",),
)
async def schedule(ctx: Context) -> View:
    return await show(ctx)


@action("tip-times.open", moderators=True)
async def opened(ctx: Context, schedule: int) -> View:
    return await show(ctx, schedule)


async def show(ctx: Context, schedule: int | None = None, told: Sequence[Text] = ()) -> Card:
    """The one that is on, or that is meant; of several first all."""
    found = await ctx.store.read(schedules.of_community, ctx.community.id)
    meant = next((each for each in found if each.id == schedule), None)
    if schedule is not None and meant is None and not told:
        told = (_("That schedule is no longer on; this is how it is now."),)
    if not found:
        return _nothing(told)
    if meant is None and (len(found) > 1 or found[0].outcome is not None):
        return _all(ctx, found, told)
    return one(ctx, meant or found[0], told)


def one(ctx: Context, found: Schedule, told: Sequence[Text] = ()) -> Card:
    """A schedule with all that can be changed of it."""
    plan = found.plan
    days = tuple(Option(str(place), day) for place, day in enumerate(weekdays.DAYS))
    body: tuple[Element, ...] = (
        *told,
        line(Bold(first_tip.summary(plan))),
        *_trouble(found),
        *(_next(ctx, found) if found.state == ON else (_("Paused: no tip goes out by itself."),)),
        _library(asks=plan.asks),
        Select("day", _("Day"), days, changing.day(found.id), chosen=(str(plan.weekly.weekday),)),
        ChannelSelect("channel", _("Channel"), changing.channel(found.id), plan.channel),
    )
    title = _("Weekly tip") if found.outcome is None else _("Weekly tip: {outcome}", outcome=found.outcome.name_only)
    return Card(title, body, (*_changes(ctx, found), *_ways(found)))


def here(ctx: Context) -> str | None:
    """The channel that the card stands in, where others read it too."""
    return ctx.channel if ctx.place in {Place.CHANNEL, Place.PUBLIC} else None


def _all(ctx: Context, found: list[Schedule], told: Sequence[Text]) -> Card:
    body: list[Element] = [*told]
    for each in found:
        name = each.outcome.name_only if each.outcome else _("All in turn")
        what = (
            _("{what}, paused", what=first_tip.summary(each.plan)) if each.state != ON else first_tip.summary(each.plan)
        )
        body.append(Section(line(Bold(name), _(": {what}", what=what)), Button(_("Open"), opened(each.id))))
        body += _trouble(each)
    ways = (
        Button(_("All tracks in turn"), changing.turns()),
        Button(_("Switch off"), changing.ask_off(), Style.DANGER),
        Button(_("The queue"), queue.page(0)),
        Button(_("Home"), home.home()),
    )
    return Card(_("Weekly tips, one for each track"), tuple(body), ways)


def _nothing(told: Sequence[Text]) -> Card:
    body = (*told, _("No tip goes out by itself. Switched on, one does every week, your own ones first."))
    on = Button(_("Switch it on"), first_tip.ask(), Style.PRIMARY)
    return Card(_("Weekly tip"), body, (on, Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home())))


def _next(ctx: Context, found: Schedule) -> tuple[Element, ...]:
    """The next times as the clocks there show them, and in the reader's own time, across clock changes."""
    zone = found.plan.weekly.zone
    lines = []
    for moment in found.next_times(SHOWN):
        there = PLAIN.moment(At(moment, DateStyle.BOTH, zone), ctx.language)  # never the reader's own zone
        yours = At(moment, DateStyle.BOTH, ctx.zone or zone)
        city = zones.city(zone)
        if ctx.zone is None or PLAIN.moment(yours, ctx.language) == there:
            lines.append(_("Next: {there} in {city}", there=there, city=city))
        else:
            lines.append(_("Next: {there} in {city}; by your clock {yours}", there=there, city=city, yours=yours))
    return tuple(map(quiet, lines))


def _trouble(found: Schedule) -> tuple[Element, ...]:
    if found.trouble is None:
        return ()
    what = troubles.said(found.trouble, found.plan.channel)
    return (line(Bold(_("The last tip did not come. ")), what),)


def _library(*, asks: bool) -> Text:
    if asks:
        return _(
            "When the queue is empty, a tip of the library goes out if a moderator says yes, asked two days before."
        )
    return _("When the queue is empty, the next tip of the library goes out by itself.")


def _changes(ctx: Context, found: Schedule) -> tuple[Button, ...]:
    plan, channel = found.plan, here(ctx)
    paused, fortnightly = found.state != ON, plan.weekly.weeks != 1
    this = channel is not None and channel != plan.channel
    weeks = (
        Button(_("Every week"), changing.weeks(found.id, 1))
        if fortnightly
        else Button(_("Every second week"), changing.weeks(found.id, 2))
    )
    return (
        Button(_("Time"), changing.time_form(found.id)),
        Button(_("Time zone"), changing.zone_form(found.id)),
        *((Button(_("This channel"), changing.this_channel(found.id)),) if this else ()),
        weeks,
        Button(_("Resume"), changing.pause(found.id, on=False), Style.PRIMARY)
        if paused
        else Button(_("Pause"), changing.pause(found.id, on=True)),
        Button(_("Library by itself"), changing.asks(found.id, on=False))
        if plan.asks
        else Button(_("Ask before the library"), changing.asks(found.id, on=True)),
        Button(_("Post a test"), changing.test(found.id)),
    )


def _ways(found: Schedule) -> tuple[Button, ...]:
    several = found.outcome is not None
    return (
        Button(_("All schedules"), schedule()) if several else Button(_("A tip for each track"), changing.each_track()),
        *(() if several else (Button(_("Switch off"), changing.ask_off(), Style.DANGER),)),
        Button(_("The queue"), queue.page(0)),
        Button(_("Home"), home.home()),
    )
