"""How mentoring is set here: whether moderators look at offers first, and how long a request waits."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.errors import out_of_date
from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Card, Element, View, heading, quiet
from commands.mod import mentor_deeds, mentors, settings
from content.text import Text, _
from storage import communities, mentor_desk
from storage.mentor_states import answer_hours
from storage.offering import APPROVAL
from storage.unit import Unit
from storage.wishes import HOURS

CHOICES = (24, 48, 72, 96, 120, 168)


@action("mentors.settings", moderators=True)
async def manage(ctx: Context) -> View:
    return await _shown(ctx)


@action("mentors.set-approval", moderators=True)
async def set_approval(ctx: Context, on: bool) -> View:
    await ctx.store.write(mentor_desk.set_approval, ctx.me, on=on)
    return await _shown(ctx, _("Saved."))


@action("mentors.set-hours", moderators=True)
async def set_hours(ctx: Context, hours: int) -> View:
    if hours not in CHOICES:
        raise out_of_date()
    await ctx.store.write(mentor_desk.set_hours, ctx.me, hours)
    return await _shown(ctx, _("Saved."))


async def in_short(ctx: Context) -> tuple[Element, ...]:
    """What is set, for the card of all settings."""
    looked_at, hours = await ctx.store.read(_read, ctx.community.id)
    return mentor_deeds.looked_at(on=looked_at), mentor_deeds.waits(hours)


async def _shown(ctx: Context, told: Text | None = None) -> Card:
    looked_at, hours = await ctx.store.read(_read, ctx.community.id)
    other = (
        Button(_("List offers at once"), set_approval(on=False))
        if looked_at
        else Button(_("Look at each first"), set_approval(on=True))
    )
    choices = tuple(Button(mentor_deeds.hours_said(each), set_hours(each), disabled=each == hours) for each in CHOICES)
    body = (
        *((told,) if told else ()),
        heading(_("Approval")),
        mentor_deeds.looked_at(on=looked_at),
        quiet(
            _("On: nobody can be found before you have agreed. Offers that wait for you already stay so either way.")
        ),
        Buttons((other,)),
        heading(_("Requests")),
        mentor_deeds.waits(hours),
        quiet(_("After that the member's next wish is asked by itself. It counts from the next request on.")),
        Buttons(choices),
    )
    ways = (
        Button(_("All mentors"), mentors.mentors()),
        Button(_("Settings"), settings.settings()),
        Button(_("Home"), home.home()),
    )
    return Card(_("Mentoring here"), body, ways)


def _read(unit: Unit, community_id: int) -> tuple[bool, int]:
    hours = communities.setting(unit, community_id, HOURS)
    looked_at = communities.setting(unit, community_id, APPROVAL) is not False
    return looked_at, answer_hours(hours)
