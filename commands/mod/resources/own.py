"""The community's own links: listed, and taken out again."""

from __future__ import annotations

from commands import entries, home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Card, Element, Link, Style, View, line, quiet
from commands.mod.resources import add
from content.text import Text, _, plural, quoted, verbatim
from storage import moderating, own_links
from storage.own_links import OwnLink
from storage.shelf import Shelf

PAGE = 6


@action("own-links.list", moderators=True)
async def listed(ctx: Context, first: int) -> View:
    return shown(ctx, await ctx.store.read(own_links.of_community, ctx.community.id), first)


@action("own-links.ask", moderators=True)
async def ask(ctx: Context, link: int) -> View:
    """The exact effect, before anything is removed."""
    found = await ctx.store.read(own_links.of_community, ctx.community.id)
    asked = next((each for each in found if each.id == link), None)
    if asked is None:
        raise _gone()
    body: tuple[Element, ...] = (
        *described(ctx, asked),
        _("It is deleted from this community's lists. Who has done it keeps that."),
        quiet(_("For 30 days /pmpath-mod audit can undo it.")),
    )
    yes = Button(_("Remove it"), remove(link), Style.DANGER)
    return Card(_("Remove this link?"), body, (yes, Button(_("Keep it"), listed(0))))


@action("own-links.remove", moderators=True)
async def remove(ctx: Context, link: int) -> View:
    gone = await ctx.store.write(moderating.remove_link, ctx.me, link)
    if gone is None:
        raise _gone()
    found = await ctx.store.read(own_links.of_community, ctx.community.id)
    return shown(ctx, found, 0, (_("Removed: {title}", title=gone.title),))


def shown(ctx: Context, found: list[OwnLink], first: int, said: tuple[Text, ...] = ()) -> Card:
    """A page of them, each with the way out."""
    first = page_start(first, PAGE, len(found))
    body: list[Element] = [*said, *(() if found else (_("This community has no links of its own yet."),))]
    for link in found[first : first + PAGE]:
        body += [*described(ctx, link), Buttons((Button(_("Remove"), ask(link.id)),))]
    body += pages(listed, first, PAGE, len(found))
    ways = (Button(_("Add a link"), add.add(), Style.PRIMARY), Button(_("Home"), home.home()))
    return Card(_("This community's own links"), tuple(body), ways)


def described(ctx: Context, link: OwnLink) -> tuple[Element, ...]:
    """A link with its skill and language."""
    skill = ctx.content.skills.get(link.skill)
    name = skill.name if skill else verbatim(link.skill)
    language = entries.IN_LANGUAGE[link.language]
    return (
        line(Link(quoted(link.title), link.address)),
        quiet(_("for {skill} · {language}", skill=name, language=language)),
    )


def ways(here: Shelf) -> tuple[Button, ...]:
    """To the links, and to one more."""
    count = len(here.own)
    return (
        Button(plural("{count} link of our own", "{count} links of our own", count), listed(0)),
        Button(_("Add a link"), add.add()),
    )


def _gone() -> Refusal:
    return Refusal(
        _("This link was removed already."),
        (Button(_("This community's own links"), listed(0)), Button(_("Home"), home.home())),
    )
