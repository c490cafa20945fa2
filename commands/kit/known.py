"""What is kept in memory so that an interaction is decided without the database.

Communities whole; of members the latest seen. A unit that changes either says so (`unit.changed`), and what
it changed is read anew. With several processes on one database, `forget_all` every few seconds does the same.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass, replace

from commands.kit.request import CommunityKey, Platform, Profile, Request
from content.text import Language
from storage import communities, fading, members
from storage.communities import Community
from storage.members import Me, Member
from storage.moments import length, micros
from storage.store import Store
from storage.unit import Changed

MEMBERS_MAX = 50_000  # about 20 MB; a member not among them costs one read
PROFILE_SECONDS = 86_400.0
MODERATOR_SECONDS = 600.0
DIRECT_SECONDS = 300.0  # for rights that a press in Discord's direct messages does not carry
LOOK_UP_SECONDS = 2.0  # a member waits no longer for what the platform says of them
RETRY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A platform's answer about a person, and the loop's time when it came; `failed`: none came, then."""

    profile: Profile
    at: float
    failed: bool = False

    def lasts(self, request: Request, *, checks: bool) -> bool:
        """Whether it answers this request too."""
        age = request.received - self.at
        if self.failed:
            return not checks and age <= RETRY_SECONDS
        if request.platform is Platform.DISCORD:
            return age <= DIRECT_SECONDS
        return age <= (MODERATOR_SECONDS if checks else PROFILE_SECONDS)


class Known:
    """Communities, members and profiles, by what a request carries."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._communities: dict[tuple[str, str], Community] = {}
        self._members: OrderedDict[tuple[int, str], Member | None] = OrderedDict()
        self._profiles: OrderedDict[tuple[int, str], Seen] = OrderedDict()
        self._changes = 0
        store.listen(self._changed)

    def spoken(self, request: Request) -> Language | None:
        """The language of the person or the place, as far as it is in memory."""
        place = request.community
        community = self._communities.get((place.platform.value, place.ext_id)) if place else None
        member = self._members.get((community.id, request.uid)) if community else None
        chosen = (member.language or member.app_language) if member else None
        return chosen or Language.from_locale(request.locale) or (community.language if community else None)

    def here(self, request: Request) -> int | None:
        """Our id of the community, as far as it is in memory."""
        place = request.community
        known = self._communities.get((place.platform.value, place.ext_id)) if place else None
        return known.id if known else None

    async def community(self, key: CommunityKey, locale: str | None, received: float | None = None) -> Community:
        """The community of that key; a new one is stored, in the language of the first who speaks.

        `received` is the loop's time when they spoke, if it is not now: one that was removed since stays removed.
        """
        place = (key.platform.value, key.ext_id)
        known = self._communities.get(place)
        if known is None or known.left or key.name not in {"", known.name}:
            language = Language.from_locale(locale) or Language.EN
            before = self._changes
            age = dt.timedelta(seconds=0 if received is None else asyncio.get_running_loop().time() - received)
            known = await self._store.write(communities.seen, key.platform.value, key.ext_id, key.name, language, age)
            if before == self._changes:
                self._communities[place] = known
        return known

    async def community_of(self, community_id: int) -> Community | None:
        """The community of a row id, as a press in a direct message carries it."""
        for community in self._communities.values():
            if community.id == community_id:
                return community
        before = self._changes
        found = await self._store.read(communities.by_id, community_id)
        if found is not None and before == self._changes:
            self._communities[(found.platform, found.ext_id)] = found
        return found

    async def member(self, me: Me) -> Member | None:
        """What is stored of a member, or None for one of whom nothing is."""
        place = (me.community, me.uid)
        if place in self._members:
            self._members.move_to_end(place)
            return self._members[place]
        before = self._changes
        found = await self._store.read(members.find, me)
        if before == self._changes:
            self._members[place] = found
            if len(self._members) > MEMBERS_MAX:
                self._members.popitem(last=False)
        return found

    def is_to_be_noted(self, me: Me, now: dt.datetime) -> bool:
        """Whether a member is here for the first time in a day; then not again on that day."""
        place = (me.community, me.uid)
        member = self._members.get(place)
        if member is None or micros(now) - member.seen_at < length(fading.SEEN_EVERY):
            return False
        self._members[place] = replace(member, seen_at=micros(now))
        return True

    async def profile(self, community: Community, request: Request, *, checks: bool, is_told: bool = False) -> Profile:
        """What the platform says of the person: asked once a day, and anew for moderators' calls.

        Discord, whose presses say all but the rights in a server, is asked for these alone: at moderators' calls
        (`checks`), and for who is told what moderators are told (`is_told`). Raises what the platform's client
        raises, or TimeoutError, when it has to be asked and fails; it is then asked again a minute later, or at the
        next moderator's call.
        """
        if request.look_up is None:
            return Profile(None, request.locale, request.zone, moderator=bool(request.moderator))
        place = (community.id, request.uid)
        seen = self._profiles.get(place)
        if seen is not None and seen.lasts(request, checks=checks):
            return seen.profile
        if request.platform is Platform.DISCORD and not (checks or is_told):
            return Profile()
        try:
            profile = await asyncio.wait_for(request.look_up(community.ext_id), LOOK_UP_SECONDS)
        except Exception:
            old = replace(seen.profile if seen else Profile(), moderator=False, roles=frozenset())
            self._remember(place, Seen(old, request.received, failed=True))
            raise
        self._remember(place, Seen(profile, request.received))
        return profile

    def _remember(self, place: tuple[int, str], seen: Seen) -> None:
        self._profiles.pop(place, None)
        self._profiles[place] = seen
        oldest = next(iter(self._profiles))
        if len(self._profiles) > MEMBERS_MAX or seen.at - self._profiles[oldest].at > PROFILE_SECONDS:
            del self._profiles[oldest]

    def forget_all(self) -> None:
        """Reads everything anew: another process may have changed it."""
        self._changes += 1
        self._communities.clear()
        self._members.clear()

    def _changed(self, changed: Changed) -> None:
        """What was read before the change and arrives after it is not kept: it may be the old state."""
        self._changes += 1
        if changed.uid is not None:
            whose = (changed.community, changed.uid)
            self._members.pop(whose, None)
            if changed.erased:
                self._profiles.pop(whose, None)
            return
        for place, community in list(self._communities.items()):
            if community.id == changed.community:
                del self._communities[place]
