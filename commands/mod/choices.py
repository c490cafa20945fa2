"""What setup and settings ask alike: who moderates, and the time zone."""

from __future__ import annotations

from commands.kit.errors import Invalid, out_of_date
from commands.kit.press import Press
from commands.kit.request import Context, Platform
from commands.kit.view import Form, Option, PeopleSelect, Select, TextField
from commands.mod import zones
from content.text import PLAIN, At, DateStyle, Text, _

ROLE = "role:"


def moderators_asked(ctx: Context) -> Text:
    """Who can be named, in this platform's words."""
    if ctx.platform is Platform.DISCORD:
        return _("Who may moderate pmpath besides those with Manage Server? Choose people or roles.")
    return _("Who may moderate pmpath besides the admins? Choose people.")


def moderators_select(ctx: Context, press: Press) -> PeopleSelect:
    """Those who are named, to be changed."""
    chosen = (*sorted(ctx.community.people), *(ROLE + role for role in sorted(ctx.community.roles)))
    return PeopleSelect("moderators", _("Moderators"), press, chosen)


def moderators_chosen(ctx: Context) -> tuple[set[str], set[str]]:
    """The people and the roles that were chosen."""
    chosen = ctx.values.get("moderators", ())
    roles = {each.removeprefix(ROLE) for each in chosen if each.startswith(ROLE)}
    return {each for each in chosen if not each.startswith(ROLE)}, roles


def zone_now(ctx: Context) -> Text:
    """The community's time zone, and how late it is there."""
    zone = ctx.community.zone
    now = PLAIN.moment(At(ctx.now, DateStyle.BOTH, zone), ctx.language)  # never the reader's own zone
    return _("Now: {zone}, where it is {time}", zone=zones.city(zone), time=now)


def zone_suggested(ctx: Context) -> str | None:
    """The person's own zone, unless the community has it already."""
    found = zones.suggested(ctx.zone, ctx.locale)
    return None if found == ctx.community.zone else found


def zone_select(ctx: Context, press: Press) -> Select:
    """Large cities around the world, from west to east."""
    offered = tuple(Option(zones.as_id(zone), zones.city(zone)) for zone in zones.OFFERED)
    return Select("city", _("Choose a city…"), offered, press)


def zone_picked(ctx: Context, written: str | None) -> str:
    """The zone of a press or a select. Raises Refusal where there is none."""
    found = zones.of_id(written or "")
    if found is None:
        raise out_of_date()
    return found


def zone_form(ctx: Context, press: Press) -> Form:
    """Any city, by writing it."""
    field = TextField(
        "zone",
        _("City of your time zone"),
        hint=_("For example Shanghai, Berlin or New York"),
        value=ctx.content.catalogue.say(zones.city(ctx.community.zone), ctx.language),
        most=60,
    )
    return Form(_("Time zone"), (field,), press)


def zone_written(ctx: Context, again: Press) -> str:
    """The zone that was written in the form. Raises Invalid, with the nearest one."""
    written = ctx.value("zone") or ""
    found, near = zones.find_zone(written)
    if found is not None:
        return found
    said = (
        _("I know no time zone “{zone}”. Did you mean {near}?", zone=written, near=zones.city(near))
        if near
        else _("I know no time zone “{zone}”. Write a large city in it, like Shanghai.", zone=written)
    )
    raise Invalid({"zone": said}, again=again)
