"""How one interaction is answered in Slack: one reply path that knows where the card stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.slack import render
from bot.slack.blocks import NOT_YET, Shown
from bot.slack.limits import LimitError
from bot.slack.receive import Call, Kind, Spot
from bot.slack.refusals import said
from bot.slack.render import Drawn
from bot.slack.sending import Sender
from bot.slack.ticket import Withdrawn
from bot.slack.uploads import Uploads
from commands.kit import reference
from commands.kit.dispatch import Decision, Reply
from commands.kit.press import Press, PressError
from commands.kit.view import Button, Card, Form, Style
from content.text import Catalogue, Language, _

Json = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]
VIEWS = frozenset({Kind.HOME, Kind.MODAL})
Hold = Callable[[Coroutine[Any, Any, None]], object]
LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Replies:
    """Draws replies and sends them where they belong.

    `awaiting` has whose card waits for its pictures; another answer to them ends that, and the words stay.
    """

    sender: Sender
    catalogue: Catalogue
    hold: Hold
    uploads: Uploads
    awaiting: dict[str, object] = field(default_factory=dict)

    def message(self, reply: Reply, card: Card, shown: Shown = NOT_YET) -> Drawn:
        """A card as a message; in its place our own error, should Slack not be able to show it."""
        try:
            return render.message(self.catalogue, card, reply.language, reply.community, shown)
        except (LimitError, PressError):
            return render.message(self.catalogue, broken(), reply.language, reply.community)

    def view(self, reply: Reply, cards: tuple[Card, ...], kind: Kind, shown: Shown = NOT_YET) -> Json:
        """Cards as the Home tab or a modal; our own error in their place, as above."""
        draw = render.home if kind is Kind.HOME else render.modal_card
        try:
            return draw(self.catalogue, cards, reply.language, reply.community, shown)
        except (LimitError, PressError):
            return draw(self.catalogue, (broken(),), reply.language, reply.community)

    async def show(self, spot: Spot, reply: Reply, *, replaces: bool) -> None:
        """The reply where the spot is: its card changed (`replaces`), or a new private message."""
        if not isinstance(reply.view, Card):
            return
        self.awaiting.pop(spot.person, None)
        if not await self._in_view(spot, reply, reply.view):
            await self._respond(spot, reply, reply.view, replaces=replaces)
            await self._beside(spot, reply)
        await self.files(spot, reply, reply.view)
        await self.pictures(spot, reply, reply.view, replaces=replaces)

    async def _in_view(self, spot: Spot, reply: Reply, card: Card, shown: Shown = NOT_YET) -> bool:
        """Whether the spot is the Home tab or a modal, which then shows the card."""
        if spot.kind is Kind.HOME:
            await self.sender.publish(spot.person, self.view(reply, (*reply.also, card), spot.kind, shown))
        elif spot.kind is Kind.MODAL and spot.view is not None:
            await self.sender.update(spot.view, self.view(reply, (*reply.also, card), spot.kind, shown))
        else:
            return False
        return True

    async def _respond(self, spot: Spot, reply: Reply, card: Card, *, replaces: bool, shown: Shown = NOT_YET) -> bool:
        """Whether Slack took the card as a message."""
        drawn = self.message(reply, card, shown)
        if spot.url is None:
            await self.sender.direct(spot.person, drawn)
            return True
        how: Json = {"replace_original": True}
        if not replaces:
            how = {"response_type": "in_channel" if reply.public else "ephemeral"}
        return await self.sender.respond(spot.url, spot.person, drawn, **how)

    async def _beside(self, spot: Spot, reply: Reply) -> None:
        """Cards that waited for a private answer, each as its own message."""
        for card in reply.also:
            await self._respond(spot, replace(reply, public=False), card, replaces=False)

    async def after_ack(self, spot: Spot, reply: Reply, card: Card) -> None:
        """What an answer inside the acknowledgement can't hold."""
        await self._beside(spot, reply)
        await self.files(spot, reply, card)
        await self.pictures(spot, reply, card, replaces=False)

    async def files(self, spot: Spot, reply: Reply, card: Card) -> None:
        """The card's files, to the direct messages; a sentence where that fails."""
        for file in render.files_of((card,)):
            try:
                title = self.catalogue.say(file.description, reply.language)
                await self.sender.file(spot.person, file.name, file.content, title)
            except Exception:
                LOG.exception("slack.file.failed")
                said = _("{what} could not be sent. Please try again in a minute.", what=file.description)
                failed = Card(_("Something went wrong on our side"), (said,))
                await self._respond(spot, replace(reply, public=False), failed, replaces=False)

    async def pictures(self, spot: Spot, reply: Reply, card: Card, *, replaces: bool) -> None:
        """A private card's pictures, which stand in it as words so far: into the direct messages, and then into
        the card, unless that is there too. A public card keeps the words: what is unshared must be gone."""
        pictures = render.pictures_of(card)
        if not pictures or reply.public:
            return
        ours = self.awaiting[spot.person] = object()
        say = self.catalogue.say
        described = [(picture, say(picture.alt, reply.language)) for picture in pictures]
        shown = await self.uploads.ready(spot.person, described, say(card.title, reply.language))
        if self.awaiting.get(spot.person) is not ours:
            return
        del self.awaiting[spot.person]
        if not shown or (spot.direct and spot.kind not in VIEWS):
            return
        if not await self._drawn_again(spot, reply, card, shown, replaces=replaces):
            self.uploads.forget(spot.person, pictures)

    async def _drawn_again(self, spot: Spot, reply: Reply, card: Card, shown: Shown, *, replaces: bool) -> bool:
        """Whether Slack took the card with its pictures; where it can't change, they are a message of their own."""
        try:
            if await self._in_view(spot, reply, card, shown):
                return True
            again = card if replaces else Card(card.title, render.pictures_of(card))
            return await self._respond(spot, reply, again, replaces=replaces, shown=shown)
        except SlackApiError as error:
            LOG.warning("slack.picture.not_shown", why=said(error))
            return False


