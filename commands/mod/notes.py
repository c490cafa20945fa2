"""Notes for moderators: what they are told, on Home and, for those who asked for it, by direct message."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.notice import notice
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import (
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Fields,
    Line,
    LinkButton,
    Section,
    View,
    heading,
    quiet,
)
from commands.mod import setup
from content.text import At, DateStyle, Text, _
from storage import moderator_notes
from storage.moderator_notes import TOLD, Note

PAGE = 3  # with four buttons and a few lines each they fit on every surface
BUTTONS_MOST = 4
Told = tuple[Note, Card]


@action("notes.look", moderators=True)
async def look(ctx: Context, first: int) -> View:
    told, gone = await _read(ctx)
    if gone:
        await ctx.store.write(moderator_notes.settle_each, ctx.community.id, gone)
    return await _card(ctx, told, first)


@action("notes.settle", moderators=True)
async def settle(ctx: Context, note: int, first: int) -> View:
    told, gone = await _read(ctx)
    await ctx.store.write(moderator_notes.settle_each, ctx.community.id, [note, *gone])
    told, _gone = await _read(ctx)
    return await _card(ctx, told, first)


@notice(TOLD)
async def tell(ctx: Context, note: int) -> Card | None:
    """A note as a direct message; nothing where somebody has seen to it meanwhile."""
    found = await ctx.store.read(moderator_notes.find, ctx.community.id, note)
    card = None if found is None else await _said(ctx, found)
    if card is None:
        return None
    here = _("You asked to be told here what concerns moderators of {community}.", community=ctx.community.name)
    ways = (Button(_("Seen to"), settle(note, 0)), Button(_("Stop telling me here"), setup.stop_telling()))
    body = (*_fitting(card), quiet(here), quiet(_("To stop it, press the button.")))
    return Card(card.title, body, (*_buttons(card), *ways))


async def outdated(ctx: Context) -> int:
    """How many of the newest notes say nothing true any more; looking at the notes settles them."""
    _told, gone = await _read(ctx)
    return len(gone)


async def _read(ctx: Context) -> tuple[list[Told], list[int]]:
    """The notes that still say something true, and the ids of those that do not."""
    told: list[Told] = []
    gone: list[int] = []
    for note in await ctx.store.read(moderator_notes.of_community, ctx.community.id):
        card = await _said(ctx, note)
        if card is None:
            gone.append(note.id)
        else:
            told.append((note, card))
    return told, gone


async def _said(ctx: Context, note: Note) -> Card | None:
    """What it says; None where that is no longer true."""
    known = ctx.registry.notices.get(note.notice)
    if known is None:
        return Card(_("Something that this version no longer knows."))
    return await known.handler(ctx, **note.ids)


async def _card(ctx: Context, told: list[Told], first: int) -> Card:
    first = page_start(first, PAGE, len(told))
    body: list[Element] = []
    for note, card in told[first : first + PAGE]:
        body += [Divider()] if body else []
        body += _one(ctx, note, card, first)
    if not told:
        body.append(_("None: nothing waits for you."))
    count = await ctx.store.read(moderator_notes.count, ctx.community.id)
    if count > len(told):
        body.append(quiet(_("There are {count}; the newest {shown} are here.", count=count, shown=len(told))))
    body += pages(look, first, PAGE, len(told))
    return Card(_("Notes for moderators"), tuple(body), (Button(_("Home"), home.home()),))


def _one(ctx: Context, note: Note, card: Card, first: int) -> tuple[Element, ...]:
    when = quiet(_("{moment}", moment=At(note.at, DateStyle.BOTH, ctx.community.zone)))
    row = Buttons((*_buttons(card), Button(_("Seen to"), settle(note.id, first))))
    return (heading(card.title), *_fitting(card), when, row)


def _fitting(card: Card) -> tuple[Element, ...]:
    """What of a notice's body can stand among others."""
    return tuple(each for each in card.body if isinstance(each, Text | Line | Fields | Section | Buttons))


def _buttons(card: Card) -> tuple[Button | LinkButton, ...]:
    """A notice's own buttons; the way Home stands on the card already."""
    own = [each for each in card.buttons if isinstance(each, LinkButton) or each.press.action != "home"]
    return tuple(own[:BUTTONS_MOST])
