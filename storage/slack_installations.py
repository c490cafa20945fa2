"""Slack's installations: where the app is installed, with tokens that are sealed before they come here.

A workspace is found by its own id, else by its organisation's, where the app was installed for all of that. `id` and
`rev` together are the version: whoever holds another one knows that his tokens are not to be used any more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, or_, select, update

from storage import notes
from storage.moments import length, micros, moment
from storage.running_tables import slack_installation as table
from storage.tables import BI, note
from storage.unit import Unit, at_once, upsert

AHEAD_MOST = dt.timedelta(minutes=10)  # of another process's clock
ORGANISATION = "slack.organisation:"
"""Notes of this name say which organisation a workspace is part of."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The bot token; with rotation also what renews it, and until when it is good."""

    token: str
    refresh_token: str | None = None
    expires_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in a workspace or an organisation (`place`), as Slack granted it `at` that moment of Slack's own."""

    place: str
    enterprise_id: str | None
    name: str
    bot_user_id: str
    bot_id: str
    scopes: str
    tokens: Tokens
    at: dt.datetime
    id: int = 0
    rev: int = 0

    @property
    def version(self) -> tuple[int, int]:
        return self.id, self.rev


_GRANTED = ("enterprise_id", "name", "bot_user_id", "bot_id", "scopes", "token", "refresh_token", "expires_at", "at")
_INSTALL = upsert(
    table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["place"],
        set_={
            **{name: insert.excluded[name] for name in _GRANTED},
            "rev": table.c.rev + 1,
            "owner": None,
            "lease_until": None,
        },
    ),
)
_NOTED = select(note.c.value).where(note.c.name == bindparam("organisation_note")).scalar_subquery()
_FIND = (
    select(table)
    .where(or_(table.c.place.in_([bindparam("team"), bindparam("enterprise")]), table.c.place == _NOTED))
    .order_by(case((table.c.place == bindparam("team"), 0), else_=1), table.c.id)
    .limit(1)
)
_TEAMS = select(note.c.name).where(
    note.c.value == bindparam("enterprise"), note.c.name.startswith(ORGANISATION, autoescape=True)
)
_AT_PLACE = table.c.place == bindparam("at_place")
_REMOVE = delete(table).where(_AT_PLACE, table.c.at <= bindparam("until", type_=BI))
_IS_THERE = select(table.c.id).where(_AT_PLACE)
_THIS = (table.c.id == bindparam("this", type_=BI)) & (table.c.rev == bindparam("this_rev", type_=BI))
_LOSE = delete(table).where(_THIS)
_FREE = or_(
    table.c.owner.is_(None),
    table.c.lease_until <= bindparam("real_now", type_=BI),
    table.c.lease_until > bindparam("ahead", type_=BI),  # by a clock that was set back since
)
_CLAIM = (
    update(table).where(_THIS, _FREE).values(owner=bindparam("new_owner"), lease_until=bindparam("until", type_=BI))
)
_MINE = (table.c.id == bindparam("this", type_=BI)) & (table.c.owner == bindparam("me"))
_RELEASE = update(table).where(_MINE).values(owner=None, lease_until=None)
_TOKENS: dict[str, Any] = {"token": bindparam("new_token"), "refresh_token": bindparam("new_refresh_token")}
_RENEW = (
    update(table)
    .where(_THIS)
    .values(**_TOKENS, expires_at=bindparam("new_expires_at", type_=BI), rev=table.c.rev + 1)
    .values(owner=None, lease_until=None)
)
_RESEAL = update(table).where(_THIS).values(**_TOKENS)
_PAGE = (
    select(table)
    .where(table.c.id > bindparam("after", type_=BI))
    .order_by(table.c.id)
    .limit(bindparam("most", type_=BI))
)


def install(unit: Unit, new: Installation) -> None:
    """The app is installed there; what was installed there before is replaced."""
    unit.execute(
        _INSTALL,
        {
            "place": new.place,
            "enterprise_id": new.enterprise_id,
            "name": new.name,
            "bot_user_id": new.bot_user_id,
            "bot_id": new.bot_id,
            "scopes": new.scopes,
            "token": new.tokens.token,
            "refresh_token": new.tokens.refresh_token,
            "expires_at": _stored(new.tokens.expires_at),
            "rev": 1,
            "at": micros(new.at),
        },
    )


