"""Commands for trying the page: every element, forms, public cards, slow and broken handlers."""

from __future__ import annotations

import asyncio
import base64
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
    line,
    quiet,
)
from content.text import At, DateStyle, Text, verbatim
from storage.members import ensure
from storage.unit import Unit

NASTY = '<!channel> @everyone **x** [a](b) <script>alert("&")</script> \' onclick="x" {name} <b>'
MOMENT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def both(en: str, zh: str) -> Text:
    return Text(en, zh=zh)


def options(*words: str) -> tuple[Option, ...]:
    return tuple(Option(word.lower(), verbatim(word)) for word in words)


@dataclass(slots=True)
class Samples:
    """The commands, and what was done with them: `gate` lets the slow one end once it has `begun`."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[dict[str, tuple[str, ...]]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    runs: int = 0

    def registry(self, real: Registry) -> Registry:
        """The real registry with these beside it; each can be typed by its name."""
        actions = {action.name: action for action in self.actions()}
        typed: dict[tuple[str, tuple[str, ...]], Command[...]] = {
            ("pmpath", (name,)): Command(action, verbatim(name), f"/pmpath {name}", (), "pmpath", (name,))
            for name, action in actions.items()
        }
        notices = {**real.notices, "sample.told": Notice("sample.told", self.told)}
        return Registry({**real.commands, **typed}, {**real.actions, **actions}, notices)

    def actions(self) -> tuple[Action[...], ...]:
        return (
            Action("nasty", self.nasty),
            Action("gallery", self.gallery),
            Action("choosing", self.choosing),
            Action("taken", self.take, takes_values=True),
            Action("picked", self.pick),
            Action("slow", self.slow),
            Action("counted", self.count),
            Action("breaks", self.breaks),
            Action("refuses", self.refuses),
            Action("posted", self.posted, public=True),
            Action("voted", self.vote, public=True, updates_card=True),
            Action("opened", self.opened, opens_form=True),
            Action("saved", self.saved),
            Action("undrawable", self.undrawable),
        )

    def button(self, name: str, label: str, style: Style = Style.PLAIN, *, takes_values: bool = False) -> Button:
        action = next(action for action in self.actions() if action.name == name)
        return Button(verbatim(label), action(), style, takes_values=takes_values)

    async def nasty(self, ctx: Context) -> View:
        body: tuple[Element, ...] = (
            verbatim(NASTY.replace("{name}", "")),
            Text("{name}", (("name", NASTY),), zh="{name}"),
            line(Bold(_said(NASTY)), Link(_said(NASTY), "https://example.org/?a=1&b=%22")),
            line(Link(verbatim("bad link"), "javascript:alert(1)")),
            heading(_said(NASTY)),
            Fields(((_said(NASTY), _said(NASTY)),)),
            Picture("p.png", PNG, _said(NASTY)),
            File('"x".md', "text/markdown", b"# x", _said(NASTY)),
            Select("choice", _said(NASTY), (Option("a", _said(NASTY)),), self.button("taken", "x").press, waits=True),
        )
        return Card(_said(NASTY), body, (Button(_said(NASTY), self.button("nasty", "x").press),))

    async def gallery(self, ctx: Context) -> View:
        self.places.append(ctx.place)
        press = self.button("gallery", "x").press
        day, exact = At(MOMENT), At(MOMENT, DateStyle.BOTH)
        tabs = (Tab(both("One", "一"), press), Tab(both("Two", "二"), self.button("counted", "x").press))
        body: tuple[Element, ...] = (
            Progress(1, 2, both("about 2 more", "大约还有 2 题")),
            Tabs(tabs, 0),
            Text("On {day}, exactly {exact}.", (("day", day), ("exact", exact)), zh="{day}，{exact}。"),
            line(Bold(both("Bold", "粗")), both(" and ", "和"), Link(both("a link", "链接"), "https://example.org/")),
            quiet(both("Small print", "小字")),
            heading(both("A heading", "小标题")),
            Line((Bold(verbatim("A")), both("  The first answer", "  第一个答案"))),
            Divider(),
            Fields(((both("Track", "方向"), both("Platform", "平台型")), (both("Since", "自"), verbatim("2026")))),
            Section(line(both("A book to read", "一本书")), Button(both("Done", "完成"), press)),
            Picture("chart.png", PNG, both("A chart: platform 60", "图表：平台型 60")),
            File("mine.md", "text/markdown", b"# Mine", both("Your plan", "你的计划")),
            Pages(1, 5, 12, None, press),
        )
        foot = (
            Button(verbatim("A"), press, Style.PRIMARY),
            Button(both("Delete", "删除"), press, Style.DANGER),
            Button(both("Not now", "现在不行"), press, disabled=True),
            LinkButton(both("Open", "打开"), "https://example.org/"),
        )
        return Card(both("Gallery", "陈列"), body, foot)

    async def choosing(self, ctx: Context) -> View:
        take = self.button("taken", "x").press
        body: tuple[Element, ...] = (
            Select(
                "skills", both("Skills", "技能"), options("Sql", "Talks", "Tests"), take, many=True, chosen=("sql",)
            ),
            Select("years", both("Years", "年"), options("One", "Two"), take, waits=True),
            Select("industry", both("Industry", "行业"), options(*"ABCDEFGH"), take, waits=True),
            Select("some", both("Some", "一些"), options("X", "Y", "Z"), take, many=True, most=2),
            PeopleSelect("people", both("People", "成员"), take, chosen=("ada",)),
            Select("now", both("Now", "现在"), options("Red", "Blue"), self.button("picked", "x").press),
        )
        return Card(both("Choose", "选择"), body, (self.button("taken", "Next", Style.PRIMARY, takes_values=True),))

    async def take(self, ctx: Context) -> View:
        self.taken.append(dict(ctx.values))
        return Card(verbatim("Taken"), (), (self.button("choosing", "Again"),))

    async def pick(self, ctx: Context) -> View:
        self.taken.append(dict(ctx.values))
        return Card(verbatim(f"Picked {ctx.value('now')}"))

    async def slow(self, ctx: Context) -> View:
        self.runs += 1
        self.begun.set()
        await self.gate.wait()
        return Card(verbatim("At last"))

    async def count(self, ctx: Context) -> View:
        self.runs += 1
        self.places.append(ctx.place)
        return Card(verbatim(f"Counted {self.runs} for {ctx.me.name}"), (), (self.button("counted", "Count"),))

    async def breaks(self, ctx: Context) -> View:
        raise RuntimeError("broken on purpose")

    async def refuses(self, ctx: Context) -> View:
        raise Refusal(verbatim("No, not today."), (self.button("counted", "Something else"),))

    async def posted(self, ctx: Context) -> View:
        return Card(
            both("For everybody", "给大家"),
            (verbatim(ctx.me.name),),
            (self.button("counted", "Mine"), self.button("voted", "Vote")),
        )

    async def vote(self, ctx: Context) -> View:
        self.runs += 1
        if self.runs > 2:
            raise Refusal(verbatim("The vote is over."))
        return Card(verbatim(f"Votes: {self.runs}"), (), (self.button("voted", "Vote"),))

    async def opened(self, ctx: Context) -> View:
        why = TextField("why", both("Why", "为什么"), hint=both("One sentence", "一句话"), value='<i>"was"', long=True)
        who = TextField("who", both("Who", "谁"))
        kind = ChoiceField("kind", both("Kind", "种类"), options("Book", "Talk"), chosen="talk", required=False)
        return Form(both("A form", "表单"), (why, who, kind), self.button("saved", "x").press)

    async def saved(self, ctx: Context) -> View:
        self.taken.append(dict(ctx.values))
        if ctx.value("who") == "nobody":
            raise Invalid({"who": both("Say somebody.", "写一个人。")}, again=self.button("opened", "x").press)
        await ctx.store.write(ensure, ctx.me)
        return Card(verbatim(f"Saved: {ctx.value('who')}"), (), (self.button("opened", "Form"),))

    async def undrawable(self, ctx: Context) -> View:
        return Card(Text("words that are in no catalogue"))

    async def told(self, ctx: Context, number: int) -> Card:
        return Card(both(f"You are told {number}", f"告诉你 {number}"), (), (self.button("counted", "Count"),))


def _said(words: str) -> Text:
    """Nasty words as a value, so that their braces are no placeholder."""
    return Text("{words}", (("words", words),), zh="{words}")


def tell(unit: Unit, member: int, number: int) -> None:
    """Others are told by the commit of a unit."""
    unit.tell(member, "sample.told", number=number)
