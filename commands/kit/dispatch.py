"""From a request to a reply: what is decided from memory, then rights, language and the handler."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import structlog

from commands.kit import draft, excuses, legible, reference
from commands.kit.allowance import Allowance
from commands.kit.at_work import Places
from commands.kit.command import Action
from commands.kit.discover import Registry
from commands.kit.drawing import Draw
from commands.kit.errors import Invalid, Refusal
from commands.kit.excuses import NOWHERE
from commands.kit.known import Known
from commands.kit.parse import Parsed, parse
from commands.kit.person import People, Person
from commands.kit.press import Press
from commands.kit.remembered import Remembered
from commands.kit.request import Context, Platform, Pressed, Request, Units
from commands.kit.seen import Seen
from commands.kit.view import Button, Card, Form, Style, View
from commands.kit.watch import End, Nobody, Watch
from content.load import Content
from content.text import Language, Text, _
from storage import drafts, fading, outbox
from storage.due import Due
from storage.store import Busy, Store, StoreError

LOG = structlog.get_logger()
CORRECT = "form.correct"


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
    end: End = End.ANSWERED


class Dispatcher:
    """One store's interactions. `moderators` are (platform, community, person) from the settings.

    `watch` counts them.
    """

    def __init__(
        self,
        store: Store,
        content: Content,
        registry: Registry,
        *,
        now: Callable[[], dt.datetime],
        draw: Draw,
        moderators: frozenset[tuple[str, str, str]] = frozenset(),
        watch: Watch | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        self.store = store
        self.content = content
        self.registry = registry
        self.known = Known(store)
        self.seen = Seen()
        self._people = People(self.known, moderators)
        self.now = now
        self.draw = draw
        self.watch = watch or Nobody()
        self.allowance = allowance or Allowance(paced=False)
        self._remembered = Remembered()
        self._places = Places()

    def decide(self, request: Request) -> Decision:
        """What the request asks for, from memory alone. What is logged from here on carries its reference."""
        reference.begin()
        request = legible.legible(request)
        refusal = legible.too_much(request)
        parsed = Parsed(refusal=refusal) if refusal else parse(self.registry, self.content.catalogue, request.call)
        return Decision(request, parsed)

    def spoken(self, decision: Decision) -> Language:
        """The language to say "wait" in, from memory alone."""
        return self.known.spoken(decision.request) or Language.EN

    async def perform(self, decision: Decision) -> Reply:
        """The reply. Never raises: an error of ours is logged once and answered with a reference."""
        reply = await self._taken(decision)
        self.watch.replied(decision.request, decision.action, reply.end)
        return reply

    async def _taken(self, decision: Decision) -> Reply:
        if refusal := self.allowance.enter(decision.request):
            return self._turned_away(decision, refusal)
        try:
            async with self._places.turn(decision.request) as request:
                return await self._performed(replace(decision, request=request))
        finally:
            self.allowance.leave(decision.request)

    async def _performed(self, decision: Decision) -> Reply:
        request, wire = decision.request, decision.parsed.community
        reply = Reply(None, Language.from_locale(request.locale) or Language.EN, NOWHERE)
        try:
            community = await self._people.community(request, wire)
            reply = replace(reply, community=community.id)
            person = await self._people.speaker(request, community)
            reply = replace(reply, language=person.language)
            if self.known.is_to_be_noted(person.me, self.now()):
                self.seen.add(person.me)
            person = await self._people.known_to(person, request, wire, checks=self._checks(decision))
            return await self._reply(decision, person, replace(reply, language=person.language))
        except Refusal as refusal:
            return replace(reply, view=excuses.no(refusal, reply.community), end=End.REFUSED)
        except Busy:
            there = reply.community or wire or NOWHERE
            return replace(
                reply, view=excuses.no(excuses.busy(decision, there), there), community=there, end=End.REFUSED
            )
        except StoreError as error:
            there = reply.community or wire or NOWHERE  # of a press, whose community could not be looked up
            return replace(reply, view=excuses.not_stored(decision, there, error), community=there, end=End.FAILED)
        except Exception:  # noqa: BLE001 - logged in failed, with the reference that the member sees
            return replace(reply, view=excuses.failed(decision, reply.community), end=End.FAILED)

    def _turned_away(self, decision: Decision, refusal: Refusal) -> Reply:
        """The no of the limits, from memory alone. A form that can stay open says it in its first field."""
        community = self.known.here(decision.request) or NOWHERE
        call, fields = decision.request.call, {}
        if isinstance(call, Pressed) and call.form and decision.request.values:
            fields = {next(iter(decision.request.values)): refusal.text}
        return Reply(excuses.no(refusal, community), self.spoken(decision), community, fields=fields, end=End.REFUSED)

    def _checks(self, decision: Decision) -> bool:
        """Whether it takes a moderator: for that itself, or to correct a form that does."""
        action = decision.action
        if action is not None and action.name == CORRECT:
            action = self.registry.actions.get(str(decision.parsed.arguments[0]))
        return action is not None and action.moderators

    async def compose(self, due: Due) -> tuple[Card, Language] | None:
        """The card that an outbox row stands for, in its reader's language; None if no longer true."""
        notice = self.registry.notices[due.notice]
        person = await self._people.receiver(due)
        if person is None:
            return None
        context = self._context(person, Platform(person.community.platform))
        card = await notice.handler(context, **due.ids)
        return None if card is None else (card, person.language)

    async def _reply(self, decision: Decision, person: Person, reply: Reply) -> Reply:
        parsed, request = decision.parsed, decision.request
        if parsed.refusal is not None:
            raise parsed.refusal
        action = parsed.action
        assert action is not None
        if action.moderators and not person.moderator:
            raise Refusal(_("Only moderators of this community can do that."), (Button(_("Home"), Press("home")),))
        if decision.keeps:
            await self.store.write(drafts.keep, person.me, _draft_name(request), request.values)
            return reply
        context = await self._filled(decision, person)
        try:
            async with self._room_for(action, request):
                view = await action.handler(context, *parsed.arguments)
        except Invalid as invalid:
            return await self._correctable(decision, person, reply, invalid)
        if isinstance(view, Form) and not action.opens_form:
            raise TypeError(f"{action.name} answers a form without saying so")
        if isinstance(view, Card):
            view = await self._with_drafts(view, person)
        also = () if action.public or action.opens_form else await self._waiting(person)
        language = await self._people.again(person, public=action.public)
        return replace(reply, view=view, also=also, language=language, public=action.public)

    @asynccontextmanager
    async def _room_for(self, action: Action[...], request: Request) -> AsyncIterator[None]:
        """Something costly has its place among a few, and none among the others while it waits and is made."""
        if not action.costly:
            yield
            return
        async with self._places.away(), self.allowance.turn(request):
            yield

    async def _with_drafts(self, card: Card, person: Person) -> Card:
        """The card with what its waiting selects held when they were left."""
        community = person.community.id
        wires = draft.waiting_presses(card, community)
        kept = {wire: await self.store.read(drafts.find, person.me, wire) for wire in wires}
        return draft.drawn(card, community, kept) if any(kept.values()) else card

    async def _filled(self, decision: Decision, person: Person) -> Context:
        """The handler's context; what waiting selects hold is taken from the draft where it was not sent along."""
        request, action = decision.request, decision.parsed.action
        values, taken = request.values, None
        if action is not None and action.takes_values:
            taken = _draft_name(request)
            values = {**values, **await self.store.read(drafts.find, person.me, taken)}
        context = self._context(person, request.platform, taken)
        language = person.community.language if decision.public else person.language
        context = replace(context, values=values, language=language)
        return replace(context, channel=request.channel, may_post=request.may_post, place=request.place)

    def _context(self, person: Person, platform: Platform, taken: str | None = None) -> Context:
        return Context(
            store=Units(self.store, person.me, taken),
            content=self.content,
            registry=self.registry,
            draw=self.draw,
            now=self.now(),
            me=person.me,
            community=person.community,
            platform=platform,
            language=person.language,
            chosen_language=person.member.language if person.member else None,
            moderator=person.moderator,
            locale=person.locale,
            zone=person.zone,
            goes_at=None if person.fading_at is None else fading.ends(person.fading_at),
            remembered=self._remembered,
        )

    async def _waiting(self, person: Person) -> tuple[Card, ...]:
        """Notices whose direct message was refused: shown once, with the next private answer."""
        if person.member is None or not person.member.waiting:
            return ()
        cards, shown = [], []
        for due in await self.store.read(outbox.waiting, person.me):
            try:
                composed = await self.compose(due)
            except Exception:
                LOG.exception("notice.failed", notice=due.notice)
                continue
            shown.append(due.id)
            cards += [composed[0]] if composed else []
        if shown:
            await self.store.write(outbox.shown, person.me, shown)
        return tuple(cards)

    async def _correctable(self, decision: Decision, person: Person, reply: Reply, invalid: Invalid) -> Reply:
        again = invalid.again
        kept = {**decision.request.values, "": (again.wire(person.community.id),)}
        await self.store.write(drafts.keep, person.me, f"form.{again.action}", kept)
        button = Button(_("Correct it"), Press(CORRECT, (again.action,)), Style.PRIMARY)
        view = Card(_("Not saved yet"), tuple(invalid.fields.values()), (button,))
        return replace(reply, view=view, fields=invalid.fields, end=End.REFUSED)


def _draft_name(request: Request) -> str:
    assert isinstance(request.call, Pressed)
    return request.call.wire
