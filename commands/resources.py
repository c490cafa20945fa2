"""`/pmpath resources`: what to learn from, by track, a page at a time."""

from __future__ import annotations

from typing import Annotated

from commands import home, track
from commands.kit.command import action, command
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Line, Link, Pages, Style, View, line, quiet
from content.load import Content
from content.outcomes import Outcome
from content.resources import Resource
from content.text import Language, Text, _, verbatim
from storage import results

PAGE = 6
LEVELS = {1: _("beginner"), 2: _("practitioner"), 3: _("advanced")}


@command(
    _("What to learn from, by track, in your language first"),
    example="/pmpath resources technical",
    aliases=("learn", "资源"),
)
async def resources(ctx: Context, outcome: Annotated[Outcome | None, _("Which track")] = None) -> View:
    if outcome is None:
        latest = await ctx.store.read(results.latest, ctx.me)
        outcome = latest.outcome if latest else None
    return choices() if outcome is None else card(ctx, outcome, 0)


@action("resources.page")
async def page(ctx: Context, outcome: Outcome, first: int) -> View:
    return card(ctx, outcome, first)


def choices() -> Card:
    """Which track's resources?"""
    buttons = [Button(outcome.name_only, resources(outcome)) for outcome in Outcome]
    return Card(
        _("Learning resources"),
        (_("For which track? With a result of yours, this opens on your own."),),
        (*buttons, Button(_("Home"), home.home())),
    )


def card(ctx: Context, outcome: Outcome, first: int) -> Card:
    """One page of a track's resources."""
    found = in_order(ctx.content, outcome, ctx.language)
    first = min(max(first - first % PAGE, 0), max(len(found) - 1, 0) // PAGE * PAGE)
    shown = found[first : first + PAGE]
    body: list[Element] = [each for resource in shown for each in _lines(ctx, resource)]
    if len(found) > PAGE:
        body.append(_pages(outcome, first, len(shown), len(found)))
    body.append(quiet(_("Texts of law are pointers here, not advice. Addresses were last checked on the day shown.")))
    return Card(
        _("Learning: {outcome}", outcome=outcome.label),
        tuple(body),
        (
            Button(_("About {outcome}", outcome=outcome.name_only), track.track(outcome), Style.PRIMARY),
            Button(_("Other tracks"), choose()),
            Button(_("Home"), home.home()),
        ),
    )


@action("resources.choose")
async def choose(ctx: Context) -> View:
    return choices()


def in_order(content: Content, outcome: Outcome, language: Language) -> list[Resource]:
    """A track's resources: the core skills first, then the reader's language, then the easier ones."""
    core = content.tracks[outcome].skills
    wanted = {skill.id for skill in content.skills.values() if outcome in {skill.track, *skill.also}} | set(core)
    found = [each for each in content.resources.values() if wanted & set(each.skills)]

    def place(resource: Resource) -> tuple[int, bool, int, str]:
        at = min((core.index(skill) for skill in resource.skills if skill in core), default=len(core))
        return at, resource.language is not language, resource.level, resource.id

    return sorted(found, key=place)


def _lines(ctx: Context, resource: Resource) -> tuple[Line, ...]:
    title = verbatim(resource.title)
    by = verbatim(resource.by)
    skills = [ctx.content.skills[skill].name for skill in resource.skills]
    about = [by, verbatim(resource.language.label), LEVELS[resource.level]]
    if resource.hours is not None:
        about.append(_("about {hours} h", hours=resource.hours))
    checked = _("checked {day}", day=resource.checked_on.isoformat())
    unseen = () if resource.seen == "exact" else (_(" · address not verified"),)
    return (
        line(Link(title, resource.address)),
        quiet(joined(about), _(" · for "), joined(skills), verbatim(" · "), checked, *unseen),
    )


def joined(texts: list[Text]) -> Text:
    """Texts side by side with a dot between."""
    whole = texts[0]
    for text in texts[1:]:
        whole = _("{first} · {second}", first=whole, second=text)
    return whole


def _pages(outcome: Outcome, first: int, shown: int, total: int) -> Pages:
    back = page(outcome, first - PAGE) if first > 0 else None
    on = page(outcome, first + PAGE) if first + PAGE < total else None
    return Pages(first + 1, first + shown, total, back, on)
