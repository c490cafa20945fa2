"""`/pmpath-mod settings`: what is set here, on one card, each thing at most two presses away."""

from __future__ import annotations

from dataclasses import replace

from commands import home
from commands.kit.command import action, command
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Card, Element, Style, View, heading, quiet
from commands.mod import audit, boards, choices, first_tip, matching, mentor_settings, setup, trial
from content.text import Language, Text, _, verbatim
from storage import communities, members, moderating, schedules
from storage.schedules import PAUSED, Schedule

SCHEDULE = ("tips", "schedule")


@command(
    _("What is set here: language, time zone, moderators, the weekly tip"),
    example="/pmpath-mod settings",
    aliases=("选项",),
)
async def settings(ctx: Context) -> View:
    return await _shown(ctx)


@action("settings.language", moderators=True)
async def language(ctx: Context, language: Language) -> View:
    await ctx.store.write(moderating.set_language, ctx.me, language)
    return await _shown(ctx, _("Saved."))


@action("settings.zone", moderators=True)
async def zone(ctx: Context) -> View:
    await ctx.store.write(moderating.set_zone, ctx.me, choices.zone_picked(ctx, ctx.value("city")))
    return await _shown(ctx, _("Saved."))


@action("settings.zone-form", moderators=True, opens_form=True)
async def zone_form(ctx: Context) -> View:
    return choices.zone_form(ctx, zone_sent())


@action("settings.zone-sent", moderators=True)
async def zone_sent(ctx: Context) -> View:
    await ctx.store.write(moderating.set_zone, ctx.me, choices.zone_written(ctx, zone_form()))
    return await _shown(ctx, _("Saved."))


@action("settings.moderators", moderators=True, takes_values=True)
async def moderators(ctx: Context) -> View:
    await ctx.store.write(moderating.set_moderators, ctx.me, *choices.moderators_chosen(ctx))
    return await _shown(ctx, _("Saved."))


@action("settings.asks", moderators=True)
async def asks(ctx: Context, on: bool) -> View:
    """Whether tips of the library wait for a yes."""
    await ctx.store.write(moderating.set_asks, ctx.me, on=on)
    return await _shown(ctx, _("Saved."))


@action("settings.test", moderators=True)
async def test(ctx: Context, channel: str) -> View:
    await ctx.store.write(trial.post_in, ctx.me, channel)
    return await _shown(ctx, trial.said(channel, await ctx.store.read(trial.fate, ctx.community.id, channel)))


@action("settings.tell-here", moderators=True)
async def tell_here(ctx: Context, on: bool) -> View:
    """*Tell me here*, for oneself."""
    if on:
        await ctx.store.write(setup.switch_on, ctx.me)
        return await _shown(ctx, _("Switched on. A first message is on its way to you."))
    await ctx.store.write(members.set_tell_here, ctx.me, on=False)
    return await _shown(ctx, _("Stopped. You find it on Home from now on."))


async def _shown(ctx: Context, told: Text | None = None) -> Card:
    here = await ctx.store.read(communities.by_id, ctx.community.id)  # what has just been saved among it
    ctx = ctx if here is None else replace(ctx, community=here)
    found = await ctx.store.read(schedules.of_community, ctx.community.id)
    me = await ctx.store.read(members.find, ctx.me)
    body: tuple[Element, ...] = (
        *((told,) if told else ()),
        *_language(ctx),
        *_zone(ctx),
        *_moderators(ctx),
        *_weekly(ctx, found),
        heading(_("Points and boards")),
        *await boards.in_short(ctx),
        Buttons((Button(_("Who is left off, and the digest"), boards.manage()),)),
        heading(_("Mentors")),
        *await mentor_settings.in_short(ctx),
        await matching.in_short(ctx),
        Buttons(
            (
                Button(_("Mentoring here"), mentor_settings.manage()),
                Button(_("How often and when"), matching.days()),
            )
        ),
        *_messages(told_here=me is not None and me.tell_here),
    )
    ways = (Button(_("What moderators did"), audit.audit()), Button(_("Home"), home.home()))
    return Card(_("Settings"), body, ways)


def _language(ctx: Context) -> tuple[Element, ...]:
    others = tuple(Button(verbatim(e.label), language(e)) for e in Language if e is not ctx.community.language)
    now = _("Posts for everybody are in {language}.", language=ctx.community.language.label)
    return heading(_("Language")), now, Buttons(others)


def _zone(ctx: Context) -> tuple[Element, ...]:
    return (
        heading(_("Time zone")),
        choices.zone_now(ctx),
        choices.zone_select(ctx, zone()),
        Buttons((Button(_("Another city"), zone_form()),)),
    )


def _moderators(ctx: Context) -> tuple[Element, ...]:
    save = Button(_("Save"), moderators(), Style.PRIMARY, takes_values=True)
    asked = choices.moderators_asked(ctx)
    return heading(_("Moderators")), asked, choices.moderators_select(ctx, moderators()), Buttons((save,))


def _weekly(ctx: Context, found: list[Schedule]) -> tuple[Element, ...]:
    """When and where, with the way to change it; where nothing is switched on, the way to that."""
    title = heading(_("Weekly tip"))
    if not found:
        on = Button(_("Switch it on"), first_tip.ask(), Style.PRIMARY)
        return title, _("It is switched off."), Buttons((on,))
    known = ctx.registry.commands.get(("pmpath-mod", SCHEDULE))
    change = Press(known.action.name, (None,) * len(known.action.parameters)) if known else first_tip.ask()
    waits = all(each.plan.asks for each in found)
    how = (
        _("Tips of pmpath's library wait for a moderator's yes, asked two days before.")
        if waits
        else _("Tips of pmpath's library go out by themselves.")
    )
    row = (
        Button(_("Change day, time or channel"), change),
        Button(_("Post a test"), test(found[0].plan.channel)),
        Button(_("Let them go out by themselves"), asks(on=False)) if waits else Button(_("Ask first"), asks(on=True)),
    )
    return title, *(_line(each) for each in found), quiet(how), Buttons(row)


def _line(each: Schedule) -> Text:
    told = first_tip.summary(each.plan)
    told = told if each.outcome is None else _("{outcome}: {what}", outcome=each.outcome.label, what=told)
    return _("{what}, paused", what=told) if each.state == PAUSED else told


def _messages(*, told_here: bool) -> tuple[Element, ...]:
    now = (
        _("You are told in a direct message what concerns moderators.")
        if told_here
        else _("You find on Home what concerns moderators; no direct message is sent to you.")
    )
    change = (
        Button(_("Stop telling me here"), tell_here(on=False))
        if told_here
        else Button(_("Tell me here"), tell_here(on=True))
    )
    return heading(_("Messages to you")), now, Buttons((change,))
