"""`/pmpath resources`: what to learn from, your own gaps first; by skill and level, a page at a time; mark done."""

from __future__ import annotations

from typing import Annotated

from commands import earned, entries, home, resource_card, resource_list, skill_names, standing
from commands.entries import Entry
from commands.kit.command import action, command
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Element, Form, TextField, View
from commands.kit.wording import said_back
from commands.resource_list import Filters
from content.levels import Level
from content.outcomes import Outcome
from content.points import Deed
from content.text import _
from storage import learning, shelf
from storage.shelf import Shelf

SAID_MAX = 200


@command(
    _("What to learn from: your own gaps first, by skill and level"),
    example="/pmpath resources technical",
    aliases=("learn", "资源"),
)
async def resources(
    ctx: Context,
    outcome: Annotated[Outcome | None, _("Which track")] = None,
    skill: Annotated[str | None, _("Which skill, by its name"), skill_names.suggest] = None,
    level: Annotated[Level | None, _("Which level")] = None,
) -> View:
    mine = await ctx.store.read(shelf.read, ctx.me)
    skill = None if skill is None else known_skill(ctx, skill, outcome, level)
    if outcome is None:
        outcome = next(iter(standing.outcomes(mine)), None) or _track_of(ctx, skill)
    if outcome is None:
        return resource_card.choices(skill, level)
    return shown(ctx, mine, outcome, 0, Filters(skill, level))


@action("resources.page")
async def page(
    ctx: Context, outcome: Outcome, first: int, skill: str | None = None, level: Level | None = None
) -> View:
    return shown(ctx, await ctx.store.read(shelf.read, ctx.me), outcome, first, Filters(skill, level))


@action("resources.choose")
async def choose(ctx: Context) -> View:
    return resource_card.choices()


@action("resources.by-skill")
async def by_skill(ctx: Context, outcome: Outcome, level: Level | None) -> View:
    mine = await ctx.store.read(shelf.read, ctx.me)
    return shown(ctx, mine, outcome, 0, Filters(ctx.value("skill"), level))


@action("resources.by-level")
async def by_level(ctx: Context, outcome: Outcome, skill: str | None) -> View:
    mine = await ctx.store.read(shelf.read, ctx.me)
    chosen = next((level for level in Level if level.value == ctx.value("level")), None)
    return shown(ctx, mine, outcome, 0, Filters(skill, chosen))


@action("resources.done")
async def done(ctx: Context, outcome: Outcome, first: int, skill: str | None, level: Level | None) -> View:
    """Marks what was chosen; what I wrote of it before stays."""
    entry = known_entry(ctx, await ctx.store.read(shelf.read, ctx.me), ctx.value("done"))
    of = entries.track(ctx.content, entry)
    won = await ctx.store.write(learning.set_resource, ctx.me, entry.id, done=True, of=of)
    points = await earned.lines(ctx, won, entry.id, Deed.RESOURCE)
    mine = await ctx.store.read(shelf.read, ctx.me)
    filters = Filters(skill, level)
    return shown(ctx, mine, outcome, first, filters, resource_card.marked(entry, points, outcome, first, filters))


@action("resources.learned")
async def learned(ctx: Context, outcome: Outcome, first: int, skill: str | None, level: Level | None) -> View:
    entry = known_entry(ctx, await ctx.store.read(shelf.read, ctx.me), ctx.value("learned"))
    return resource_card.of_done(ctx, entry, outcome, first, Filters(skill, level))


@action("resources.note", opens_form=True)
async def note(
    ctx: Context, resource: str, outcome: Outcome, first: int, skill: str | None, level: Level | None
) -> View:
    entry = known_entry(ctx, await ctx.store.read(shelf.read, ctx.me), resource)
    field = TextField(
        "said",
        _("What came out of it"),
        hint=earned.hint(ctx.content.points, Deed.RESOURCE_WITH_LINE),
        value=(entry.done.said if entry.done else None) or "",
        required=False,
        most=SAID_MAX,
    )
    return Form(_("Done"), (field,), noted(resource, outcome, first, skill, level))


@action("resources.noted")
async def noted(
    ctx: Context, resource: str, outcome: Outcome, first: int, skill: str | None, level: Level | None
) -> View:
    entry = known_entry(ctx, await ctx.store.read(shelf.read, ctx.me), resource)
    said = " ".join((ctx.value("said") or "").split())[:SAID_MAX]
    of = entries.track(ctx.content, entry)
    won = await ctx.store.write(learning.set_resource, ctx.me, entry.id, done=True, said=said, of=of)
    points = await earned.lines(ctx, won, entry.id, Deed.RESOURCE, *((Deed.RESOURCE_WITH_LINE,) * bool(said)))
    mine = await ctx.store.read(shelf.read, ctx.me)
    done = _("✓ Done: {title}", title=entry.title)
    return shown(ctx, mine, outcome, first, Filters(skill, level), (done, *points))


@action("resources.undo")
async def undo(
    ctx: Context, resource: str, outcome: Outcome, first: int, skill: str | None, level: Level | None
) -> View:
    entry = known_entry(ctx, await ctx.store.read(shelf.read, ctx.me), resource)
    await ctx.store.write(learning.set_resource, ctx.me, entry.id, done=False)
    mine = await ctx.store.read(shelf.read, ctx.me)
    said = (_("Taken back: {title}", title=entry.title),)
    return shown(ctx, mine, outcome, first, Filters(skill, level), said)


def shown(
    ctx: Context, mine: Shelf, outcome: Outcome, first: int, filters: Filters, said: tuple[Element, ...] = ()
) -> View:
    """The page with `first` on it. A skill that is no more narrows nothing."""
    filters = filters if filters.skill in ctx.content.skills else Filters(None, filters.level)
    listing = resource_list.listing(ctx.content, mine, outcome, ctx.language, filters)
    return resource_card.card(ctx, mine, listing, first, said)


def known_entry(ctx: Context, mine: Shelf, resource: str | None) -> Entry:
    """A resource by its id. Raises Refusal for one that is not there any more."""
    found = next((entry for entry in entries.every(ctx.content, mine) if entry.id == resource), None)
    if found is not None:
        return found
    again = Button(_("Learning resources"), resources(None))
    raise Refusal(_("This resource is not in the list any more."), (again, Button(_("Home"), home.home())))


def known_skill(ctx: Context, written: str, outcome: Outcome | None, level: Level | None) -> str:
    """The id of the skill that is meant. Raises Refusal with the nearest ones."""
    skill, near = skill_names.find(ctx.content, written)
    if skill is not None:
        return skill
    buttons = [Button(ctx.content.skills[each].name, resources(outcome, each, level)) for each in near]
    said = (
        _("I know no skill “{words}”. Did you mean one of these?", words=said_back(written))
        if near
        else _("I know no skill “{words}”. The list lets you choose one.", words=said_back(written))
    )
    every = Button(_("Learning resources"), resources(outcome))
    raise Refusal(said, (*buttons, every, Button(_("Home"), home.home())))


def _track_of(ctx: Context, skill: str | None) -> Outcome | None:
    """Where a skill is at home, for somebody without a result."""
    return ctx.content.skills[skill].track if skill is not None else None
