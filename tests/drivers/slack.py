"""A member in Slack, for the scripts that are played on every surface: what is on the card last seen."""

from __future__ import annotations

from dataclasses import dataclass

from tests.drivers.seen import Seen
from tests.fakes.slack import Message, SlackMember, View


class NotThere(AssertionError):
    """The member looked for something that the card does not have."""


@dataclass(slots=True)
class SlackDriver:
    """One member's hands and eyes. `thing` is the message or view last seen, `form` the one that is open."""

    member: SlackMember
    thing: Message | View | None = None
    form: View | None = None
    channel: str = "general"

    async def run(self, typed: str) -> Seen:
        return self._now(await self.member.command(typed, channel=self.channel))

    async def home(self) -> Seen:
        """What the App Home tab shows when it is opened."""
        return self._now(await self.member.open_home())

    async def press(self, label: str, place: int = 0) -> Seen:
        return self._now(await self.member.press(self._card, label, place))

    async def choose(self, select: str, *labels: str) -> Seen:
        card = self._card
        for each in card.selects(self.member.uid):
            if name_of(each.block_id) == select:
                return self._now(await self.member.choose(card, each.block_id, labels))
        raise NotThere(f"{select} among {list(self.seen.selects)}")

    async def fill(self, **values: str) -> Seen:
        if self.form is None:
            raise NotThere("no form is open")
        modal = self.form
        self.form = None
        return self._now(await self.member.submit(modal, dict(values)))

    @property
    def _card(self) -> Message | View:
        if self.thing is None:
            raise NotThere("nothing was seen yet")
        return self.thing

    def _now(self, thing: Message | View) -> Seen:
        if isinstance(thing, View) and thing.body.get("callback_id") == "form":
            self.form = thing
            return self.seen
        self.thing = thing
        return self.seen

    @property
    def seen(self) -> Seen:
        """The form that is open, or the card last seen, as words."""
        uid = self.member.uid
        if self.form is not None:
            entered = {each.block_id: each.value for each in self.form.inputs(uid)}
            chosen = {each.block_id: "".join(each.chosen) for each in self.form.selects(uid)}
            return Seen(self.form.heading, [], [], {}, entered | chosen)
        card = self._card
        title, *lines = card.lines
        selects = {name_of(each.block_id): list(each.options) for each in card.selects(uid)}
        return Seen(title, lines, card.labels, selects)


def name_of(block_id: str) -> str:
    """A select's name, which its block carries."""
    return block_id.partition("|")[2]
