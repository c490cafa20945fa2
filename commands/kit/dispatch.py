"""From a request to a reply: what is decided from memory, then rights, language and the handler."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from commands.kit.command import Action
from commands.kit.discover import Registry
from commands.kit.errors import Invalid, Refusal, not_yours, out_of_date
from commands.kit.known import Known
from commands.kit.parse import Parsed, parse
from commands.kit.press import Press
from commands.kit.request import Context, Platform, Pressed, Profile, Request, Units
from commands.kit.view import Button, Card, Form, Style, View
from content.load import Content
from content.text import Language, Text, _
from storage import drafts, outbox
from storage.communities import Community
from storage.members import Me, Member
from storage.outbox import Due
from storage.store import Busy, Store

LOG = structlog.get_logger()
CORRECT = "form.correct"
NOWHERE = 0  # no community has this row id


@dataclass(frozen=True, slots=True)
class Decision:
    """What is known of an interaction before anything is read: enough for the platform's first answer."""

    request: Request
    parsed: Parsed

    @property
    def action(self) -> Action[...] | None:
        return self.parsed.action

    @property
    def keeps(self) -> bool:
        """A waiting select's change: stored, and nothing is drawn anew."""
        return isinstance(self.request.call, Pressed) and self.request.call.keeps

    @property
    def public(self) -> bool:
        return self.action is not None and self.action.public

    @property
    def opens_form(self) -> bool:
        return self.action is not None and self.action.opens_form

    @property
    def updates_card(self) -> bool:
        return self.action is not None and self.action.updates_card


