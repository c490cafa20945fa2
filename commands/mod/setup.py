"""`/pmpath-mod setup`: from the invitation to the first tip, seven cards that can each wait."""

from __future__ import annotations

from dataclasses import replace

from commands import home
from commands.kit.command import action, command
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View, quiet
from commands.mod import choices, first_tip, welcome, zones
from content.text import Language, Text, _, verbatim
from storage import members, moderating
from storage.members import Me
from storage.unit import Unit


@command(
    _("Set up pmpath here: language, moderators, time zone, weekly tip"),
    example="/pmpath-mod setup",
    aliases=("设置",),
)
async def setup(ctx: Context) -> View:
    buttons = [Button(verbatim(each.label), language(each), Style.PRIMARY) for each in Language]
    body: tuple[Element, ...] = (
        _("In which language shall I post for everybody here? Each member still reads private cards in their own."),
        quiet(_("Now: {language}", language=ctx.community.language.label)),
        quiet(_("Nothing is posted before you have seen it. Each step can wait, and each change can be undone.")),
    )
    return Card(_("Setup, 1 of 7: language"), body, (*buttons, Button(_("Later"), people())))


@action("setup.language", moderators=True)
async def language(ctx: Context, language: Language) -> View:
    await ctx.store.write(moderating.set_language, ctx.me, language)
    return _people(ctx)


@action("setup.people", moderators=True)
async def people(ctx: Context) -> View:
    return _people(ctx)


@action("setup.moderators", moderators=True, takes_values=True)
async def moderators(ctx: Context) -> View:
    await ctx.store.write(moderating.set_moderators, ctx.me, *choices.moderators_chosen(ctx))
    return _zone(ctx)


@action("setup.zone", moderators=True)
async def zone(ctx: Context) -> View:
    return _zone(ctx)


@action("setup.use-zone", moderators=True)
async def use_zone(ctx: Context, zone: str) -> View:
    """The zone that was suggested."""
    return await _set_zone(ctx, choices.zone_picked(ctx, zone))


@action("setup.city", moderators=True)
async def city(ctx: Context) -> View:
    return await _set_zone(ctx, choices.zone_picked(ctx, ctx.value("city")))


@action("setup.zone-form", moderators=True, opens_form=True)
async def zone_form(ctx: Context) -> View:
    return choices.zone_form(ctx, zone_sent())


@action("setup.zone-sent", moderators=True)
async def zone_sent(ctx: Context) -> View:
    return await _set_zone(ctx, choices.zone_written(ctx, zone_form()))


@action("setup.tell", moderators=True)
async def tell(ctx: Context) -> View:
    return _tell(ctx)


@action("setup.tell-here", moderators=True)
async def tell_here(ctx: Context) -> View:
    """Switches *Tell me here* on, and proves it by a first message."""
    await ctx.store.write(switch_on, ctx.me)
    return await first_tip.where(ctx, (_("Switched on. A first message is on its way to you."),))


@action("setup.welcome-step", moderators=True)
async def welcome_step(ctx: Context) -> View:
    return welcome.step((), None)


@action("setup.done", moderators=True)
async def done(ctx: Context) -> View:
    return finished(_("You can come back to each step with /pmpath-mod setup."))


@notice("setup.reachable")
async def reachable(ctx: Context) -> Card:
    """The first message to a moderator who switched *Tell me here* on."""
    return Card(
        _("This reaches you"),
        (
            _(
                "You asked to be told here what concerns moderators of {community}.",
                community=ctx.community.name,
            ),
            quiet(_("To stop it, press the button.")),
        ),
        (Button(_("Stop telling me here"), stop_telling()),),
    )


@action("setup.stop-telling")
async def stop_telling(ctx: Context) -> View:
    await ctx.store.write(members.set_tell_here, ctx.me, on=False)
    return Card(_("Stopped"), (_("You find it on Home from now on."),), (Button(_("Home"), home.home()),))


def switch_on(unit: Unit, me: Me) -> None:
    """*Tell me here* and its first message, in one commit."""
    if members.set_tell_here(unit, me, on=True):
        unit.tell(members.ensure(unit, me), "setup.reachable")


def finished(said: Text) -> Card:
    return Card(_("Setup is done"), (said,), (Button(_("Home"), home.home()),))


async def _set_zone(ctx: Context, zone: str) -> Card:
    await ctx.store.write(moderating.set_zone, ctx.me, zone)
    return _tell(replace(ctx, community=replace(ctx.community, zone=zone)))


def _people(ctx: Context) -> Card:
    return Card(
        _("Setup, 2 of 7: moderators"),
        (choices.moderators_asked(ctx), choices.moderators_select(ctx, moderators())),
        (Button(_("Save"), moderators(), Style.PRIMARY, takes_values=True), Button(_("Later"), zone())),
    )


def _zone(ctx: Context) -> Card:
    suggested = choices.zone_suggested(ctx)
    body: tuple[Element, ...] = (
        _("Weeks and days are counted in the time zone of your community, and the weekly tip goes out by it."),
        quiet(choices.zone_now(ctx)),
        choices.zone_select(ctx, city()),
    )
    yes = () if suggested is None else (_suggests(suggested),)
    return Card(
        _("Setup, 3 of 7: time zone"),
        body,
        (*yes, Button(_("Another city"), zone_form()), Button(_("Later"), tell())),
    )


def _suggests(zone: str) -> Button:
    return Button(_("Use {city}", city=zones.city(zone)), use_zone(zones.as_id(zone)), Style.PRIMARY)


def _tell(ctx: Context) -> Card:
    return Card(
        _("Setup, 4 of 7: messages to you"),
        (
            _("Shall I also tell you in a direct message what concerns moderators? It always stands on Home too."),
            quiet(choices.zone_now(ctx)),
        ),
        (Button(_("Tell me here"), tell_here(), Style.PRIMARY), Button(_("Later"), first_tip.ask())),
    )
