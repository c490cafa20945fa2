"""How a page of resources is drawn: the list with its links, and below it what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from commands import entries, home, resources, standing, start, track
from commands.entries import Entry
from commands.kit.element import OPTIONS_MAX
from commands.kit.paging import page_start, pages
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import (
    Bold,
    Button,
    Buttons,
    Card,
    Element,
    Line,
    Link,
    Option,
    Pages,
    Run,
    Select,
    Style,
    line,
    quiet,
)
from commands.kit.wording import dotted, joined, short
from commands.mod.resources import hide
from commands.resource_list import Filters, Listing
from content.levels import Level
from content.load import Content
from content.outcomes import Outcome
from content.text import At, Text, _, verbatim
from storage.shelf import Shelf

PAGE = 6
ANY = "any"  # the option of a select that narrows nothing
LABEL_MAX = 70  # a title in a select: Slack takes 75, and the number by which it stands in the list comes first


def choices(skill: str | None = None, level: Level | None = None) -> Card:
    """Which track's resources?"""
    buttons = [Button(outcome.name_only, resources.resources(outcome, skill, level)) for outcome in Outcome]
    return Card(
        _("Learning resources"),
        (_("For which track? With a result of yours, this opens on your own."),),
        (*buttons, Button(_("Home"), home.home())),
    )


def card(ctx: Context, shelf: Shelf, listing: Listing, first: int, said: tuple[Element, ...] = ()) -> Card:
    """One page of a track's resources; `said` comes before it: what a press has just done."""
    first = page_start(first, PAGE, len(listing.entries))
    shown = listing.entries[first : first + PAGE]
    body: list[Element] = [*said, *_intro(ctx.content, shelf, listing)]
    for number, entry in enumerate(shown, first + 1):
        body += _lines(ctx, shelf, listing, entry, number)
    if not shown:
        body.append(_("Nothing here fits both what you chose and this track. Clear the filters to see all of it."))
    body += _pages(listing, first)
    body += _filters(ctx.content, listing)
    body += _marks(ctx, listing, first, shown)
    body.append(quiet(_("Texts of law are pointers here, not advice. Addresses were last checked on the day shown.")))
    return Card(_("Learning: {outcome}", outcome=listing.outcome.label), tuple(body), _ways(shelf, listing))


def of_done(ctx: Context, entry: Entry, outcome: Outcome, first: int, filters: Filters) -> Card:
    """One resource that I have done: what came out of it, and the ways to change that."""
    place = (outcome, first, filters.skill, filters.level)
    body: list[Element] = [line(Link(entry.title, entry.address))]
    if entry.done is not None:
        body.append(_("✓ Done on {day}.", day=At(entry.done.at, zone=ctx.community.zone)))
    if entry.done is not None and entry.done.said:
        body.append(_("What came out of it: {said}", said=entry.done.said))
        body.append(quiet(_("Taking it back erases what you wrote too.")))
    return Card(
        _("Done"),
        tuple(body),
        (
            Button(_("What came out of it"), resources.note(entry.id, *place), Style.PRIMARY),
            Button(_("Not done after all"), resources.undo(entry.id, *place)),
            Button(_("Back to the list"), resources.page(*place)),
            Button(_("Home"), home.home()),
        ),
    )


def marked(
    entry: Entry, points: Sequence[Element], outcome: Outcome, first: int, filters: Filters
) -> tuple[Element, ...]:
    """What stands above the list after something was marked as done, with the points that it came to."""
    note = resources.note(entry.id, outcome, first, filters.skill, filters.level)
    return (
        _("✓ Done: {title}", title=entry.title),
        *points,
        Buttons((Button(_("What came out of it"), note, Style.PRIMARY),)),
    )


def _intro(content: Content, shelf: Shelf, listing: Listing) -> list[Element]:
    """What the order goes by, and what the list is narrowed to."""
    lines: list[Element] = []
    if not standing.outcomes(shelf):
        lines.append(quiet(_("With a result of yours, your own gaps come first here.")))
    elif listing.gaps.first and not listing.filters:
        names = joined([content.skills[skill].name for skill in listing.gaps.first])
        lines.append(quiet(_("Your own gaps come first: {skills}", skills=names)))
    filters = listing.filters
    narrowed = [] if filters.skill is None else [content.skills[filters.skill].name]
    narrowed += [] if filters.level is None else [filters.level.label]
    if narrowed:
        lines.append(line(Bold(_("Only: {filters}", filters=joined(narrowed)))))
    return lines