@dataclass(frozen=True, slots=True)
class Reply:
    """What a surface draws. `view` is None where nothing is drawn anew (a kept choice).

    `fields` are the sentences for the wrong fields of a form, for surfaces that show them inside it; `view`
    says the same with *Correct it*. `also` are private cards that could not reach the member before.
    """

    view: View | None
    language: Language
    community: int
    public: bool = False
    fields: Mapping[str, Text] = field(default_factory=dict)
    also: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks, where, in which language, with which rights."""

    me: Me
    community: Community
    member: Member | None
    language: Language
    app_language: Language
    moderator: bool


class Dispatcher:
    """One store's interactions. `moderators` are (platform, community, person) from the settings."""

    def __init__(
        self,
        store: Store,
        content: Content,
        registry: Registry,
        *,
        now: Callable[[], dt.datetime],
        moderators: frozenset[tuple[str, str, str]] = frozenset(),
    ) -> None:
        self.store = store
        self.content = content
        self.registry = registry
        self.known = Known(store)
        self._now = now
        self._moderators = moderators

    def decide(self, request: Request) -> Decision:
        """What the request asks for, from memory alone."""
        return Decision(request, parse(self.registry, self.content.catalogue, request.call))

    async def perform(self, decision: Decision) -> Reply:
        """The reply. Never raises: an error of ours is logged once and answered with a reference."""
        reply = Reply(None, Language.from_locale(decision.request.locale) or Language.EN, NOWHERE)
        try:
            community = await self._community(decision)
            reply = replace(reply, community=community.id)
            person = await self._person(decision, community)
            reply = replace(reply, language=person.language)
            return await self._reply(decision, person, reply)
        except Refusal as refusal:
            return replace(reply, view=_no(refusal, reply.community))
        except Busy:
            return replace(reply, view=_no(_busy(), reply.community))
        except Exception:  # noqa: BLE001 - logged in failed, with the reference that the member sees
            return replace(reply, view=failed(decision))

    async def compose(self, due: Due) -> tuple[Card, Language] | None:
        """The card that an outbox row stands for, in its reader's language; None if no longer true."""
        notice = self.registry.notices[due.notice]
        community = await self.known.community_of(due.place.community)
        if community is None:
            return None
        uid, name = (due.member.uid, due.member.name) if due.member else ("", "")
        me = Me(community.id, uid, name)
        member = await self.known.member(me) if due.member else None
        language = (member.language if member else None) or community.language
        person = Person(me, community, member, language, language, moderator=False)
        context = self._context(person, Platform(community.platform))
        card = await notice.handler(context, **due.ids)
        return None if card is None else (card, language)

    async def _reply(self, decision: Decision, person: Person, reply: Reply) -> Reply:
        parsed, request = decision.parsed, decision.request
        if parsed.refusal is not None:
            raise parsed.refusal
        action = parsed.action
        assert action is not None
        if action.moderators and not person.moderator:
            raise Refusal(_("Only moderators of this community can do that."))
        if decision.keeps:
            await self.store.write(drafts.keep, person.me, _draft_name(request), request.values)
            return reply
        context = await self._filled(decision, person)
        try:
            view = await action.handler(context, *parsed.arguments)
        except Invalid as invalid:
            return await self._correctable(decision, person, reply, invalid)
        if isinstance(view, Form) and not action.opens_form:
            raise TypeError(f"{action.name} answers a form without saying so")
        also = () if action.public else await self._waiting(person)
        language = await self._language_now(person, public=action.public)
        return replace(reply, view=view, also=also, language=language, public=action.public)

    async def _language_now(self, person: Person, *, public: bool) -> Language:
        """The language after the handler, which may just have changed it."""
        if public:
            community = await self.known.community_of(person.community.id)
            return (community or person.community).language
        member = await self.known.member(person.me)
        return (member.language if member else None) or person.app_language

    async def _filled(self, decision: Decision, person: Person) -> Context:
        request, action = decision.request, decision.parsed.action
        context = self._context(person, request.platform)
        values, draft = request.values, None
        if action is not None and action.takes_values:
            draft = _draft_name(request)
            values = {**values, **await self.store.read(drafts.find, person.me, draft)}
        return replace(context, values=values, draft=draft, channel=request.channel, place=request.place)

    def _context(self, person: Person, platform: Platform) -> Context:
        return Context(
            store=Units(self.store),
            content=self.content,
            registry=self.registry,
            now=self._now(),
            me=person.me,
            community=person.community,
            platform=platform,
            language=person.language,
            chosen_language=person.member.language if person.member else None,
            moderator=person.moderator,
        )

    async def _person(self, decision: Decision, community: Community) -> Person:
        request, wire = decision.request, decision.parsed.community
        if wire not in {None, community.id}:
            raise not_yours()
        me = Me(community.id, request.uid, request.name)
        member = await self.known.member(me)
        if request.community is None and member is None:
            raise out_of_date()
        checks = decision.action is not None and decision.action.moderators
        try:
            profile = await self.known.profile(community, request, checks=checks)
        except Exception as error:
            LOG.warning("profile.failed", error=repr(error))
            if checks:
                raise Refusal(_("I could not check your rights just now. Please try again.")) from error
            profile = Profile()
        if profile.name:
            me = replace(me, name=profile.name)
        app = Language.from_locale(request.locale or profile.locale) or community.language
        language = (member.language if member else None) or app
        if decision.public:
            language = community.language
        return Person(me, community, member, language, app, self._moderates(community, request, profile))

    async def _community(self, decision: Decision) -> Community:
        request, wire = decision.request, decision.parsed.community
        if request.community is not None:
            return await self.known.community(request.community, request.locale)
        found = await self.known.community_of(wire) if wire is not None else None
        if found is None or found.platform != request.platform:
            raise out_of_date()
        return found

    def _moderates(self, community: Community, request: Request, profile: Profile) -> bool:
        return bool(
            request.moderator
            or profile.moderator
            or request.uid in community.people
            or request.roles & community.roles
            or (community.platform, community.ext_id, request.uid) in self._moderators
        )

    async def _waiting(self, person: Person) -> tuple[Card, ...]:
        """Notices whose direct message was refused: shown once, with the next private answer."""
        if person.member is None or not person.member.waiting:
            return ()
        dues = await self.store.read(outbox.waiting, person.me)
        composed = [await self.compose(due) for due in dues]
        await self.store.write(outbox.shown, person.me, [due.id for due in dues])
        return tuple(card for card, _language in filter(None, composed))

    async def _correctable(self, decision: Decision, person: Person, reply: Reply, invalid: Invalid) -> Reply:
        again = invalid.again
        kept = {**decision.request.values, "": (again.wire(person.community.id),)}
        await self.store.write(drafts.keep, person.me, f"form.{again.action}", kept)
        button = Button(_("Correct it"), Press(CORRECT, (again.action,)), Style.PRIMARY)
        view = Card(_("Not saved yet"), tuple(invalid.fields.values()), (button,))
        return replace(reply, view=view, fields=invalid.fields)


def _no(refusal: Refusal, community: int) -> Card:
    """The card that says no. Its buttons need a community to lead to."""
    return Card(_("Not this time"), (refusal.text,), refusal.buttons if community != NOWHERE else ())


def failed(decision: Decision) -> Card:
    """The card for an error of ours, logged here, once, with the reference that the member sees."""
    reference = secrets.token_hex(3)
    LOG.exception(
        "interaction.failed",
        action=decision.action.name if decision.action else "unknown",
        reference=reference,
    )
    return Card(
        _("Something went wrong on our side"),
        (
            _("What you had saved is safe. Please try again; if it happens again, tell a moderator this:"),
            _("Reference {reference}", reference=reference),
        ),
    )


def _busy() -> Refusal:
    return Refusal(_("Very many people are here at this moment. Please press again in a few seconds."))


def _draft_name(request: Request) -> str:
    assert isinstance(request.call, Pressed)
    return request.call.wire
