"""Who speaks, in which community and language, with which rights."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from commands.kit.errors import Refusal, not_yours, out_of_date
from commands.kit.known import Known
from commands.kit.request import Profile, Request
from content.text import Language, _
from storage.communities import Community
from storage.due import Due
from storage.members import Me, Member

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Person:
    """A member as one interaction knows them. `app_language` is spoken where they have chosen none.

    `locale` and `zone` are their own, as far as the platform says.
    """

    me: Me
    community: Community
    member: Member | None
    app_language: Language
    moderator: bool
    locale: str | None = None
    zone: str | None = None

    @property
    def language(self) -> Language:
        """The language of private replies."""
        return (self.member.language if self.member else None) or self.app_language

    @property
    def fading_at(self) -> int | None:
        """Since when they were away for so long that they are erased soon."""
        return self.member.fading_at if self.member else None


class People:
    """Finds persons. `moderators` are (platform, community, person) from the settings."""

    def __init__(self, known: Known, moderators: frozenset[tuple[str, str, str]]) -> None:
        self._known = known
        self._moderators = moderators

    async def community(self, request: Request, wire: int | None) -> Community:
        """Where the request comes from; in a direct message the press itself (`wire`) says it."""
        if request.community is not None:
            return await self._known.community(request.community, request.locale)
        found = await self._known.community_of(wire) if wire is not None else None
        if found is None or found.platform != request.platform:
            raise out_of_date()
        return found

    async def speaker(self, request: Request, community: Community) -> Person:
        """The person from memory: enough to say no in their language."""
        me = Me(community.id, request.uid, request.name)
        member = await self._known.member(me)
        app = Language.from_locale(request.locale) or (member.app_language if member else None)
        return Person(me, community, member, app or community.language, moderator=False)

    async def known_to(self, person: Person, request: Request, wire: int | None, *, checks: bool) -> Person:
        """The person with what the platform says of them. Raises Refusal for who may not be here."""
        if wire not in {None, person.community.id}:
            raise not_yours()
        if request.community is None and person.member is None:
            raise Refusal(out_of_date().text)  # a way on would lead into the same community, where they are nobody
        profile = await self._profile(person, request, checks=checks)
        told = Language.from_locale(request.locale or profile.locale)
        return replace(
            person,
            me=replace(person.me, name=profile.name or person.me.name, app_language=told),
            app_language=told or person.app_language,
            moderator=self._moderates(person.community, request, profile),
            locale=request.locale or profile.locale,
            zone=request.zone or profile.zone,
        )

    async def receiver(self, due: Due) -> Person | None:
        """Whom a message of the outbox is for; None where the community is gone."""
        community = await self._known.community_of(due.place.community)
        if community is None:
            return None
        uid, name = (due.member.uid, due.member.name) if due.member else ("", "")
        me = Me(community.id, uid, name)
        member = await self._known.member(me) if due.member else None
        app = (member.app_language if member else None) or community.language
        return Person(me, community, member, app, moderator=False)

    async def again(self, person: Person, *, public: bool) -> Language:
        """The language of the reply after the handler, which may just have changed it."""
        if public:
            community = await self._known.community_of(person.community.id)
            return (community or person.community).language
        return replace(person, member=await self._known.member(person.me)).language

    async def _profile(self, person: Person, request: Request, *, checks: bool) -> Profile:
        is_told = person.member is not None and person.member.tell_here
        try:
            return await self._known.profile(person.community, request, checks=checks, is_told=is_told)
        except Exception as error:
            LOG.warning("profile.failed", error=repr(error))
            if checks:
                raise Refusal(_("I could not check your rights just now. Please try again.")) from error
            return Profile()

    def _moderates(self, community: Community, request: Request, profile: Profile) -> bool:
        return bool(
            request.moderator
            or profile.moderator
            or request.uid in community.people
            or (request.roles | profile.roles) & community.roles
            or (community.platform, community.ext_id, request.uid) in self._moderators
        )