@dataclass(slots=True)
class CommandAnswer:
    """A typed command: the reply is the acknowledgement itself, or follows through the response address."""

    replies: Replies
    spot: Spot
    ack: Ack

    async def first(self, reply: Reply) -> None:
        card = reply.view
        if not isinstance(card, Card):
            await self.ack()
            return
        drawn = self.replies.message(reply, card)
        if reply.also or drawn.files or render.pictures_of(card):
            self.replies.hold(guarded(self.replies.after_ack(self.spot, reply, card)))
        kind = "in_channel" if reply.public else "ephemeral"
        await self.ack(text=drawn.text, blocks=drawn.blocks, response_type=kind)

    async def wait(self) -> None:
        await self.ack()

    async def later(self, reply: Reply) -> None:
        await self.replies.show(self.spot, reply, replaces=False)


@dataclass(slots=True)
class PressAnswer:
    """A button or select: acknowledged after the commit; the card changes by its own way."""

    replies: Replies
    spot: Spot
    ack: Ack
    updates_card: bool

    async def first(self, reply: Reply) -> None:
        self.replies.hold(guarded(self.later(reply)))
        await self.ack()

    async def wait(self) -> None:
        await self.ack()

    async def later(self, reply: Reply) -> None:
        replaces = self.updates_card if reply.public else self.spot.kind is Kind.PRIVATE
        await self.replies.show(self.spot, reply, replaces=replaces)


@dataclass(slots=True)
class FormAnswer:
    """A sent form: acknowledged after the write, with the errors where there are any."""

    replies: Replies
    call: Call
    ack: Ack
    modal: str
    language: Language

    async def first(self, reply: Reply) -> None:
        if reply.fields and set(reply.fields) <= self.call.inputs:
            say = self.replies.catalogue.say
            errors = {name: say(text, reply.language) for name, text in reply.fields.items()}
            await self.ack(response_action="errors", errors=errors)
            return
        replaces = self.call.spot.kind is Kind.PRIVATE and not reply.public
        self.replies.hold(guarded(self.replies.show(self.call.spot, reply, replaces=replaces)))
        await self.ack()

    async def wait(self) -> None:
        view = render.saving(self.replies.catalogue, self.language)
        await self.ack(response_action="update", view=view)

    async def later(self, reply: Reply) -> None:
        spot = Spot(Kind.MODAL, self.call.spot.person, view=self.modal)
        await self.replies.show(spot, reply, replaces=True)


async def open_form(replies: Replies, call: Call, decision: Decision, reply: Reply | None, language: Language) -> None:
    """What a press that opens a form comes to: the form, a plain no, or that it took too long (None)."""
    spot = call.spot
    if reply is not None and isinstance(reply.view, Form):
        try:
            if await _opened(replies, call, reply, reply.view):
                return
            reply = replace(reply, view=too_slow(decision))
        except (LimitError, PressError, SlackApiError):
            reply = replace(reply, view=broken())
    if reply is None:
        reply = Reply(too_slow(decision), language, decision.parsed.community or 0)
    assert isinstance(reply.view, Card)
    if spot.url is None:
        view = replies.view(reply, (reply.view,), Kind.MODAL)
        if await replies.sender.modal(call.trigger, view, above=spot.kind is Kind.MODAL):
            return
    await replies.show(replace(spot, kind=Kind.COMMAND, view=None), reply, replaces=False)


async def _opened(replies: Replies, call: Call, reply: Reply, form: Form) -> bool:
    """Whether Slack showed the form, which carries where its answer belongs."""
    along = {**call.spot.carried(), "channel": call.request.channel, "language": reply.language.value}
    view = render.form(replies.catalogue, form, reply.language, reply.community, along)
    return await replies.sender.modal(call.trigger, view, above=call.spot.kind is Kind.MODAL)


def too_slow(decision: Decision) -> Card:
    """The form came too late for Slack; the same press again finds everything warm."""
    action = decision.action
    assert action is not None
    again = Button(_("Press again"), Press(action.name, decision.parsed.arguments), Style.PRIMARY)
    return Card(
        _("That took too long to open"),
        (_("Slack opens a form within three seconds or not at all. Nothing is lost."),),
        (again,),
    )


def broken() -> Card:
    """The card for a card that can't be shown; logged here, once, with its reference."""
    shown = reference.current()
    LOG.exception("slack.draw.failed", reference=shown)
    return Card(
        _("Something went wrong on our side"),
        (
            _("What you had saved is safe. Please try again; if it happens again, tell a moderator this:"),
            _("Reference {reference}", reference=shown),
        ),
    )


async def guarded(sending: Coroutine[Any, Any, None]) -> None:
    """An answer after the acknowledgement: should Slack refuse it, that is logged; the state is safe."""
    try:
        await sending
    except Withdrawn:
        LOG.info("slack.answer.to_nobody")  # the app was removed meanwhile
    except Exception:
        LOG.exception("slack.answer.failed")
