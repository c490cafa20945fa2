"""`/pmpath-mod resources hide`: takes a dead link out of this community's lists, and brings it back."""

from __future__ import annotations

from typing import Annotated

import rapidfuzz.process
import rapidfuzz.utils

from commands import entries, home, resource_card, resources
from commands.entries import Entry
from commands.kit.command import action, command
from commands.kit.element import OPTIONS_MAX
from commands.kit.errors import Refusal
from commands.kit.paging import page_start, pages
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import (
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Link,
    Option,
    Select,
    Style,
    View,
    line,
    quiet,
)
from commands.kit.wording import said_back, short
from commands.mod.resources import own
from commands.resource_list import Filters
from content.levels import Level
from content.outcomes import Outcome
from content.text import Text, _, plural, quoted
from storage import moderating, shelf
from storage.shelf import Shelf

HIDDEN_PAGE = 6
NEAR = 70  # rapidfuzz's score, of 100, from which a title is taken for the one that is meant
NEAR_MOST = 10


@command(
    _("Hide a link that is dead from this community's lists, or show it again"),
    example="/pmpath-mod resources hide pandas",
    aliases=("隐藏",),
)
async def hide(
    ctx: Context, resource: Annotated[str | None, _("Its title, or a part of it; without it: choose")] = None
) -> View:
    here = await ctx.store.read(shelf.read, ctx.me)
    if resource is None:
        return choices(ctx, here, seen(ctx, here), 0)
    found = _meant(ctx, seen(ctx, here), resource)
    if not found:
        gone = _meant(ctx, _hidden(ctx, here), resource)
        if gone:
            return hidden_ones(ctx, here, 0, (_("Hidden already: {title}", title=gone[0].title),))
        every = Button(_("Choose from all"), page(0), Style.PRIMARY)
        raise Refusal(
            _("No link here is called “{words}”.", words=said_back(resource)), (every, Button(_("Home"), home.home()))
        )
    return confirmation(found[0], None, 0, Filters()) if len(found) == 1 else choices(ctx, here, found, 0)


@action("resources.hide-page", moderators=True)
async def page(ctx: Context, first: int) -> View:
    here = await ctx.store.read(shelf.read, ctx.me)
    return choices(ctx, here, seen(ctx, here), first)


@action("resources.hide-chosen", moderators=True)
async def chosen(ctx: Context) -> View:
    entry = resources.known_entry(ctx, await ctx.store.read(shelf.read, ctx.me), ctx.value("link"))
    return confirmation(entry, None, 0, Filters())


@action("resources.dead", moderators=True)
async def dead(ctx: Context, outcome: Outcome, first: int, skill: str | None, level: Level | None) -> View:
    """*Hide a dead one* on a page of the list."""
    entry = resources.known_entry(ctx, await ctx.store.read(shelf.read, ctx.me), ctx.value("dead"))
    return confirmation(entry, outcome, first, Filters(skill, level))


@action("resources.hide", moderators=True)
async def hide_it(
    ctx: Context, resource: str, outcome: Outcome | None, first: int, skill: str | None, level: Level | None
) -> View:
    entry = resources.known_entry(ctx, await ctx.store.read(shelf.read, ctx.me), resource)
    await ctx.store.write(moderating.hide, ctx.me, resource)
    body: tuple[Element, ...] = (
        line(Link(entry.title, entry.address)),
        _("Nobody sees it in this community's lists any more."),
    )
    back = Button(_("Back to the list"), _back(outcome, first, Filters(skill, level)), Style.PRIMARY)
    undo = Button(_("Show it again"), show(resource))
    return Card(_("Hidden"), body, (back, undo, Button(_("Home"), home.home())))


@action("resources.hidden", moderators=True)
async def hidden(ctx: Context, first: int) -> View:
    return hidden_ones(ctx, await ctx.store.read(shelf.read, ctx.me), first, ())


@action("resources.show", moderators=True)
async def show(ctx: Context, resource: str) -> View:
    await ctx.store.write(moderating.show, ctx.me, resource)
    here = await ctx.store.read(shelf.read, ctx.me)
    found = [entry for entry in entries.every(ctx.content, here) if entry.id == resource]
    return hidden_ones(ctx, here, 0, tuple(_("In the lists again: {title}", title=each.title) for each in found))