def _lines(ctx: Context, shelf: Shelf, listing: Listing, entry: Entry, number: int) -> list[Line]:
    title: list[Run] = [verbatim(f"{number}. "), Link(entry.title, entry.address)]
    if entry.done is not None:
        title += [verbatim("  "), Bold(_("✓ done"))]
    skills = _skills(ctx.content, shelf, listing, entry)
    about = joined([*entries.origin(entry), entries.IN_LANGUAGE[entry.language]])
    closed = [entries.CLOSED] if entry.unreachable else []
    return [line(*title), quiet(about, *skills, *dotted([*closed, *entries.checks(entry)]))]


def _skills(content: Content, shelf: Shelf, listing: Listing, entry: Entry) -> list[Text]:
    """What it is for, the reader's own gaps before the others."""
    mine = listing.missing if standing.outcomes(shelf) else ()
    gaps = [skill for skill in mine if skill in entry.skills]
    others = [skill for skill in entry.skills if skill not in gaps]
    said: list[Text] = []
    if gaps:
        mark = _(" · for your gap ") if len(gaps) == 1 else _(" · for your gaps ")
        said += [mark, joined([content.skills[skill].name for skill in gaps])]
    if others:
        said += [_(" · also for ") if gaps else _(" · for "), joined([content.skills[skill].name for skill in others])]
    return said


def _pages(listing: Listing, first: int) -> tuple[Pages, ...]:
    filters = listing.filters

    def move(to: int) -> Press:
        return resources.page(listing.outcome, to, filters.skill, filters.level)

    return pages(move, first, PAGE, len(listing.entries))


def _filters(content: Content, listing: Listing) -> list[Element]:
    """The two selects that narrow the list; of very many skills the most useful ones."""
    filters, offered = listing.filters, list(listing.skills[:OPTIONS_MAX])
    if filters.skill is not None and filters.skill not in offered:
        offered = [filters.skill, *offered[: OPTIONS_MAX - 1]]
    skills = tuple(Option(skill, content.skills[skill].name) for skill in offered)
    levels = (Option(ANY, _("any level")), *(Option(level.value, level.label) for level in Level))
    chosen = () if filters.skill is None else (filters.skill,)
    by_skill = resources.by_skill(listing.outcome, filters.level)
    by_level = resources.by_level(listing.outcome, filters.skill)
    level = ANY if filters.level is None else filters.level.value
    selects: list[Element] = [Select("skill", _("One skill only"), skills, by_skill, chosen=chosen)] if skills else []
    return [*selects, Select("level", _("One level only"), levels, by_level, chosen=(level,))]


def _marks(ctx: Context, listing: Listing, first: int, shown: tuple[Entry, ...]) -> list[Element]:
    """The selects for what is on this page: done, done before, and for moderators hidden."""
    filters = listing.filters
    place = (listing.outcome, first, filters.skill, filters.level)

    def options(of: list[bool]) -> tuple[Option, ...]:
        numbered = zip(range(first + 1, first + 1 + len(shown)), shown, of, strict=True)
        return tuple(Option(entry.id, _numbered(ctx, entry, number)) for number, entry, wanted in numbered if wanted)

    open_ = options([entry.done is None for entry in shown])
    done = options([entry.done is not None for entry in shown])
    selects: list[Element] = [Select("done", _("Mark as done…"), open_, resources.done(*place))] if open_ else []
    selects += [Select("learned", _("What I have done…"), done, resources.learned(*place))] if done else []
    if ctx.moderator and shown:
        every = options([True] * len(shown))
        selects.append(Select("dead", _("Hide a dead one…"), every, hide.dead(*place)))
    return selects


def _numbered(ctx: Context, entry: Entry, number: int) -> Text:
    title = short(entry.title, ctx.language, ctx.content.catalogue, LABEL_MAX)
    return _("{number}. {title}", number=number, title=title)


def _ways(shelf: Shelf, listing: Listing) -> tuple[Button, ...]:
    outcome = listing.outcome
    clear = (Button(_("Clear filters"), resources.page(outcome, 0)),) if listing.filters else ()
    find_out = (Button(_("Find out which track fits you"), start.start()),) if not standing.outcomes(shelf) else ()
    return (
        *clear,
        Button(_("About {outcome}", outcome=outcome.name_only), track.track(outcome), Style.PRIMARY),
        Button(_("Other tracks"), resources.choose()),
        *find_out,
        Button(_("Home"), home.home()),
    )
