"""`/pmpath-mod setup`: language, moderators, time zone, messages to me, a welcome post; each step can wait."""

from __future__ import annotations

from commands import home
from commands.kit.command import action, command
from commands.kit.errors import Invalid
from commands.kit.notice import notice
from commands.kit.request import Context, Platform
from commands.kit.view import (
    Button,
    Card,
    Element,
    Form,
    PeopleSelect,
    Style,
    TextField,
    View,
    quiet,
)
from commands.mod import welcome
from commands.mod.zones import find_zone
from content.text import PLAIN, At, DateStyle, Language, Text, _, verbatim
from storage import communities, members
from storage.members import Me
from storage.unit import Unit

ROLE = "role:"


@command(
    _("Set up pmpath here: language, moderators, time zone, a welcome post"),
    example="/pmpath-mod setup",
    aliases=("设置",),
)
async def setup(ctx: Context) -> View:
    buttons = [Button(verbatim(each.label), language(each), Style.PRIMARY) for each in Language]
    body: tuple[Element, ...] = (
        _("In which language shall I post for everybody here? Each member still reads private cards in their own."),
        quiet(_("Now: {language}", language=ctx.community.language.label)),
    )
    return Card(_("Setup, 1 of 5: language"), body, (*buttons, Button(_("Later"), people())))


@action("setup.language", moderators=True)
async def language(ctx: Context, language: Language) -> View:
    await ctx.store.write(communities.set_language, ctx.community.id, language)
    return _people(ctx)


@action("setup.people", moderators=True)
async def people(ctx: Context) -> View:
    return _people(ctx)


@action("setup.moderators", moderators=True, takes_values=True)
async def moderators(ctx: Context) -> View:
    chosen = ctx.values.get("moderators", ())
    roles = {each.removeprefix(ROLE) for each in chosen if each.startswith(ROLE)}
    persons = {each for each in chosen if not each.startswith(ROLE)}
    await ctx.store.write(communities.set_moderators, ctx.community.id, persons, roles)
    return _zone(ctx)


@action("setup.zone", moderators=True)
async def zone(ctx: Context) -> View:
    return _zone(ctx)


@action("setup.zone-form", moderators=True, opens_form=True)
async def zone_form(ctx: Context) -> View:
    field = TextField(
        "zone",
        _("City of your time zone"),
        hint=_("For example Shanghai, Berlin or New York"),
        value=ctx.community.zone,
        most=60,
    )
    return Form(_("Time zone"), (field,), zone_sent())


@action("setup.zone-sent", moderators=True)
async def zone_sent(ctx: Context) -> View:
    written = ctx.value("zone") or ""
    found, near = find_zone(written)
    if found is None:
        said = (
            _("I know no time zone “{zone}”. Did you mean {near}?", zone=written, near=near)
            if near
            else _("I know no time zone “{zone}”. Write a large city in it, like Shanghai.", zone=written)
        )
        raise Invalid({"zone": said}, again=zone_form())
    await ctx.store.write(communities.set_zone, ctx.community.id, found)
    return _tell(ctx)


@action("setup.tell", moderators=True)
async def tell(ctx: Context) -> View:
    return _tell(ctx)


@action("setup.tell-here", moderators=True)
async def tell_here(ctx: Context) -> View:
    """Switches *Tell me here* on, and proves it by a first message."""
    await ctx.store.write(switch_on, ctx.me)
    return _welcome(ctx, _("Switched on. A first message is on its way to you."))


@action("setup.welcome-step", moderators=True)
async def welcome_step(ctx: Context) -> View:
    return _welcome(ctx, None)


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


def _people(ctx: Context) -> Card:
    chosen = (*sorted(ctx.community.people), *(ROLE + role for role in sorted(ctx.community.roles)))
    who = (
        _("Who may moderate pmpath besides those with Manage Server? Choose people or roles.")
        if ctx.platform is Platform.DISCORD
        else _("Who may moderate pmpath besides the admins? Choose people.")
    )
    return Card(
        _("Setup, 2 of 5: moderators"),
        (who, PeopleSelect("moderators", _("Moderators"), moderators(), chosen)),
        (
            Button(_("Save"), moderators(), Style.PRIMARY, takes_values=True),
            Button(_("Later"), zone()),
        ),
    )


def _zone(ctx: Context) -> Card:
    now = PLAIN.moment(At(ctx.now, DateStyle.BOTH, ctx.community.zone), ctx.language)  # never the reader's own zone
    return Card(
        _("Setup, 3 of 5: time zone"),
        (
            _("Weeks and days are counted in the time zone of your community."),
            quiet(_("Now: {zone}, where it is {time}", zone=ctx.community.zone, time=now)),
        ),
        (Button(_("Change it"), zone_form(), Style.PRIMARY), Button(_("Later"), tell())),
    )


def _tell(ctx: Context) -> Card:
    return Card(
        _("Setup, 4 of 5: messages to you"),
        (_("Shall I also tell you in a direct message what concerns moderators? It always stands on Home too."),),
        (Button(_("Tell me here"), tell_here(), Style.PRIMARY), Button(_("Later"), welcome_step())),
    )


def _welcome(ctx: Context, said: Text | None) -> Card:
    body: tuple[Element, ...] = (
        *((said,) if said else ()),
        _("A welcome post tells everybody what I can do here, with a button to start. You see it first."),
    )
    return Card(
        _("Setup, 5 of 5: welcome post"),
        body,
        (Button(_("Preview"), welcome.preview(), Style.PRIMARY), Button(_("Later"), done())),
    )


def finished(said: Text) -> Card:
    return Card(_("Setup is done"), (said,), (Button(_("Home"), home.home()),))
