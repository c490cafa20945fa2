"""`/pmpath privacy`: what is stored, why, how long; delete all of mine."""

from __future__ import annotations

from collections.abc import Mapping

from commands import appearance, export_files, home
from commands.kit.command import action, command
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Fields, Style, View, line, quiet
from content.text import Text, _, plural
from storage import appearances, export, members
from storage.appearances import Appearance
from storage.members import Kept, Me
from storage.store import Traces
from storage.unit import Unit

WHAT = _(
    ": your id and name here, when you were last here, your language, your answers and results and what you said of"
    " them, what you have learned, where your users are, what you did with weekly tips and which you suggested,"
    " your points and whether the boards show you, what you offer or ask as a mentor or mentee, your"
    " requests and matches, whom you keep apart from and what you told the moderators of somebody,"
    " what you did as a moderator. No messages."
)
DELETED: Mapping[Traces, Text] = {
    Traces.NONE: _("Everything is erased."),
    Traces.SOME: _("Everything is deleted; the last traces in the database's files are being erased."),
    Traces.SERVER: _(
        "Everything is deleted. The database server may keep traces in files of its own until it writes over them;"
        " pmpath can no longer read them."
    ),
}
LEFT: Mapping[Traces, Text] = {
    Traces.NONE: _("There is nothing about you here."),
    Traces.SOME: _(
        "There is nothing about you here. Traces of what was deleted are still being erased from the database's files;"
        " pmpath keeps trying until none is left."
    ),
    Traces.SERVER: _(
        "There is nothing about you here. Of what was deleted the database server may keep traces in files of its own"
        " until it writes over them."
    ),
}

FROM_BEFORE = _("Copies made before an upgrade keep deleted data for up to 30 days; the last three are kept.")
COPIES: Mapping[Traces, Text] = {
    Traces.NONE: FROM_BEFORE,
    Traces.SOME: FROM_BEFORE,
    Traces.SERVER: _("Copies that are made of the database keep deleted data until whoever runs it drops them."),
}


@command(
    _("What is stored about you, and how long; export or delete it"),
    example="/pmpath privacy",
    aliases=("delete", "export", "隐私"),
)
async def privacy(ctx: Context) -> View:
    kept, stands = await ctx.store.read(look, ctx.me)
    body: list[Element] = [
        *((_left(ctx),) if kept == Kept() else ()),
        line(Bold(_("What")), WHAT),
        line(Bold(_("Why")), _(": to show you your result, and to let you stop and go on.")),
        line(
            Bold(_("How long")),
            _(
                ": until you delete it. If you do not come for 24 months, and then for 30 days more, it is erased;"
                " come in those 30 days, and Home says so once and it stays. An unfinished assessment is dropped after"
                " 90 days, what you were still choosing after 24 hours, a sent message after 7 days."
            ),
            _(" If pmpath is removed from here, all of it is kept 30 days, for a return, and then erased."),
        ),
        line(Bold(_("Who sees it")), _(": you. Nothing is shown to others unless you choose so.")),
        quiet(
            _(
                "What others told the moderators of you, and who keeps apart from you, is neither counted nor exported:"
                " it is confidential. It is deleted with you."
            )
        ),
        line(Bold(_("On the boards")), _(": {how}", how=on_boards(stands))),
        Fields(counts(kept)),
        quiet(_copies(ctx)),
    ]
    buttons = (
        Button(_("Export"), take_away(), Style.PRIMARY),
        *appearance.way(stands),
        Button(_("Delete all of mine"), ask(), Style.DANGER),
        Button(_("Home"), home.home()),
    )
    return Card(_("Privacy"), tuple(body), buttons)


@action("privacy.export", costly=True)
async def take_away(ctx: Context) -> View:
    """Everything that is stored about me in this community, as two files."""
    mine = await ctx.store.read(export.of_me, ctx.me)
    if mine is None:
        return _nothing(ctx)
    body: tuple[Element, ...] = (
        _("Everything that is stored about you in this community, and nothing of anybody else."),
        *export_files.files(ctx.content, ctx.language, ctx.now, mine),
        quiet(_("Your answers and what you wrote are in them: keep them to yourself.")),
    )
    return Card(_("Your data"), body, (Button(_("Privacy"), privacy()), Button(_("Home"), home.home())))


