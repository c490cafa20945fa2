"""A member before the fake Discord, as a driver: what their client shows, in the common words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.discord import custom_id
from tests.drivers.seen import Seen
from tests.fakes.discord import Answer, DiscordMember, Shown


@dataclass(slots=True)
class DiscordDriver:
    """`shown` is the card last seen; the answer to a command, or the card that a press has changed."""

    member: DiscordMember
    answer: Answer | None = None
    shown: Shown | None = None

    async def run(self, typed: str) -> Seen:
        return self._take(await self.member.command(typed))

    async def press(self, label: str, place: int = 0) -> Seen:
        return self._take(await self.member.press(self._card, label, place))

    async def choose(self, select: str, *labels: str) -> Seen:
        shown = self._card
        found = next(each for each in shown.selects if custom_id.read(each.custom_id).name == select)
        kept = custom_id.read(found.custom_id).keeps
        patience, self.member.patience = self.member.patience, 0.01 if kept else self.member.patience
        answer = await self.member.choose(shown, found.custom_id, list(labels))  # of a kept one nothing is drawn anew
        self.member.patience = patience
        return self._seen(shown) if kept else self._take(answer)

    async def fill(self, **values: str) -> Seen:
        assert self.answer is not None
        return self._take(await self.member.submit(self.answer, values))

    @property
    def _card(self) -> Shown:
        assert self.shown is not None
        return self.shown

    def _take(self, answer: Answer) -> Seen:
        assert not answer.failed, "This interaction failed"
        self.answer = answer
        if answer.modal is not None:
            form = answer.modal
            return Seen(form.title, fields={each.custom_id: each.value for each in form.fields})
        self.shown = answer.card
        return self._seen(self.shown)

    def _seen(self, shown: Shown) -> Seen:
        selects = {custom_id.read(each.custom_id).name or "": list(each.options) for each in shown.selects}
        title, *lines = shown.heard
        return Seen(title, lines, shown.labels, selects)