def choices(ctx: Context, here: Shelf, found: list[Entry], first: int) -> Card:
    """Which one? All that members see, by title, as many at once as a select takes."""
    first = page_start(first, OPTIONS_MAX, len(found))
    offered = found[first : first + OPTIONS_MAX]
    options = tuple(Option(entry.id, _titled(ctx, entry)) for entry in offered)
    body: list[Element] = [_("Which link is dead, or does not belong here? Members then no longer see it.")]
    body += [Select("link", _("Choose a link…"), options, chosen())] if options else []
    body += pages(page, first, OPTIONS_MAX, len(found))
    body.append(quiet(_("Quicker with a part of its title: /pmpath-mod resources hide pandas")))
    return Card(_("Hide a dead link"), tuple(body), _ways(ctx, here))


def confirmation(entry: Entry, outcome: Outcome | None, first: int, filters: Filters) -> Card:
    """The exact effect, before anything is hidden."""
    body: tuple[Element, ...] = (
        line(Link(entry.title, entry.address)),
        quoted(entry.address),
        _(
            "It disappears from the lists of everybody in this community, and of no other."
            " Who has done it keeps that. You can show it again at any time."
        ),
    )
    do = hide_it(entry.id, outcome, first, filters.skill, filters.level)
    keep = _back(outcome, first, filters)
    return Card(_("Hide this link?"), body, (Button(_("Hide it"), do, Style.DANGER), Button(_("Keep it"), keep)))


def hidden_ones(ctx: Context, here: Shelf, first: int, said: tuple[Text, ...]) -> Card:
    """What is hidden here, each with the way back."""
    found = _hidden(ctx, here)
    first = page_start(first, HIDDEN_PAGE, len(found))
    listed = found[first : first + HIDDEN_PAGE]
    body: list[Element] = [*said, *(() if found else (_("Nothing is hidden in this community."),))]
    for entry in listed:
        body += [line(Link(entry.title, entry.address)), Buttons((Button(_("Show it again"), show(entry.id)),))]
    more = pages(hidden, first, HIDDEN_PAGE, len(found))
    body += [Divider(), *more] if more else []
    ways = (Button(_("Hide another"), page(0)), Button(_("Home"), home.home()))
    return Card(_("Hidden links"), tuple(body), ways)


def seen(ctx: Context, here: Shelf) -> list[Entry]:
    """What members see, by title."""
    return sorted(entries.seen(ctx.content, here), key=lambda entry: (_words(ctx, entry).casefold(), entry.id))


def _hidden(ctx: Context, here: Shelf) -> list[Entry]:
    return [entry for entry in entries.every(ctx.content, here) if entry.id in here.hidden]


def _meant(ctx: Context, found: list[Entry], written: str) -> list[Entry]:
    """The links that the words may mean: by id, by title, by a part of it, or nearly so."""
    wanted = written.strip().casefold()
    titles = [_words(ctx, entry).casefold() for entry in found]
    exact = [entry for entry, title in zip(found, titles, strict=True) if wanted in {entry.id, title}]
    inside = [entry for entry, title in zip(found, titles, strict=True) if wanted in title]
    if exact or inside:
        return exact or inside[:OPTIONS_MAX]
    near = rapidfuzz.process.extract(
        wanted, titles, processor=rapidfuzz.utils.default_process, score_cutoff=NEAR, limit=NEAR_MOST
    )
    return [found[place] for _title, _score, place in near]


def _titled(ctx: Context, entry: Entry) -> Text:
    return short(entry.title, ctx.language, ctx.content.catalogue, resource_card.LABEL_MAX)


def _words(ctx: Context, entry: Entry) -> str:
    return ctx.content.catalogue.say(entry.title, ctx.language)


def _back(outcome: Outcome | None, first: int, filters: Filters) -> Press:
    return page(0) if outcome is None else resources.page(outcome, first, filters.skill, filters.level)


def _ways(ctx: Context, here: Shelf) -> tuple[Button, ...]:
    count = len(_hidden(ctx, here))
    return (
        Button(plural("{count} hidden", "{count} hidden", count), hidden(0)),
        *own.ways(here),
        Button(_("Home"), home.home()),
    )