@action("privacy.ask")
async def ask(ctx: Context) -> View:
    """The exact effect with its counts, before anything is deleted."""
    kept = await ctx.store.read(members.kept, ctx.me)
    if kept == Kept():
        return _nothing(ctx)
    waits = bool(kept.matches or kept.requests)
    body: tuple[Element, ...] = (
        _("This deletes everything that is stored about you in this community, for good:"),
        Fields(counts(kept)),
        *((_("You also stop being a moderator that was named in the settings."),) if kept.moderator else ()),
        *((_("A tip of yours that moderators have taken over stays, without you."),) if kept.suggestions else ()),
        *((_("What you did as a moderator stays in the record, without your name."),) if kept.audit_lines else ()),
        *((_("A post of the boards that names you is taken back; people may have seen it."),) if kept.digests else ()),
        *((_("Who is matched with you, or waits for your answer, is told that you left; not who you were."),) * waits),
        *((_("What you reported and nobody has seen to yet stays, without you."),) if kept.reports else ()),
        *((_("What you shared is taken back from its channel; people may have seen it."),) if kept.shares else ()),
    )
    return Card(
        _("Delete all of mine?"),
        body,
        (Button(_("Delete for good"), delete(), Style.DANGER), Button(_("Keep it"), privacy())),
    )


@action("privacy.delete")
async def delete(ctx: Context) -> View:
    erased = await ctx.store.write(members.forget, ctx.me)
    if erased == Kept():
        return _nothing(ctx)
    traces = await ctx.store.scrubbed()
    body: tuple[Element, ...] = (DELETED[traces], Fields(counts(erased, gone=True)), quiet(_copies(ctx)))
    look = (Button(_("Is it erased?"), privacy()),) if traces is Traces.SOME else ()
    return Card(_("Deleted"), body, (*look, Button(_("Home"), home.home())))


def look(unit: Unit, me: Me) -> tuple[Kept, Appearance]:
    """How much is kept about me, and how I stand to the boards."""
    return members.kept(unit, me), appearances.mine(unit, me)


def on_boards(stands: Appearance) -> Text:
    """Whether others see me there, and where I do not decide it alone, why not."""
    if stands.on_boards:
        return _("shown, with your name and your points")
    if stands.shown and stands.left_out:
        return _("hidden, since moderators leave you out")
    return _("hidden until you get points here or open the leaderboard") if stands.shown else _("hidden")


def counts(kept: Kept, *, gone: bool = False) -> tuple[tuple[Text, Text], ...]:
    """How much there is, by kind, or was where it is `gone`."""
    there = _("deleted") if gone else _("kept")
    return (
        (_("Your name and language"), there if kept.known else _("not kept")),
        (_("Assessments"), plural("{count} run", "{count} runs", kept.runs)),
        (_("Answers"), plural("{count} answer", "{count} answers", kept.answers)),
        (_("Results"), plural("{count} result", "{count} results", kept.results)),
        (_("What you said of them"), plural("{count} opinion", "{count} opinions", kept.opinions)),
        (_("Shared with a channel"), plural("{count} post", "{count} posts", kept.shares)),
        (_("Unfinished choices"), plural("{count} draft", "{count} drafts", kept.drafts)),
        (_("Messages to you"), plural("{count} message", "{count} messages", kept.messages)),
        (_("Skills"), plural("{count} skill", "{count} skills", kept.skills)),
        (_("Resources done"), plural("{count} resource", "{count} resources", kept.resources)),
        (_("Where your users are"), plural("{count} region", "{count} regions", kept.regions)),
        (_("Your offer as a mentor"), there if kept.offers else _("not kept")),
        (_("What you ask of a mentor"), there if kept.asks else _("not kept")),
        (_("Requests of mentoring"), plural("{count} request", "{count} requests", kept.requests)),
        (_("Matches of mentor and mentee"), plural("{count} match", "{count} matches", kept.matches)),
        (_("Whom you keep apart from"), plural("{count} person", "{count} people", kept.kept_apart)),
        (_("What you told the moderators of others"), plural("{count} report", "{count} reports", kept.reports)),
        (_("An invitation to be a mentor"), there if kept.invitations else _("not kept")),
        (_("Tips done or put aside"), plural("{count} tip", "{count} tips", kept.tip_deeds)),
        (_("Tips you suggested"), plural("{count} tip", "{count} tips", kept.suggestions)),
        (_("Points"), plural("{count} entry", "{count} entries", kept.awards)),
        (_("Whether the boards show you"), there if kept.appearances else _("not kept")),
        (_("Posts of the boards that name you"), plural("{count} post", "{count} posts", kept.digests)),
        (_("What you did as a moderator"), plural("{count} deed", "{count} deeds", kept.audit_lines)),
    )


def _nothing(ctx: Context) -> Card:
    return Card(_("Nothing is stored"), (_left(ctx),), (Button(_("Home"), home.home()),))


def _left(ctx: Context) -> Text:
    """What is there of somebody of whom nothing is stored."""
    return LEFT[ctx.store.traces]


def _copies(ctx: Context) -> Text:
    return COPIES[ctx.store.traces]
