"""A message of the outbox as whoever sends it knows it: to whom, in which community, and the claim on it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from content.text import Language
from storage.moments import moment
from storage.tables import community, member, outbox


@dataclass(frozen=True, slots=True)
class Place:
    """The community that a message belongs to."""

    community: int
    platform: str
    ext_id: str
    language: Language


@dataclass(frozen=True, slots=True)
class Addressee:
    """The member that a message is for."""

    id: int
    uid: str
    name: str
    language: Language | None


@dataclass(frozen=True, slots=True)
class Due:
    """A message to send, and the claim on it.

    `unsure_since` is when an earlier attempt began whose end nobody saw: it may have been sent then. `post_at` is
    the moment that a post is for, where it is for one.
    """

    id: int
    key: str
    place: Place
    member: Addressee | None
    channel: str | None
    notice: str
    ids: dict[str, int | str]
    owner: str
    attempt: int
    unsure_since: dt.datetime | None
    post_at: dt.datetime | None = None

    @property
    def first(self) -> bool:
        """Whether nobody has tried to send it before."""
        return self.attempt == 1


DUE = select(
    outbox,
    community.c.platform,
    community.c.ext_id,
    community.c.language.label("place_language"),
    member.c.uid,
    member.c.name.label("member_name"),
    member.c.language.label("member_language"),
).select_from(outbox.join(community).outerjoin(member, member.c.id == outbox.c.member_id))


def read_due(row: Row[*tuple[Any, ...]]) -> Due:
    """A row of `DUE`."""
    language = None if row.member_language is None else Language(row.member_language)
    return Due(
        id=row.id,
        key=row.key,
        place=Place(row.community_id, row.platform, row.ext_id, Language(row.place_language)),
        member=None if row.member_id is None else Addressee(row.member_id, row.uid, row.member_name, language),
        channel=row.channel,
        notice=row.notice,
        ids=json.loads(row.ids),
        owner=row.owner or "",
        attempt=row.attempt,
        unsure_since=None if row.unsure_since is None else moment(row.unsure_since),
        post_at=None if row.post_at is None else moment(row.post_at),
    )
