"""What a surface hands over, and what a handler is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from commands.kit.drawing import Draw
from commands.kit.remembered import Remembered
from content.load import Content
from content.text import Language
from storage import drafts
from storage.communities import Community
from storage.members import Me
from storage.store import Store, Traces
from storage.unit import Unit

if TYPE_CHECKING:
    from commands.kit.discover import Registry

P = ParamSpec("P")
T = TypeVar("T")
Values = Mapping[str, tuple[str, ...]]


class Platform(StrEnum):
    """Where a community lives; stored with it."""

    DISCORD = "discord"
    SLACK = "slack"
    WEB = "web"


class Place(StrEnum):
    """Where a card stands, as far as it matters to what may be done with it."""

    CHANNEL = "channel"
    DIRECT = "direct"
    HOME = "home"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Words:
    """A command as typed: the root (`pmpath`) and all that follows it."""

    root: str
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """A command that the platform has parsed: its path below the root, its arguments by name."""

    root: str
    path: tuple[str, ...]
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button, a select or a sent form, by its wire form. `keeps`: a waiting select's change, kept only."""

    wire: str
    form: bool = False
    keeps: bool = False


Call = Words | Named | Pressed


@dataclass(frozen=True, slots=True)
class CommunityKey:
    """A community by the platform's own id."""

    platform: Platform
    ext_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform tells of a person when asked; None where it does not say. `roles` are the platform's ids."""

    name: str | None = None
    locale: str | None = None
    zone: str | None = None
    moderator: bool = False
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """One interaction. `community` is None in Discord's DM, where the press itself carries it.

    `moderator` is what the platform's payload says of the person's rights (None: it does not say, `look_up`
    does, given the platform's id of the community). `roles` are the platform's role ids, `may_post` whether they
    may write in `channel` themselves, as far as the platform says. `received` is the loop's clock at arrival.
    `sitting` tells people apart who act as the same member, which is possible on the page alone.
    """

    community: CommunityKey | None
    uid: str
    name: str
    call: Call
    received: float
    platform: Platform
    values: Values = field(default_factory=dict)
    locale: str | None = None
    zone: str | None = None
    channel: str | None = None
    place: Place = Place.CHANNEL
    moderator: bool | None = None
    roles: frozenset[str] = frozenset()
    may_post: bool = True
    look_up: Callable[[str], Awaitable[Profile]] | None = None
    sitting: str = ""


class SecondWrite(RuntimeError):
    """A handler tried to write twice; it is one transaction or none."""


class Units:
    """The store as a handler sees it: any number of reads, one write."""

    __slots__ = ("_draft", "_me", "_store", "_written")

    def __init__(self, store: Store, me: Me, draft: str | None = None) -> None:
        self._store = store
        self._me = me
        self._draft = draft
        self._written = False

    async def read(self, work: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of a reading function. Raises what it raises."""
        return await self._store.read(work, *args, **kwargs)

    async def write(self, work: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of a unit, committed. Raises SecondWrite, storage's Busy, or what the unit raises.

        The unit that takes a draft's values drops the draft.
        """
        if self._written:
            raise SecondWrite(work.__name__)
        self._written = True
        if self._draft is None:
            return await self._store.write(work, *args, **kwargs)

        def dropping(unit: Unit) -> T:
            answer = work(unit, *args, **kwargs)
            drafts.drop(unit, self._me, self._draft or "")
            return answer

        return await self._store.write(dropping)

    @property
    def traces(self) -> Traces:
        """What the database's files still have of what anybody erased."""
        return self._store.traces

    async def scrubbed(self) -> Traces:
        """What they still have of what was just erased; waits a while for it to be gone."""
        return await self._store.scrubbed()


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may know. `language` is the reader's: the person's, or the community's for public cards.

    `draw` makes a picture of spoken words. `locale` and `zone` are the person's own, as far as the platform says.
    `goes_at` is when they would have been erased, after years away. `remembered` is the process's memory of this store.
    """

    store: Units
    content: Content
    registry: Registry
    draw: Draw
    now: dt.datetime
    me: Me
    community: Community
    platform: Platform
    language: Language
    chosen_language: Language | None = None
    moderator: bool = False
    values: Values = field(default_factory=dict)
    channel: str | None = None
    may_post: bool = True
    place: Place = Place.CHANNEL
    locale: str | None = None
    zone: str | None = None
    goes_at: dt.datetime | None = None
    remembered: Remembered = field(default_factory=Remembered)

    def value(self, name: str) -> str | None:
        """The single value of a select or a field, without the blanks around it; None where it is empty."""
        chosen = self.values.get(name, ())
        return (chosen[0].strip() or None) if chosen else None
