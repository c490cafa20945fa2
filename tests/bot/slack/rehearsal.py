"""Commands of our own for trying the Slack surface: every element, forms, slow and broken handlers."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

from commands.kit.command import Action, Command
from commands.kit.discover import Registry
from commands.kit.errors import Invalid, Refusal
from commands.kit.notice import Notice
from commands.kit.request import Context
from commands.kit.view import (
    Bold,
    Button,
    Card,
    ChoiceField,
    Divider,
    Element,
    Fields,
    File,
    Form,
    Line,
    Link,
    LinkButton,
    Option,
    Pages,
    PeopleSelect,
    Picture,
    Progress,
    Section,
    Select,
    Style,
    Tab,
    Tabs,
    TextField,
    View,
    heading,
    quiet,
)
from content.text import At, DateStyle, Text, verbatim
from storage.members import ensure

NASTY = "<!channel> @everyone **x** [a](b) <@U0ADA0001> *b* _i_ ~s~ `c` :tada: https://a.example & > <!here>"
MOMENT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def said(words: str) -> Text:
    return verbatim(words)


def options(*words: str) -> tuple[Option, ...]:
    return tuple(Option(each.lower(), said(each)) for each in words)


@dataclass(slots=True)
class Rehearsal:
    """The commands, and what steers them: `gate` lets slow handlers end, `taken` is what handlers were given."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[dict[str, tuple[str, ...]]] = field(default_factory=list)
    runs: int = 0

    def registry(self, real: Registry) -> Registry:
        """The real registry with these beside it, as `/pmpath try <action>` and by press."""
        actions = {action.name: action for action in self.actions()}
        typed: dict[tuple[str, tuple[str, ...]], Command[...]] = {
            ("pmpath", (name,)): Command(action, said(name), f"/pmpath {name}", (), "pmpath", (name,))
            for name, action in actions.items()
        }
        notices = {**real.notices, "try.told": Notice("try.told", self.told)}
        return Registry({**real.commands, **typed}, {**real.actions, **actions}, notices)

    def actions(self) -> tuple[Action[...], ...]:
        return (
            Action("nasty", self.nasty),
            Action("elements", self.elements),
            Action("choosing", self.choosing),
            Action("taken", self.take, takes_values=True),
            Action("picked", self.picked, takes_values=True),
            Action("slow", self.slow),
            Action("breaks", self.breaks),
            Action("refuses", self.refuses),
            Action("long", self.long),
            Action("toolong", self.toolong),
            Action("filed", self.filed),
            Action("posted", self.posted, public=True),
            Action("illustrated", self.illustrated),
            Action("shown", self.illustrated, public=True),
            Action("counted", self.counted, public=True, updates_card=True),
            Action("opened", self.opened, opens_form=True),
            Action("openedslowly", self.opened_slowly, opens_form=True),
            Action("notopened", self.not_opened, opens_form=True),
            Action("sent", self.sent),
            Action("waits", self.waits),
        )

    def button(self, name: str, label: str, style: Style = Style.PLAIN) -> Button:
        action = next(action for action in self.actions() if action.name == name)
        return Button(said(label), action(), style)

    async def nasty(self, ctx: Context) -> View:
        body: tuple[Element, ...] = (
            said(NASTY),
            Line((Bold(said(NASTY)), said(" and "), Link(said(NASTY), "https://example.org/"))),
            quiet(said(NASTY)),
            heading(said(NASTY)),
            Fields(((said(NASTY), said(NASTY)),)),
            Section(Line((said(NASTY),)), self.button("nasty", "Beside")),
        )
        return Card(said(NASTY), body, (Button(said(NASTY[:75]), self.button("nasty", "x").press),))

    async def elements(self, ctx: Context) -> View:
        press = self.button("elements", "x").press
        day, both = At(MOMENT), At(MOMENT, DateStyle.BOTH)
        body: tuple[Element, ...] = (
            Text("On {day}, exactly {both}.", (("day", day), ("both", both)), zh="{day}，{both}。"),
            Divider(),
            Line((Bold(said("Bold")), said(" and "), Link(said("a link"), "https://example.org/"))),
            quiet(said("Small print")),
            Progress(1, 2, said("about 2 more")),
            Tabs((Tab(said("One"), press), Tab(said("Two"), self.button("nasty", "x").press)), 0),
            Pages(1, 5, 12, None, press),
            Picture("chart.png", b"png", said("A chart: platform 60")),
        )
        return Card(said("Elements"), body, (LinkButton(said("Open"), "https://example.org/"),))

    async def choosing(self, ctx: Context) -> View:
        take = self.button("taken", "Next").press
        body: tuple[Element, ...] = (
            Select("skills", said("Skills"), options("Sql", "Talks", "Tests"), take, many=True, chosen=("sql",)),
            Select("years", said("Years"), options("One", "Two"), take, waits=True),
            Select("some", said("Some"), options("A", "B", "C"), take, many=True, most=2),
            PeopleSelect("people", said("People"), take, chosen=("U0ADA0001", "role:9")),
            Select("now", said("Now"), options("Red", "Blue"), self.button("picked", "x").press),
        )
        return Card(said("Choose"), body, (Button(said("Next"), take, Style.PRIMARY, takes_values=True),))

    async def take(self, ctx: Context) -> View:
        self.taken.append(dict(ctx.values))
        return Card(said("Taken"))

    async def picked(self, ctx: Context) -> View:
        self.taken.append(dict(ctx.values))
        return Card(said("Picked {}".format(ctx.value("now"))))

    async def slow(self, ctx: Context) -> View:
        self.runs += 1
        await self.gate.wait()
        return Card(said("At last"), (), (self.button("slow", "Again"),))

    async def breaks(self, ctx: Context) -> View:
        raise RuntimeError("broken on purpose")

    async def refuses(self, ctx: Context) -> View:
        raise Refusal(said("No, not today."))

    async def long(self, ctx: Context) -> View:
        return Card(said("Long"), tuple(said(f"line {number}") for number in range(70)))

    async def toolong(self, ctx: Context) -> View:
        return Card(said("x" * 75), tuple(said("y" * 2000) for _ in range(9)))

    async def filed(self, ctx: Context) -> View:
        return Card(said("Yours"), (File("mine.md", "text/markdown", b"# Mine", said("Your plan")),))

    async def illustrated(self, ctx: Context) -> View:
        self.runs += 1
        picture = Picture("chart.png", b"png", said("A chart: platform 60"))
        return Card(said("Illustrated"), (picture, quiet(said("Small print"))), (self.button("nasty", "On"),))

    async def posted(self, ctx: Context) -> View:
        return Card(said("For all"), (), (self.button("counted", "Count"), self.button("refuses", "Mine")))

    async def counted(self, ctx: Context) -> View:
        self.runs += 1
        return Card(said(f"Counted {self.runs}"), (), (self.button("counted", "Count"),))

    async def opened(self, ctx: Context) -> View:
        choice = ChoiceField("kind", said("Kind"), options("Book", "Talk"), chosen="talk", required=False)
        why = TextField("why", said("Why"), hint=said("One sentence"), value=NASTY, long=True, most=300)
        return Form(said("A form"), (why, choice), self.button("sent", "x").press)

    async def opened_slowly(self, ctx: Context) -> View:
        await self.gate.wait()
        return await self.opened(ctx)

    async def not_opened(self, ctx: Context) -> View:
        raise Refusal(said("No form today."), (self.button("opened", "Open another"),))

    async def sent(self, ctx: Context) -> View:
        why = ctx.value("why")
        if why == "bad":
            raise Invalid({"why": said("Say more.")}, again=self.button("opened", "x").press)
        if why == "slow":
            await self.gate.wait()
        await ctx.store.write(ensure, ctx.me)
        return Card(said(f"Saved: {why} ({ctx.value('kind')})"), (), (self.button("opened", "Form"),))

    async def waits(self, ctx: Context) -> View:
        buttons = [self.button(action.name, action.name) for action in self.actions()]
        return Card(said("All"), (), tuple(buttons))

    async def told(self, ctx: Context) -> Card:
        return Card(said("You are told"))
