"""A community's own list of resources: links its moderators added, and those of all that they have hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select

from content.text import Language
from storage.tables import BI, hidden_resource, own_link
from storage.unit import Unit, upsert

OWN = "own-"  # what a link's id begins with among the ids of resources
OWN_MAX = 200  # links a community may have


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link of one community's own."""

    id: int
    title: str
    address: str
    skill: str
    language: Language

    @property
    def resource(self) -> str:
        """Its id among the ids of resources."""
        return f"{OWN}{self.id}"


@dataclass(frozen=True, slots=True)
class Added:
    """The link is stored."""

    link: OwnLink


@dataclass(frozen=True, slots=True)
class Already:
    """Nothing is stored: this address is there for this skill; `link` is what it is there as."""

    link: OwnLink


@dataclass(frozen=True, slots=True)
class Full:
    """Nothing is stored: the community has as many links as it may have."""


_HERE = own_link.c.community_id == bindparam("community", type_=BI)
_LINKS = select(own_link).where(_HERE).order_by(own_link.c.id)
_SAME = select(own_link).where(
    _HERE, own_link.c.address == bindparam("address"), own_link.c.skill == bindparam("skill")
)
_COUNT = select(func.count()).select_from(own_link).where(_HERE)
_ADD = insert(own_link).returning(own_link)
_REMOVE = delete(own_link).where(_HERE, own_link.c.id == bindparam("link", type_=BI)).returning(own_link)
_HIDDEN_HERE = hidden_resource.c.community_id == bindparam("community", type_=BI)
_HIDDEN = (
    select(hidden_resource.c.resource)
    .where(_HIDDEN_HERE)
    .order_by(hidden_resource.c.at.desc(), hidden_resource.c.resource)
)
_HIDE = upsert(hidden_resource, lambda insert: insert.on_conflict_do_nothing())
_SHOW = delete(hidden_resource).where(_HIDDEN_HERE, hidden_resource.c.resource == bindparam("resource"))


def of_community(unit: Unit, community_id: int) -> list[OwnLink]:
    """Its links, the oldest first; those it has hidden are among them."""
    return [_link(row) for row in unit.execute(_LINKS, {"community": community_id})]


def add(
    unit: Unit, community_id: int, title: str, address: str, skill: str, language: Language
) -> Added | Already | Full:
    """One more link. The same address for the same skill is there once."""
    unit.lock_community(community_id)  # so that two at once are counted one after the other
    same = unit.execute(_SAME, {"community": community_id, "address": address, "skill": skill}).first()
    if same is not None:
        return Already(_link(same))
    if unit.execute(_COUNT, {"community": community_id}).scalar_one() >= OWN_MAX:
        return Full()
    words = {"title": title, "address": address, "skill": skill, "language": language.value}
    return Added(_link(unit.execute(_ADD, {"community_id": community_id, **words, "at": unit.now_us}).one()))


def remove(unit: Unit, community_id: int, link: int) -> OwnLink | None:
    """The link that is gone with this; None where it was gone before. What members did with it stays theirs."""
    row = unit.execute(_REMOVE, {"community": community_id, "link": link}).first()
    if row is None:
        return None
    gone = _link(row)
    show(unit, community_id, gone.resource)
    return gone


def hidden(unit: Unit, community_id: int) -> list[str]:
    """The ids of the resources that nobody sees in this community, the last hidden first."""
    return list(unit.execute(_HIDDEN, {"community": community_id}).scalars())


def hide(unit: Unit, community_id: int, resource: str) -> None:
    """Nobody in this community sees this resource in a list from now on."""
    unit.execute(_HIDE, {"community_id": community_id, "resource": resource, "at": unit.now_us})


def show(unit: Unit, community_id: int, resource: str) -> None:
    """It is seen again."""
    unit.execute(_SHOW, {"community": community_id, "resource": resource})


def _link(row: Row[*tuple[Any, ...]]) -> OwnLink:
    return OwnLink(row.id, row.title, row.address, row.skill, Language(row.language))
