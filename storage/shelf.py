"""All that a member's list of resources is drawn from, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage import learning, own_links, results
from storage.learning import Learned
from storage.members import Me
from storage.own_links import OwnLink
from storage.results import Stored
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Shelf:
    """My latest result, skills, regions and what I have done; the community's own links, and what it has hidden."""

    latest: Stored | None
    skills: Mapping[str, Learned]
    regions: frozenset[str]
    done: Mapping[str, Learned]
    own: tuple[OwnLink, ...]
    hidden: frozenset[str]


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
