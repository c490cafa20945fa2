"""Communities: which there are, in what language and zone they speak, who moderates them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from content.text import Language
from storage import departures, digests
from storage.moderator_kinds import PERSON, ROLE
from storage.moments import length
from storage.tables import BI, community, moderator
from storage.unit import Changed, Unit, in_one_hop, upsert

Setting = str | int | bool | None
NO_TIME = dt.timedelta()


@dataclass(frozen=True, slots=True)
class Community:
    """A tenant. `people` and `roles` are the platform's ids of those who moderate it; `left`: it removed the bot."""

    id: int
    platform: str
    ext_id: str
    name: str
    language: Language
    zone: str
    settings: Mapping[str, Setting]
    people: frozenset[str]
    roles: frozenset[str]
    left: bool = False


_INSERT = upsert(
    community,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["platform", "ext_id"]).returning(community.c.id),
)
_BY_PLACE = select(community).where(
    community.c.platform == bindparam("platform"), community.c.ext_id == bindparam("ext_id")
)
_BY_ID = select(community).where(community.c.id == bindparam("community"))
_MODERATORS = select(moderator.c.kind, moderator.c.ext_id).where(moderator.c.community_id == bindparam("community"))
_SET = update(community).where(community.c.id == bindparam("community", type_=BI))
_SET_NAME = _SET.values(name=bindparam("new_name"))
_SET_LANGUAGE = _SET.values(language=bindparam("new_language"))
_SET_ZONE = _SET.values(zone=bindparam("new_zone"))
_SET_SETTINGS = _SET.values(settings=bindparam("new_settings"))
_SETTINGS = select(community.c.settings).where(community.c.id == bindparam("community"))
_LOCK_SETTINGS = _SETTINGS.with_for_update()
_CLEAR_MODERATORS = delete(moderator).where(moderator.c.community_id == bindparam("community"))
_INSERT_MODERATOR = insert(moderator)


def seen(
    unit: Unit, platform: str, ext_id: str, name: str, language: Language, age: dt.timedelta = NO_TIME
) -> Community:
    """The community at this place, with its name of today; only a new one takes the language.

    Who speaks there has the bot there: one that had removed it is back, unless they spoke, so long ago, before that.
    """
    values = {"platform": platform, "ext_id": ext_id, "name": name, "language": language.value}
    made = unit.execute(_INSERT, {**values, "zone": "UTC", "settings": "{}"}).first()
    row = unit.execute(_BY_PLACE, {"platform": platform, "ext_id": ext_id}).one()
    name = name or row.name
    if row.name != name:
        unit.execute(_SET_NAME, {"community": row.id, "new_name": name})
    left = row.left_at is not None and row.left_at > unit.now_us - length(age)
    if row.left_at is not None and not left:
        departures.back(unit, row.id)
    if made is not None or row.name != name:
        unit.changed(Changed(row.id, None))
    return replace(_community(unit, row, name=name), left=left)


def find(unit: Unit, platform: str, ext_id: str) -> Community | None:
    """The community at this place, if we have met it."""
    row = unit.execute(_BY_PLACE, {"platform": platform, "ext_id": ext_id}).first()
    return None if row is None else _community(unit, row)


@in_one_hop
def by_id(unit: Unit, community_id: int) -> Community | None:
    """The community that a card or a button names."""
    row = unit.execute(_BY_ID, {"community": community_id}).first()
    return None if row is None else _community(unit, row)


def set_language(unit: Unit, community_id: int, language: Language) -> None:
    """The language of what is said in public there."""
    unit.execute(_SET_LANGUAGE, {"community": community_id, "new_language": language.value})
    unit.changed(Changed(community_id, None))


def set_zone(unit: Unit, community_id: int, zone: str) -> None:
    """The time zone of its week."""
    unit.execute(_SET_ZONE, {"community": community_id, "new_zone": zone})
    digests.move(unit, community_id)
    unit.changed(Changed(community_id, None))


def set_moderators(unit: Unit, community_id: int, people: Iterable[str], roles: Iterable[str]) -> None:
    """Exactly these people and roles moderate it from now on."""
    unit.execute(_CLEAR_MODERATORS, {"community": community_id})
    named = [(PERSON, ext_id) for ext_id in sorted(set(people))] + [(ROLE, ext_id) for ext_id in sorted(set(roles))]
    if named:
        rows = [{"community_id": community_id, "kind": kind, "ext_id": ext_id} for kind, ext_id in named]
        unit.execute(_INSERT_MODERATOR, rows)
    unit.changed(Changed(community_id, None))


def setting(unit: Unit, community_id: int, name: str) -> Setting:
    """One of its settings, inside a unit; None where nobody set it."""
    stored = unit.execute(_SETTINGS, {"community": community_id}).scalar_one_or_none()
    found: Setting = json.loads(stored or "{}").get(name)
    return found


def set_setting(unit: Unit, community_id: int, name: str, value: Setting) -> None:
    """Set one of its settings and leave the others; None forgets it."""
    stored = unit.execute(_LOCK_SETTINGS, {"community": community_id}).scalar_one_or_none()
    if stored is None:
        return
    settings = {**json.loads(stored), name: value}
    if value is None:
        del settings[name]
    unit.execute(_SET_SETTINGS, {"community": community_id, "new_settings": _encode(settings)})
    unit.changed(Changed(community_id, None))


def _community(unit: Unit, row: Row[*tuple[Any, ...]], *, name: str | None = None) -> Community:
    moderators = unit.execute(_MODERATORS, {"community": row.id}).all()
    return Community(
        id=row.id,
        platform=row.platform,
        ext_id=row.ext_id,
        name=row.name if name is None else name,
        language=Language(row.language),
        zone=row.zone,
        settings=json.loads(row.settings),
        people=frozenset(ext_id for kind, ext_id in moderators if kind == PERSON),
        roles=frozenset(ext_id for kind, ext_id in moderators if kind == ROLE),
        left=row.left_at is not None,
    )


def _encode(settings: Mapping[str, Setting]) -> str:
    return json.dumps(settings, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
