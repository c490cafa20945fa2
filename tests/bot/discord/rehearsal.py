"""The rehearsal's commands once more, with what only Discord asks for: late public answers, its own ids."""

from __future__ import annotations

from dataclasses import dataclass, field

from commands.kit.command import Action, Command
from commands.kit.discover import Registry
from commands.kit.errors import Refusal
from commands.kit.notice import Notice
from commands.kit.request import Context, Place
from commands.kit.view import Button, Card, File, Form, Line, PeopleSelect, Section, Select, Style, TextField, View
from storage import members
from tests.bot.slack.rehearsal import Rehearsal, options, said

NASTY = "<!channel> @everyone **x** [a](b) <@1> <#2> :x: https://x.y # -# > 1."
ROLE = "8001"
GROUP = "try"
PRESSED_ONLY = {
    "taken",
    "picked",
    "sent",
    "counted",
    "countedslowly",
    "countrefused",
    "countrefusedslowly",
    "long",
    "counttoolong",
}
"""No commands: Discord takes 25 in a group."""


@dataclass(slots=True)
class DiscordRehearsal(Rehearsal):
    """`people` are chosen in the select of people; `places` is where handlers were told that they are."""

    people: tuple[str, ...] = (f"role:{ROLE}",)
    places: list[Place] = field(default_factory=list)
    may_post: list[bool] = field(default_factory=list)

    def registry(self, real: Registry) -> Registry:
        """The real registry with these beside it, as `/pmpath try <action>` and by press."""
        actions = {action.name: action for action in self.actions()}
        typed: dict[tuple[str, tuple[str, ...]], Command[...]] = {
            ("pmpath", (GROUP, name)): Command(
                action, said(name), f"/pmpath {GROUP} {name}", (), "pmpath", (GROUP, name)
            )
            for name, action in actions.items()
            if name not in PRESSED_ONLY
        }
        notices = {**real.notices, "try.told": Notice("try.told", self.told)}
        return Registry({**real.commands, **typed}, {**real.actions, **actions}, notices)

    def actions(self) -> tuple[Action[...], ...]:
        base = {action.name: action for action in Rehearsal.actions(self)}
        own = (
            Action("taken", self.take, takes_values=True),
            Action("postedslowly", self.posted_slowly, public=True),
            Action("postrefused", self.post_refused, public=True),
            Action("postrefusedslowly", self.post_refused_slowly, public=True),
            Action("countedslowly", self.counted_slowly, public=True, updates_card=True),
            Action("countrefused", self.post_refused, public=True, updates_card=True),
            Action("countrefusedslowly", self.post_refused_slowly, public=True, updates_card=True),
            Action("counttoolong", self.toolong, public=True, updates_card=True),
            Action("board", self.board, public=True),
            Action("filedslowly", self.filed_slowly),
            Action("toolongform", self.too_long_form, opens_form=True),
            Action("here", self.here),
            Action("doubled", self.doubled),
        )
        return tuple((base | {action.name: action for action in own}).values())

    async def choosing(self, ctx: Context) -> View:
        take = self.button("taken", "Next").press
        return Card(
            said("Choose"),
            (
                Select("skills", said("Skills"), options("Sql", "Talks", "Tests"), take, many=True, chosen=("sql",)),
                Select("years", said("Years"), options("One", "Two"), take, waits=True),
                Select("some", said("Some"), options("A", "B", "C"), take, many=True, most=2),
                PeopleSelect("people", said("People"), take, chosen=self.people),
                Select("now", said("Now"), options("Red", "Blue"), self.button("picked", "x").press),
            ),
            (Button(said("Next"), take, Style.PRIMARY, takes_values=True),),
        )

    async def take(self, ctx: Context) -> View:
        await ctx.store.write(members.ensure, ctx.me)
        return await Rehearsal.take(self, ctx)

    async def posted_slowly(self, ctx: Context) -> View:
        await self.gate.wait()
        return await self.posted(ctx)

    async def post_refused(self, ctx: Context) -> View:
        raise Refusal(said("Not in public."))

    async def post_refused_slowly(self, ctx: Context) -> View:
        await self.gate.wait()
        raise Refusal(said("Not in public."))

    async def counted_slowly(self, ctx: Context) -> View:
        await self.gate.wait()
        return await self.counted(ctx)

    async def board(self, ctx: Context) -> View:
        """A public card with a button for what can be pressed there."""
        return Card(said("Board"), (), self._buttons("count", "post", "slow", "open", "refuses"))

    async def waits(self, ctx: Context) -> View:
        return Card(said("All"), (), self._buttons("here", "slow", "open", "notopened", "toolongform"))

    def _buttons(self, *starts: str) -> tuple[Button, ...]:
        names = [action.name for action in self.actions() if action.name.startswith(starts)]
        return tuple(self.button(name, name) for name in names)

    async def filed_slowly(self, ctx: Context) -> View:
        await self.gate.wait()
        return Card(said("Yours"), (File("mine.md", "text/markdown", b"# Mine", said("Your plan")),))

    async def too_long_form(self, ctx: Context) -> View:
        return Form(said("A form"), (TextField("why", said("y" * 46)),), self.button("sent", "x").press)

    async def here(self, ctx: Context) -> View:
        self.places.append(ctx.place)
        self.may_post.append(ctx.may_post)
        return Card(said(f"Here {len(self.places)}"), (), (self.button("here", "Here"), self.button("opened", "Form")))

    async def doubled(self, ctx: Context) -> View:
        """The same press twice, and beside a line."""
        again = self.button("here", "Here")
        beside = Section(Line((said("Line"),)), self.button("here", "Beside"))
        return Card(said("Twice"), (beside,), (again, self.button("here", "There")))
