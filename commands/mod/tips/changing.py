"""Changes of when and where the weekly tip goes out; each is a line of the audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from commands.kit.command import action
from commands.kit.errors import Invalid, Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Card, Form, Style, TextField, View
from commands.mod import choices, trial, weekdays, zones
from commands.mod.tips import schedule as shown
from content.outcomes import Outcome
from content.text import Text, _
from storage import schedules
from storage.members import Me
from storage.schedules import OFF, Plan, Schedule
from storage.unit import Unit


@action("tip-times.day", moderators=True)
async def day(ctx: Context, schedule: int) -> View:
    weekday = weekdays.read_day(ctx.value("day"))
    return await _changed(ctx, schedule, lambda plan: replace(plan, weekly=replace(plan.weekly, weekday=weekday)))


@action("tip-times.time-form", moderators=True, opens_form=True)
async def time_form(ctx: Context, schedule: int) -> View:
    found = await _found(ctx, schedule)
    value = weekdays.clock(found.plan.weekly.minute)
    return Form(
        _("Time"), (TextField("time", _("Time"), hint=_("Like 09:00"), value=value, most=12),), time_sent(schedule)
    )


@action("tip-times.time-sent", moderators=True)
async def time_sent(ctx: Context, schedule: int) -> View:
    minute = weekdays.read_clock(ctx.value("time") or "")
    if minute is None:
        raise Invalid({"time": _("Write a time like 09:00.")}, again=time_form(schedule))
    return await _changed(ctx, schedule, lambda plan: replace(plan, weekly=replace(plan.weekly, minute=minute)))


@action("tip-times.zone-form", moderators=True, opens_form=True)
async def zone_form(ctx: Context, schedule: int) -> View:
    found = await _found(ctx, schedule)
    form = choices.zone_form(ctx, zone_sent(schedule))
    value = ctx.content.catalogue.say(zones.city(found.plan.weekly.zone), ctx.language)
    return replace(
        form, fields=tuple(replace(field, value=value) for field in form.fields if isinstance(field, TextField))
    )


@action("tip-times.zone-sent", moderators=True)
async def zone_sent(ctx: Context, schedule: int) -> View:
    zone = choices.zone_written(ctx, zone_form(schedule))
    return await _changed(ctx, schedule, lambda plan: replace(plan, weekly=replace(plan.weekly, zone=zone)))


@action("tip-times.channel", moderators=True)
async def channel(ctx: Context, schedule: int) -> View:
    chosen = ctx.value("channel")
    return await _changed(ctx, schedule, lambda plan: replace(plan, channel=chosen or plan.channel))


@action("tip-times.this-channel", moderators=True)
async def this_channel(ctx: Context, schedule: int) -> View:
    here = shown.here(ctx)
    if here is None:
        found = await _found(ctx, schedule)
        ways = (Button(_("When and where"), shown.opened(found.id)),)
        raise Refusal(_("Nobody else can see this place. Choose the channel from the list."), ways)
    return await _changed(ctx, schedule, lambda plan: replace(plan, channel=here))


@action("tip-times.weeks", moderators=True)
async def weeks(ctx: Context, schedule: int, weeks: int) -> View:
    every = 2 if weeks == 2 else 1
    return await _changed(ctx, schedule, lambda plan: replace(plan, weekly=replace(plan.weekly, weeks=every)))


@action("tip-times.asks", moderators=True)
async def asks(ctx: Context, schedule: int, on: bool) -> View:
    return await _changed(ctx, schedule, lambda plan: replace(plan, asks=on))


@action("tip-times.pause", moderators=True)
async def pause(ctx: Context, schedule: int, on: bool) -> View:
    await ctx.store.write(schedules.pause, ctx.me, schedule, on=on)
    said = _("Paused. What has its slot already can be stopped in the queue.") if on else _("It goes out again.")
    return await shown.show(ctx, schedule, (said,))


@action("tip-times.test", moderators=True)
async def test(ctx: Context, schedule: int) -> View:
    found = await _found(ctx, schedule)
    channel = found.plan.channel
    await ctx.store.write(trial.post_in, ctx.me, channel)
    fate = await ctx.store.read(trial.fate, ctx.community.id, channel)
    return await shown.show(ctx, schedule, (trial.said(channel, fate),))


@action("tip-times.each-track", moderators=True)
async def each_track(ctx: Context) -> View:
    done = await ctx.store.write(_each_track, ctx.me)
    said = _("Now each track has its own tip, on days one after the other.") if done else _("It is so already.")
    return await shown.show(ctx, None, (said,))


@action("tip-times.turns", moderators=True)
async def turns(ctx: Context) -> View:
    done = await ctx.store.write(_turns, ctx.me)
    said = _("Now one tip goes out, the tracks taking turns.") if done else _("It is so already.")
    return await shown.show(ctx, None, (said,))


@action("tip-times.ask-off", moderators=True)
async def ask_off(ctx: Context) -> View:
    """The exact effect, before anything is switched off."""
    body: tuple[Text, ...] = (
        _("No tip goes out by itself any more. The queue stays as it is, and you can still post by hand."),
        _("What has its slot already still goes out; you can stop it in the queue."),
    )
    keep = Button(_("Keep it"), shown.schedule())
    return Card(_("Switch the weekly tip off?"), body, (Button(_("Switch off"), off(), Style.DANGER), keep))


@action("tip-times.off", moderators=True)
async def off(ctx: Context) -> View:
    await ctx.store.write(schedules.switch_off, ctx.me)
    return await shown.show(ctx, None, (_("Switched off."),))


async def _changed(ctx: Context, schedule: int, work: Callable[[Plan], Plan]) -> Card:
    done = await ctx.store.write(schedules.change, ctx.me, schedule, work)
    return await shown.show(ctx, schedule, (_("Saved."),) if done else ())


async def _found(ctx: Context, schedule: int) -> Schedule:
    found = await ctx.store.read(schedules.find, ctx.community.id, schedule)
    if found is None or found.state == OFF:
        ways = (Button(_("When and where"), shown.schedule()),)
        raise Refusal(_("That schedule is no longer on."), ways)
    return found


def _each_track(unit: Unit, me: Me) -> bool:
    """From one in turn to one for each, a day apart so that they do not come all at once."""
    found = schedules.of_community(unit, me.community)
    if not found or found[0].outcome is not None:
        return False
    plan = found[0].plan
    weekly = plan.weekly
    schedules.switch_on(
        unit,
        me,
        {
            outcome: replace(plan, weekly=replace(weekly, weekday=(weekly.weekday + place) % len(weekdays.DAYS)))
            for place, outcome in enumerate(Outcome)
        },
    )
    return True


def _turns(unit: Unit, me: Me) -> bool:
    """Back to one for all, at the time of the first."""
    found = schedules.of_community(unit, me.community)
    if not found or found[0].outcome is None:
        return False
    first = next((each for each in found if each.outcome is Outcome.BUSINESS), found[0])
    schedules.switch_on(unit, me, {None: first.plan})
    return True
