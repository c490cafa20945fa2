"""When mentor matching days are held by themselves: how often, on which day, at what hour."""

from __future__ import annotations

from dataclasses import replace

from commands import home
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Line, Option, Select, View, line, quiet
from commands.mod import weekdays, zones
from commands.mod.round import preview
from content.text import At, DateStyle, Text, _, plural, verbatim
from storage import matching_days
from storage.matching_days import WEEKS, MatchingDay
from storage.timetable import Weekly

USUAL = (1, 18 * 60)  # a Tuesday evening
OFF = "off"


@action("matching.days", moderators=True)
async def days(ctx: Context) -> View:
    return await _shown(ctx)


@action("matching.weeks", moderators=True)
async def weeks(ctx: Context) -> View:
    """How often, or not by itself at all."""
    chosen = ctx.value("weeks")
    if chosen in {str(each) for each in WEEKS}:
        weekly = await _now(ctx)
        await ctx.store.write(matching_days.set_up, ctx.me, replace(weekly, weeks=int(chosen or 0)))
    else:
        await ctx.store.write(matching_days.switch_off, ctx.me)
    return await _shown(ctx, _("Saved."))


@action("matching.day", moderators=True)
async def day(ctx: Context) -> View:
    weekly = replace(await _now(ctx), weekday=weekdays.read_day(ctx.value("day")))
    await ctx.store.write(matching_days.set_up, ctx.me, weekly)
    return await _shown(ctx, _("Saved."))


@action("matching.hour", moderators=True)
async def hour(ctx: Context) -> View:
    chosen = ctx.value("hour") or ""
    minute = int(chosen) * 60 if chosen in {str(each) for each in range(24)} else USUAL[1]
    await ctx.store.write(matching_days.set_up, ctx.me, replace(await _now(ctx), minute=minute))
    return await _shown(ctx, _("Saved."))


async def in_short(ctx: Context) -> Line:
    """For the card of all settings."""
    when = _said(await ctx.store.read(matching_days.of_community, ctx.community.id))
    return line(Bold(_("Mentor matching days")), _(": {value}", value=when))


def say(weekly: Weekly) -> Text:
    """How often and when."""
    return plural(
        "Every week, on {day} at {time} ({city})", "Every {count} weeks, on {day} at {time} ({city})", weekly.weeks,
        day=weekdays.DAYS[weekly.weekday], time=weekdays.clock(weekly.minute), city=zones.city(weekly.zone),
    )  # fmt: skip


def _said(found: MatchingDay | None) -> Text:
    if found is None:
        return _("None is held by itself; moderators hold one with /pmpath-mod round preview.")
    return say(found.weekly)


async def _now(ctx: Context) -> Weekly:
    found = await ctx.store.read(matching_days.of_community, ctx.community.id)
    return found.weekly if found else Weekly(*USUAL, ctx.community.zone, weeks=4)


async def _shown(ctx: Context, told: Text | None = None) -> Card:
    found = await ctx.store.read(matching_days.of_community, ctx.community.id)
    body: list[Element] = [told] if told else []
    body.append(_said(found))
    if found is not None:
        moment = At(found.next_at, DateStyle.BOTH, found.weekly.zone)
        body.append(quiet(_("The next time: {moment}", moment=moment)))
    body.append(
        _("On that day those who wait are matched and told without a look by a moderator, who reads what came of it.")
    )
    body += _selects(found)
    ways = (Button(_("Look at one now"), preview.preview()), Button(_("Home"), home.home()))
    return Card(_("Mentor matching days"), tuple(body), ways)


def _selects(found: MatchingDay | None) -> list[Element]:
    often = (
        Option(OFF, _("Not by themselves")),
        *(Option(str(each), plural("Every week", "Every {count} weeks", each)) for each in WEEKS),
    )
    selects: list[Element] = [
        Select("weeks", _("How often"), often, weeks(), chosen=(str(found.weekly.weeks) if found else OFF,))
    ]
    if found is not None:
        each_day = tuple(Option(str(place), name) for place, name in enumerate(weekdays.DAYS))
        hours = tuple(Option(str(each), verbatim(weekdays.clock(each * 60))) for each in range(24))
        selects += [
            Select("day", _("Day"), each_day, day(), chosen=(str(found.weekly.weekday),)),
            Select("hour", _("Hour"), hours, hour(), chosen=(str(found.weekly.minute // 60),)),
        ]
    return selects
