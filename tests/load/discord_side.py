"""Members of Discord servers before a bot: ours, or the floor's."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any

from tests.fakes import discord_rules as rules
from tests.fakes.discord import Answer, DiscordMember, FakeDiscord
from tests.fakes.discord_shown import NotPossible, Shown
from tests.load.deeds import Unanswered, next_of
from tests.load.records import Step

KEPT = 4096  # interactions that the fake remembers: some twenty seconds of them


class BusyDiscord(FakeDiscord):
    """A Discord that checks no body against the specification, and forgets by the clock."""

    def __init__(self) -> None:
        super().__init__(check=False)
        self.rest.keep_calls = False

    def forget_old_interactions(self, kept: int = KEPT) -> None:
        """Each interaction asks for it; `forget` does it."""

    def forget(self) -> None:
        """What is old; a member holds the message before them."""
        super().forget_old_interactions(KEPT)


@dataclass(slots=True)
class InDiscord:
    """A member before pmpath."""

    member: DiscordMember
    surface: str = "Discord"
    shown: Any = None
    _chosen: frozenset[str] = frozenset()

    async def run(self, line: str) -> Step:
        return self._took(await self.member.command(f"/pmpath {line}"), time.monotonic())

    async def press(self, label: str) -> Step:
        try:
            return self._took(await self.member.press(self.shown, label), time.monotonic())
        except NotPossible as error:
            raise Unanswered(str(error)) from error

    async def fill_in(self, chance: random.Random) -> Step:
        """One select, or *Next* where each was chosen in: every change is told the bot."""
        shown: Shown = self.shown
        left = [select for select in shown.selects if select.custom_id not in self._chosen]
        if not left:
            self._chosen = frozenset()
            return await self.press(next_of(self.labels()))
        patience, self.member.patience = self.member.patience, 0.0  # no card follows what is only kept
        answer = await self.member.choose(shown, left[0].custom_id, chance.choice(list(left[0].options)))
        self.member.patience = patience
        self._chosen |= {left[0].custom_id}
        if answer.failed:
            raise Unanswered("a choice was not acknowledged")
        now = time.monotonic()
        return Step(now - answer.answered_after, now, now, "")

    def labels(self) -> list[str]:
        return [button.label for button in self.shown.buttons if button.custom_id and not button.disabled]

    def asks(self) -> bool:
        return any(part["type"] in rules.SELECTS for part in rules.nested(self.shown.message.components))

    def _took(self, answer: Answer, now: float) -> Step:
        if answer.failed:
            raise Unanswered("this interaction failed")
        if answer.stuck:
            raise Unanswered("thinking, and no card")
        if answer.modal:
            raise Unanswered(f"a form: {answer.modal.title}")
        self.shown = answer.card
        sent = answer.interaction.began
        return Step(sent, sent + answer.answered_after, sent + answer.card_after, words_of(answer.card))


def words_of(shown: Shown) -> str:
    """Its first texts, as they were sent."""
    texts = (part["content"] for part in rules.nested(shown.message.components) if part["type"] == rules.TEXT)
    return "\n".join(texts).lstrip("# *")


@dataclass(slots=True)
class BeforeFloor:
    """A member before discord.py alone: `/floor`, or a press on the card that stays."""

    member: DiscordMember
    card: Shown | None = None

    async def go_on(self, chance: random.Random, presses: float) -> Step:
        if self.card is None:
            answer = await self.member.command("/card")
            self.card = answer.card
        elif chance.random() < presses:
            answer = await self.member.press(self.card, "A")
        else:
            answer = await self.member.command("/floor")
        if answer.failed:
            raise Unanswered("this interaction failed")
        sent = answer.interaction.began
        return Step(sent, sent + answer.answered_after, sent + answer.card_after, "")