@at_once
def find(unit: Unit, team: str, enterprise: str | None = None) -> Installation | None:
    """What serves this workspace: its own installation, else its organisation's."""
    values = {"team": team, "enterprise": enterprise or "", "organisation_note": ORGANISATION + team}
    row = unit.execute(_FIND, values).first()
    return None if row is None else _read(row)


def belongs(unit: Unit, team: str, enterprise: str) -> None:
    """This workspace is part of that organisation, and is served by its installation."""
    notes.keep(unit, ORGANISATION + team, enterprise)


def parts(unit: Unit, team: str) -> None:
    """This workspace is served by no organisation's installation any more."""
    notes.forget(unit, ORGANISATION + team)


def teams_of(unit: Unit, enterprise: str) -> list[str]:
    """The workspaces of an organisation that we have met."""
    names = unit.execute(_TEAMS, {"enterprise": enterprise}).scalars()
    return sorted(name.removeprefix(ORGANISATION) for name in names)


def remove(unit: Unit, place: str, said_at: dt.datetime) -> bool:
    """Slack said then that the app was removed there: its tokens are erased. False where it came back after that."""
    unit.execute(_REMOVE, {"at_place": place, "until": micros(said_at)})
    return unit.execute(_IS_THERE, {"at_place": place}).first() is None


def lose(unit: Unit, known: Installation) -> bool:
    """Its token is good no more, and is erased; False where it is another one by now."""
    return unit.execute(_LOSE, _version(known)).rowcount > 0


def claim(unit: Unit, known: Installation, owner: str, lease: dt.timedelta, real_now: dt.datetime) -> bool:
    """Take its renewal for the time of a lease; False where another process has it, or has done it."""
    now = micros(real_now)
    ahead = micros(real_now + lease + AHEAD_MOST)
    values = {**_version(known), "new_owner": owner, "real_now": now, "ahead": ahead, "until": now + length(lease)}
    return unit.execute(_CLAIM, values).rowcount > 0


def release(unit: Unit, known: Installation, owner: str) -> None:
    """Give its renewal back undone."""
    unit.execute(_RELEASE, {"this": known.id, "me": owner})


def renew(unit: Unit, known: Installation, tokens: Tokens) -> bool:
    """Its tokens from now on, also after the lease: what renews it is good once. False where it is another by now."""
    values = {**_version(known), **_values(tokens), "new_expires_at": _stored(tokens.expires_at)}
    return unit.execute(_RENEW, values).rowcount > 0


def reseal(unit: Unit, known: Installation, tokens: Tokens) -> None:
    """The same tokens, sealed by another key; nothing where they are others by now."""
    unit.execute(_RESEAL, {**_version(known), **_values(tokens)})


def page(unit: Unit, after: int, most: int) -> list[Installation]:
    """Some of all installations, in the order of their ids."""
    return [_read(row) for row in unit.execute(_PAGE, {"after": after, "most": most})]


def everything(unit: Unit) -> list[Installation]:
    """All of them, for whoever looks without changing anything."""
    return [_read(row) for row in unit.execute(select(table).order_by(table.c.id))]


def _version(known: Installation) -> dict[str, Any]:
    return {"this": known.id, "this_rev": known.rev}


def _values(tokens: Tokens) -> dict[str, Any]:
    return {"new_token": tokens.token, "new_refresh_token": tokens.refresh_token}


def _stored(when: dt.datetime | None) -> int | None:
    return None if when is None else micros(when)


def _read(row: Row[*tuple[Any, ...]]) -> Installation:
    expires_at = None if row.expires_at is None else moment(row.expires_at)
    return Installation(
        place=row.place,
        enterprise_id=row.enterprise_id,
        name=row.name,
        bot_user_id=row.bot_user_id,
        bot_id=row.bot_id,
        scopes=row.scopes,
        tokens=Tokens(row.token, row.refresh_token, expires_at),
        at=moment(row.at),
        id=row.id,
        rev=row.rev,
    )
