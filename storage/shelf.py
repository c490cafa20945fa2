"""Where a member stands, read at one moment: what their plan and their resources are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage import learning, own_links, results
from storage.learning import Learned, SkillState
from storage.members import Me
from storage.own_links import OwnLink
from storage.results import Stored
from storage.unit import Unit, in_one_hop


@dataclass(frozen=True, slots=True)
class Shelf:
    """My latest result, my skills that have a state, my users' regions, and the resources that I have done by id.

    `own` are the community's own links, `hidden` the ids of the resources that nobody sees in it.
    """

    latest: Stored | None
    skills: Mapping[str, Learned]
    regions: frozenset[str]
    done: Mapping[str, Learned]
    own: tuple[OwnLink, ...]
    hidden: frozenset[str]

    def state(self, skill: str) -> SkillState | None:
        """How I stand to a skill; None where I have not said."""
        return self.skills[skill].state if skill in self.skills else None


@in_one_hop
def read(unit: Unit, me: Me) -> Shelf:
    """How it stands for me."""
    return Shelf(
        results.latest(unit, me),
        learning.skills(unit, me),
        learning.regions(unit, me),
        learning.resources(unit, me),
        tuple(own_links.of_community(unit, me.community)),
        frozenset(own_links.hidden(unit, me.community)),
    )
