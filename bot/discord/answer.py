"""Discord's ways to answer one interaction: in time, or with its "wait" and the same later (docs/architecture.md)."""

from __future__ import annotations

from enum import Enum
from typing import Any

import discord
import structlog

from bot.discord import receive, render
from bot.discord.render import Drawn
from commands.kit import excuses
from commands.kit.dispatch import Decision, Dispatcher, Reply
from commands.kit.press import Press
from commands.kit.request import Place
from commands.kit.view import Button, Card, Form, Style
from content.text import Text, _

LOG = structlog.get_logger()
TOO_LATE = frozenset({10062, 40060, 50027, 10008, 10015})
"""Unknown interaction, already acknowledged, token expired, message or webhook gone."""


class Way(Enum):
    """Where the reply goes."""

    REPLACE = "in place of the private card that was pressed"
    REPLACE_PUBLIC = "in place of the public card that was pressed"
    PUBLIC = "as a new message for everybody"
    PRIVATE = "as a new message that one member sees"


def way_of(interaction: discord.Interaction[Any], decision: Decision) -> Way:
    """Decided from memory, before the handler runs."""
    place = receive.place(interaction)
    if interaction.message is None or decision.opens_form:
        return Way.PUBLIC if decision.public else Way.PRIVATE
    if place is Place.PUBLIC and decision.updates_card and interaction.type is receive.COMPONENT:
        return Way.REPLACE_PUBLIC
    if decision.public and place is not Place.DIRECT:
        return Way.PUBLIC
    return Way.PRIVATE if place is Place.PUBLIC else Way.REPLACE


class DiscordAnswer:
    """Answers one interaction, once; what Discord refuses because it is too late is logged, no more."""

    def __init__(self, interaction: discord.Interaction[Any], decision: Decision, dispatcher: Dispatcher) -> None:
        self._interaction = interaction
        self._decision = decision
        self._dispatcher = dispatcher
        self._catalogue = dispatcher.content.catalogue
        self._way = way_of(interaction, decision)

    async def first(self, reply: Reply) -> None:
        await self._try(self._first, reply)

    async def wait(self) -> None:
        try:
            await self._wait()
        except discord.HTTPException as error:
            if not self._refused(error):
                raise

    async def later(self, reply: Reply) -> None:
        if not self._decision.keeps and not self._decision.opens_form:
            await self._try(self._later, reply)

    async def _try(self, send: Any, reply: Reply) -> None:
        """Sends the reply; where that fails by our own fault, the error card instead."""
        try:
            await send(reply)
        except discord.HTTPException as error:
            if not self._refused(error):
                await self._apologize(send, reply)
        except ValueError:
            await self._apologize(send, reply)
        else:
            await self._also(reply)

    async def _apologize(self, send: Any, reply: Reply) -> None:
        """The error card, for the member alone: a public card stays as it is."""
        card = excuses.failed(self._decision, reply.community)
        try:
            await send(Reply(card, reply.language, reply.community))
        except discord.HTTPException as error:
            if not self._refused(error):
                raise

    def _refused(self, error: discord.HTTPException) -> bool:
        """Whether Discord takes no answer any more: the state is safe, the next press or `home` shows it."""
        if error.code in TOO_LATE:
            LOG.info("answer.refused", code=error.code)
        return error.code in TOO_LATE

    async def _first(self, reply: Reply) -> None:
        response = self._interaction.response
        match reply.view:
            case None:
                await response.defer()
            case Form() as form:
                await response.send_modal(render.form(self._catalogue, form, reply.language, reply.community))
            case Card() as card:
                await self._first_card(card, reply)

    async def _first_card(self, card: Card, reply: Reply) -> None:
        drawn = self._draw(card, reply)
        response = self._interaction.response
        if self._way is Way.REPLACE or (self._way is Way.REPLACE_PUBLIC and reply.public):
            await response.edit_message(view=drawn.view, attachments=drawn.files)
            return
        ephemeral = not (self._way is Way.PUBLIC and reply.public)
        await response.send_message(view=drawn.view, files=drawn.files, ephemeral=ephemeral)

    async def _wait(self) -> None:
        response = self._interaction.response
        if self._decision.opens_form:
            drawn = self._draw_too_slow()
            await response.send_message(view=drawn.view, ephemeral=True)
        elif self._decision.keeps or self._way in {Way.REPLACE, Way.REPLACE_PUBLIC}:
            await response.defer()
        else:
            await response.defer(ephemeral=self._way is Way.PRIVATE, thinking=True)

    async def _later(self, reply: Reply) -> None:
        assert isinstance(reply.view, Card)
        drawn = self._draw(reply.view, reply)
        if self._way in {Way.REPLACE, Way.PRIVATE} or reply.public:
            await self._interaction.edit_original_response(view=drawn.view, attachments=drawn.files)
            return
        if self._way is Way.PUBLIC:
            await self._interaction.delete_original_response()
        await self._interaction.followup.send(view=drawn.view, files=drawn.files, ephemeral=True)

    async def _also(self, reply: Reply) -> None:
        """Cards that could not reach the member before, each as a private message of its own."""
        for card in reply.also:
            drawn = self._draw(card, reply)
            await self._interaction.followup.send(view=drawn.view, files=drawn.files, ephemeral=True)

    def _draw(self, card: Card, reply: Reply) -> Drawn:
        return render.card(self._catalogue, card, reply.language, reply.community)

    def _draw_too_slow(self) -> Drawn:
        """A form that did not come in time can't be opened any more by this interaction."""
        parsed = self._decision.parsed
        language = self._dispatcher.spoken(self._decision)
        card = too_slow()
        if parsed.community is not None and parsed.action is not None:
            again = Button(_("Open the form"), Press(parsed.action.name, parsed.arguments), Style.PRIMARY)
            card = Card(card.title, card.body, (again,))
        return render.card(self._catalogue, card, language, parsed.community or 0)


def too_slow() -> Card:
    """What stands in the place of a form that came too late."""
    words: Text = _("That took too long just now, so the form could not open. Please try again.")
    return Card(_("Not this time"), (words,))
