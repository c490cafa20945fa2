"""*What is missing for me?*: tick what you have done of a track's skills, and say where your users are."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass

from commands import home, plan, standing
from commands.kit.command import action
from commands.kit.element import OPTIONS_MAX
from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Card, Element, Option, Select, Style, View, heading, quiet
from content.gaps import wanted_skills
from content.load import Content
from content.outcomes import Outcome
from content.skills import REGIONS
from content.text import Text, _
from storage import learning, members, shelf
from storage.learning import SkillState
from storage.members import Me
from storage.shelf import Shelf
from storage.unit import Unit

SKILLS = "skills"
USERS = "regions"
PLACES = {"cn": _("Mainland China"), "eu": _("The EU"), "us": _("The US"), "elsewhere": _("Elsewhere")}


@dataclass(frozen=True, slots=True)
class Ticked:
    """What is ticked on the card: skills that were asked about, and regions."""

    had: frozenset[str]
    regions: frozenset[str]

    @property
    def revision(self) -> int:
        """The same number for the same ticks."""
        return zlib.crc32(" ".join((*sorted(self.had), "/", *sorted(self.regions))).encode())


@action("missing")
async def missing(ctx: Context, outcome: Outcome) -> View:
    return card(ctx, await ctx.store.read(shelf.read, ctx.me), outcome)


@action("missing.next", takes_values=True)
async def next_(ctx: Context, outcome: Outcome, drawn: int) -> View:
    """Takes what is ticked. `drawn` is the revision of what was ticked when the card was drawn: a card that is
    sent as it was drawn changes nothing, and one that is older than a change elsewhere is drawn anew."""
    here = await ctx.store.read(shelf.read, ctx.me)
    asked = asked_about(ctx.content, here, outcome)
    chosen = Ticked(
        frozenset(ctx.values.get(SKILLS, ())) & frozenset(asked), frozenset(ctx.values.get(USERS, ())) & PLACES.keys()
    )
    if chosen.revision == drawn or chosen == _now(here, asked):
        return await plan.show(ctx, outcome)
    if not await ctx.store.write(keep, ctx.me, asked, chosen, drawn):
        return card(ctx, here, outcome, _("This has changed since the card was drawn. Please look once more."))
    return await plan.show(ctx, outcome)


def keep(unit: Unit, me: Me, asked: Collection[str], chosen: Ticked, drawn: int) -> bool:
    """What is ticked is so from now on, unless something else was ticked meanwhile; whether it is."""
    members.ensure(unit, me)  # also keeps another unit of mine from changing it at the same time
    if _now(shelf.read(unit, me), asked).revision != drawn:
        return False
    learning.set_had(unit, me, asked, chosen.had, chosen.regions)
    return True


def asked_about(content: Content, here: Shelf, outcome: Outcome) -> tuple[str, ...]:
    """The outcome's skills that neither the answers nor the plan show as done, with the rules of every region."""
    own = standing.industry(content, here)
    every = wanted_skills(content, outcome, own, REGIONS)
    every = tuple(dict.fromkeys((*every, *wanted_skills(content, outcome, own, here.regions))))
    had = standing.proven(content, here)
    return tuple(each for each in every if each not in had and here.state(each) is not SkillState.DONE)[:OPTIONS_MAX]


def card(ctx: Context, here: Shelf, outcome: Outcome, note: Text | None = None) -> Card:
    """The gap card: facts done, never a mark for oneself."""
    asked = asked_about(ctx.content, here, outcome)
    ticked = _now(here, asked)
    press = next_(outcome, ticked.revision)
    skills = tuple(Option(each, ctx.content.skills[each].name) for each in asked)
    places = tuple(Option(each, name) for each, name in PLACES.items())
    body: list[Element] = [note] if note else []
    body.append(_("Tick what you have done yourself at least once. What stays unticked goes into your plan."))
    if skills:
        had = tuple(each for each in asked if each in ticked.had)
        body += [
            heading(_("What have you done?")),
            Select(SKILLS, _("Tick all that fit"), skills, press, many=True, chosen=had),
        ]
    regions = tuple(each for each in PLACES if each in ticked.regions)
    body += [
        heading(_("Where are your users?")),
        Select(USERS, _("Tick all that fit"), places, press, many=True, chosen=regions),
        Buttons(
            (
                Button(_("Next"), press, Style.PRIMARY, takes_values=True),
                Button(_("Skip"), plan.plan(outcome)),
            )
        ),
        quiet(_("What your answers show is already counted.") if here.latest else _("Only you see this.")),
    ]
    return Card(_("What is missing: {outcome}", outcome=outcome.label), tuple(body), (Button(_("Home"), home.home()),))


def _now(here: Shelf, asked: Collection[str]) -> Ticked:
    had = frozenset(each for each in asked if here.state(each) is SkillState.HAD)
    return Ticked(had, here.regions & PLACES.keys())
