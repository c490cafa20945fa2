"""A plan as Markdown, in which nothing that a member wrote is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from commands import plan_card, remedies
from commands.entries import Entry
from commands.kit.request import Context
from commands.standing import Plan
from commands.tips import tip_card
from content.text import PLAIN, At, Channel, Language, Text, _
from storage.learning import SkillState
from storage.shelf import Shelf
from storage.tip_shelf import Seen

MARKS = re.compile(r"[\\`*_\[\]<>#|~&!@]|(?<=:)//|(?<=www)\.", re.IGNORECASE)
BEGINS = re.compile(r"^(\s*)([-+=])|^(\s*\d+)([.)])")
UNSAFE_IN_LINK = re.compile(r"[\s<>\\]")


class MarkdownSpelling:
    """Words with every sign escaped that Markdown would read, bare addresses among them."""

    def plain(self, words: str) -> str:
        words = " ".join(words.split("\n"))
        return BEGINS.sub(r"\1\3\\\2\4", MARKS.sub(r"\\\g<0>", words))

    def moment(self, at: At, language: Language) -> str:
        return self.plain(PLAIN.moment(at, language))

    def channel(self, channel: Channel) -> str:
        return self.plain(PLAIN.channel(channel))


MARKDOWN = MarkdownSpelling()


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose plan, for whom, in which words."""

    ctx: Context
    here: Shelf
    plan: Plan
    aside: tuple[Seen, ...] = ()

    def say(self, text: Text) -> str:
        return self.ctx.content.catalogue.say(text, self.ctx.language, MARKDOWN)

    def lines(self) -> Iterator[str]:
        """The whole plan, line by line."""
        outcome = self.plan.outcome
        project = self.ctx.content.tracks[outcome].starter
        yield from (f"# {self.say(_('My plan: {outcome}', outcome=outcome.label))}", "")
        yield from (self.say(plan_card.next_step(self.ctx.content, self.plan)), "")
        yield from (self.say(_("Small starter project: {project}", project=project)), "")
        if self.plan.steps:
            yield from (f"## {self.say(_('What is missing, the most useful first'))}", "")
            for place, skill in enumerate(self.plan.steps, 1):
                yield from self.step(place, skill)
        yield from self.tips()
        yield from self.named(_("What you have"), self.plan.held)
        yield from self.named(_("What you skipped"), self.plan.put_off)
        yield self.say(
            _("From pmpath, on {day}. It is not for hiring.", day=At(self.ctx.now, zone=self.ctx.community.zone))
        )

    def step(self, place: int, skill_id: str) -> Iterator[str]:
        """One skill that is missing, with its task to tick off and all its resources."""
        skill = self.ctx.content.skills[skill_id]
        name = _("{place}. {skill}", place=place, skill=skill.name)
        if self.here.state(skill_id) is SkillState.DOING:
            name = _("{name} (in progress)", name=name)
        yield from (f"### {self.say(name)}", "", self.say(skill.meaning), "")
        yield from (f"- [ ] {self.say(_('First task: {task}', task=skill.task))}", "")
        found = remedies.in_order(self.ctx.content, self.here, skill, self.ctx.language)
        yield from (*(self.resource(each) for each in found), "")

    def tips(self) -> Iterator[str]:
        """The weekly tips that were put aside, to tick off."""
        if self.aside:
            yield from (f"## {self.say(_('Tips I put aside'))}", "")
        for seen in self.aside:
            words = tip_card.of(self.ctx, seen)
            yield from (f"- [ ] {self.say(tip_card.named(self.ctx, seen))}", "")
            if words is not None:
                yield from (f"  {self.say(words.text)}", "")
            if words is not None and words.link is not None:
                yield from (f"  {self.linked(words.link.text, words.link.url)}", "")

    def linked(self, text: Text, address: str) -> str:
        """A link, with nothing in its address that would end it early."""
        return f"[{self.say(text)}](<{UNSAFE_IN_LINK.sub(lambda found: quote(found[0]), address)}>)"

    def resource(self, entry: Entry) -> str:
        """A resource with its link and what must be known of it."""
        marks = " · ".join(map(self.say, remedies.about(self.here, entry, self.ctx.language)))
        return f"- {self.linked(entry.title, entry.address)}{self.say(_(': '))}{marks}"

    def named(self, heading: Text, skills: tuple[str, ...]) -> Iterator[str]:
        """Skills by name, with what came out of those that are done."""
        if not skills:
            return
        yield from (f"## {self.say(heading)}", "")
        for skill in skills:
            name, learned = self.ctx.content.skills[skill].name, self.here.skills.get(skill)
            said = learned.said if learned and learned.state.held else None
            yield f"- {self.say(_('{skill}: {said}', skill=name, said=said) if said else name)}"
        yield ""


def write(ctx: Context, here: Shelf, plan: Plan, aside: tuple[Seen, ...]) -> str:
    """The plan as a Markdown file in the reader's language, with the tips put aside."""
    return "\n".join((*Writer(ctx, here, plan, aside).lines(), ""))
