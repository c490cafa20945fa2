"""What is kept in memory so that an interaction is decided without the database.

Communities whole; of members the latest seen. A unit that changes either says so (`unit.changed`), and what
it changed is read anew. With several processes on one database, `forget_all` every few seconds does the same.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from commands.kit.request import CommunityKey, Profile, Request
from content.text import Language
from storage import communities, members
from storage.communities import Community
from storage.members import Me, Member
from storage.store import Store
from storage.unit import Changed

MEMBERS_MAX = 50_000  # about 20 MB; a member not among them costs one read
PROFILE_SECONDS = 86_400.0
MODERATOR_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A platform's answer about a person, and the loop's time when it came."""

    profile: Profile
    at: float


class Known:
    """Communities, members and profiles, by what a request carries."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._communities: dict[tuple[str, str], Community] = {}
        self._members: OrderedDict[tuple[int, str], Member | None] = OrderedDict()
        self._profiles: OrderedDict[tuple[int, str], Seen] = OrderedDict()
        store.listen(self._changed)

    async def community(self, key: CommunityKey, locale: str | None) -> Community:
        """The community of that key; a new one is stored, in the language of the first who speaks."""
        place = (key.platform.value, key.ext_id)
        known = self._communities.get(place)
        if known is None:
            language = Language.from_locale(locale) or Language.EN
            known = await self._store.write(communities.seen, key.platform.value, key.ext_id, key.name, language)
            self._communities[place] = known
        return known

    async def community_of(self, community_id: int) -> Community | None:
        """The community of a row id, as a press in a direct message carries it."""
        for community in self._communities.values():
            if community.id == community_id:
                return community
        found = await self._store.read(communities.by_id, community_id)
        if found is not None:
            self._communities[(found.platform, found.ext_id)] = found
        return found

    async def member(self, me: Me) -> Member | None:
        """What is stored of a member, or None for one of whom nothing is."""
        place = (me.community, me.uid)
        if place in self._members:
            self._members.move_to_end(place)
            return self._members[place]
        found = await self._store.read(members.find, me)
        self._members[place] = found
        if len(self._members) > MEMBERS_MAX:
            self._members.popitem(last=False)
        return found

    async def profile(self, community: Community, request: Request, *, checks: bool) -> Profile:
        """What the platform says of the person: asked once a day, and anew for moderators' calls.

        Raises what the platform's client raises when it has to be asked and fails.
        """
        if request.look_up is None:
            return Profile(None, request.locale, request.zone, moderator=bool(request.moderator))
        place = (community.id, request.uid)
        seen = self._profiles.get(place)
        lasts = MODERATOR_SECONDS if checks else PROFILE_SECONDS
        if seen is None or request.received - seen.at > lasts:
            seen = Seen(await request.look_up(), request.received)
            self._profiles[place] = seen
            if len(self._profiles) > MEMBERS_MAX:
                self._profiles.popitem(last=False)
        return seen.profile

    def forget_all(self) -> None:
        """Reads everything anew: another process may have changed it."""
        self._communities.clear()
        self._members.clear()

    def _changed(self, changed: Changed) -> None:
        if changed.uid is not None:
            self._members.pop((changed.community, changed.uid), None)
            return
        for place, community in list(self._communities.items()):
            if community.id == changed.community:
                del self._communities[place]
