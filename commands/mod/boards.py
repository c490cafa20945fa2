"""Boards as moderators set them up: who is left off, and the digest of a closed week or month."""

from __future__ import annotations

from collections.abc import Collection

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Card, Element, PeopleSelect, Style, View, heading, quiet
from commands.mod import audit, choices, digest, settings
from content.boards import Season
from content.text import At, DateStyle, Text, _, plural
from storage import adjusting, appearances, digests
from storage.digests import Digest


@action("boards.manage", moderators=True)
async def manage(ctx: Context) -> View:
    return await shown(ctx)


@action("boards.leave-out", moderators=True, takes_values=True)
async def leave_out(ctx: Context) -> View:
    """Exactly those who are chosen stand on no board."""
    people = ctx.values.get("left_out", ())
    if any(each.startswith(choices.ROLE) for each in people):
        raise Refusal(
            _("A role can't be left off the boards: choose the people."),
            (Button(_("Boards and digest"), manage()), Button(_("Home"), home.home())),
        )
    strangers = await ctx.store.write(adjusting.leave_out, ctx.me, people)
    if not strangers:
        return await shown(ctx, _("Saved."))
    told = plural(
        "Saved, but for {count} person whom I have not met here yet: they stand on no board anyway."
        " Once they have used pmpath, choose them again.",
        "Saved, but for {count} people whom I have not met here yet: they stand on no board anyway."
        " Once they have used pmpath, choose them again.",
        strangers,
    )
    return await shown(ctx, told)


async def shown(ctx: Context, told: Text | None = None) -> Card:
    """The card, with what has just been done."""
    left_out = await ctx.store.read(appearances.left_out, ctx.community.id)
    goes_out = await ctx.store.read(digests.of_community, ctx.community.id)
    body = (*((told,) if told else ()), *_staff([uid for uid, _name in left_out]), *_digest(ctx, goes_out))
    ways = (Button(_("Settings"), settings.settings()), Button(_("What moderators did"), audit.audit()))
    return Card(_("Boards and digest"), body, (*ways, Button(_("Home"), home.home())))


def _staff(uids: Collection[str]) -> tuple[Element, ...]:
    now = (
        plural("{count} person is left off.", "{count} people are left off.", len(uids))
        if uids
        else _("Nobody is left off.")
    )
    return (
        heading(_("Left off the boards")),
        _(
            "Whom you choose here stands on no board, whatever they chose themselves: those who work here, for example."
            " Their points stay, and nobody is told."
        ),
        now,
        PeopleSelect("left_out", _("Left off the boards"), leave_out(), tuple(uids)),
        Buttons((Button(_("Save"), leave_out(), Style.PRIMARY, takes_values=True),)),
    )


def _digest(ctx: Context, found: Digest | None) -> tuple[Element, ...]:
    title = heading(_("Digest"))
    if found is None:
        about = _(
            "It is switched off. Once a week or a month has closed, the digest shows its first ten to a channel:"
            " only those who chose to stand on boards. You see it first."
        )
        ways = (Button(_("Each week"), digest.ask(Season.WEEK)), Button(_("Each month"), digest.ask(Season.MONTH)))
        return title, about, Buttons(ways)
    next_at = At(found.next_at, DateStyle.BOTH, ctx.community.zone)
    monthly = found.season is Season.MONTH
    other = Button(_("Each week"), digest.look(Season.WEEK, found.channel))
    if not monthly:
        other = Button(_("Each month"), digest.look(Season.MONTH, found.channel))
    row = (
        Button(_("Look at it"), digest.look(found.season, found.channel)),
        other,
        Button(_("Another channel"), digest.ask(found.season)),
        Button(_("Switch off"), digest.switch_off(), Style.DANGER),
    )
    summary = digest.summary(found.season, found.channel, ctx.community.zone)
    return title, summary, quiet(_("The next time: {moment}", moment=next_at)), Buttons(row)
