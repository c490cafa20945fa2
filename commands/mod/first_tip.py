"""The weekly tip in `/pmpath-mod setup`: its channel, its time, a first look, and *Switch on*."""

from __future__ import annotations

from collections.abc import Sequence

from commands.kit.command import action
from commands.kit.errors import Invalid, out_of_date
from commands.kit.request import Context, Place
from commands.kit.view import (
    Bold,
    Button,
    Card,
    ChannelSelect,
    ChoiceField,
    Element,
    Form,
    Option,
    Style,
    TextField,
    View,
    line,
    quiet,
)
from commands.mod import setup, trial, weekdays, welcome, zones
from commands.mod.tips import sample
from content.text import At, Channel, DateStyle, Text, _
from storage import next_up, schedules
from storage.schedules import Plan
from storage.timetable import Weekly, first_after

MONDAY, NINE = 0, 9 * 60


@action("setup.channel", moderators=True)
async def ask(ctx: Context) -> View:
    return await where(ctx, ())


@action("setup.channel-chosen", moderators=True)
async def chosen(ctx: Context) -> View:
    found = ctx.value("channel")
    return await where(ctx, ()) if found is None else await _when(ctx, Plan(found, _weekly(ctx, MONDAY, NINE)), ())


@action("setup.when", moderators=True)
async def when(ctx: Context, channel: str, weekday: int, minute: int) -> View:
    return await _when(ctx, _plan(ctx, channel, weekday, minute), ())


@action("setup.time-form", moderators=True, opens_form=True)
async def time_form(ctx: Context, channel: str, weekday: int, minute: int) -> View:
    days = tuple(Option(str(place), day) for place, day in enumerate(weekdays.DAYS))
    fields = (
        ChoiceField("weekday", _("Day"), days, str(weekday)),
        TextField("time", _("Time"), hint=_("Like 09:00"), value=weekdays.clock(minute), most=5),
    )
    return Form(_("Weekly tip"), fields, time_sent(channel))


@action("setup.time-sent", moderators=True)
async def time_sent(ctx: Context, channel: str) -> View:
    minute = weekdays.read_clock(ctx.value("time") or "")
    weekday = weekdays.read_day(ctx.value("weekday"))
    if minute is None:
        raise Invalid({"time": _("Write a time like 09:00.")}, again=time_form(channel, weekday, NINE))
    return await _when(ctx, _plan(ctx, channel, weekday, minute), ())


@action("setup.test", moderators=True)
async def test(ctx: Context, channel: str, weekday: int, minute: int) -> View:
    plan = _plan(ctx, channel, weekday, minute)
    await ctx.store.write(trial.post_in, ctx.me, channel)
    fate = await ctx.store.read(trial.fate, ctx.community.id, channel)
    return await _when(ctx, plan, (trial.said(channel, fate),), after_test=True)


@action("setup.tested", moderators=True)
async def tested(ctx: Context, channel: str, weekday: int, minute: int) -> View:
    fate = await ctx.store.read(trial.fate, ctx.community.id, channel)
    return await _when(ctx, _plan(ctx, channel, weekday, minute), (trial.said(channel, fate),), after_test=True)


@action("setup.switch-on", moderators=True)
async def switch_on(ctx: Context, channel: str, weekday: int, minute: int, asks: bool) -> View:
    plan = Plan(channel, _plan(ctx, channel, weekday, minute).weekly, asks)
    await ctx.store.write(schedules.switch_on, ctx.me, {None: plan})
    first = At(first_after(plan.weekly, ctx.now).at, DateStyle.BOTH, ctx.community.zone)
    told = _("Switched on: the first tip goes out in {channel} on {moment}.", channel=Channel(channel), moment=first)
    return welcome.step((told,), channel)


async def where(ctx: Context, told: Sequence[Text]) -> Card:
    """The card that asks for the channel; what goes out already is said."""
    set_already = await ctx.store.read(schedules.of_community, ctx.community.id)
    body: list[Element] = [
        *told,
        _("Once a week a short tip goes to a channel, the tracks taking turns. In which one? You see the tip first."),
    ]
    body += [quiet(summary(each.plan)) for each in set_already[:1]]
    this_one = here(ctx)
    body.append(ChannelSelect("channel", _("Choose a channel…"), chosen(), this_one))
    this = () if this_one is None else (Button(_("This channel"), when(this_one, MONDAY, NINE), Style.PRIMARY),)
    return Card(_("Setup, 5 of 7: tip channel"), tuple(body), (*this, Button(_("Later"), setup.welcome_step())))


def summary(plan: Plan) -> Text:
    """When and where the tip goes out."""
    weekly = plan.weekly
    day, time = weekdays.DAYS[weekly.weekday], weekdays.clock(weekly.minute)
    city, channel = zones.city(weekly.zone), Channel(plan.channel)
    if weekly.weeks == 1:
        return _("Every {day} at {time} ({city}) in {channel}", day=day, time=time, city=city, channel=channel)
    return _("Every second {day} at {time} ({city}) in {channel}", day=day, time=time, city=city, channel=channel)


async def _when(ctx: Context, plan: Plan, told: Sequence[Text], *, after_test: bool = False) -> Card:
    channel, weekly = plan.channel, plan.weekly
    at = (channel, weekly.weekday, weekly.minute)
    first = At(first_after(weekly, ctx.now).at, DateStyle.BOTH, weekly.zone)
    body: tuple[Element, ...] = (
        *told,
        summary(plan),
        quiet(_("The first time: {moment}", moment=first)),
        *await _look(ctx),
        _(
            "Your own tips go first; when none waits, the next of pmpath's library does: by itself, or only after"
            " asking you two days before."
        ),
    )
    look = Button(_("Did it arrive?"), tested(*at)) if after_test else Button(_("Post a test"), test(*at))
    buttons = (
        Button(_("Switch on"), switch_on(*at, asks=False), Style.PRIMARY),
        Button(_("Switch on, ask me first"), switch_on(*at, asks=True)),
        look,
        Button(_("Another time"), time_form(*at)),
        Button(_("Another channel"), ask()),
        Button(_("Later"), setup.welcome_step()),
    )
    return Card(_("Setup, 6 of 7: weekly tip"), body, buttons)


async def _look(ctx: Context) -> tuple[Element, ...]:
    """The tip that would go out first, in the language of those who will read it."""
    choice = await ctx.store.read(next_up.now, ctx.community.id, None, ctx.content.tips_by_outcome)
    if choice is None:
        return (quiet(_("No tip waits yet: write one with /pmpath-mod tips add.")),)
    words = (await sample.find(ctx, choice.tip)).said(ctx, ctx.community.language)
    link = () if words.link is None else (line(words.link),)
    return line(Bold(words.title)), words.text, *link


def _plan(ctx: Context, channel: str, weekday: int, minute: int) -> Plan:
    """The plan that a press names. Raises Refusal where it can be none."""
    if not 0 <= weekday < len(weekdays.DAYS) or not 0 <= minute < weekdays.DAY_MINUTES:
        raise out_of_date()
    return Plan(channel, _weekly(ctx, weekday, minute))


def _weekly(ctx: Context, weekday: int, minute: int) -> Weekly:
    return Weekly(weekday, minute, ctx.community.zone)


def here(ctx: Context) -> str | None:
    """The channel in which the card stands, if others read it too."""
    return ctx.channel if ctx.place in {Place.CHANNEL, Place.PUBLIC} else None
