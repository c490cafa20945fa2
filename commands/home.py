"""`/pmpath home`: where you stand, and the next best step; Slack's App Home is this card."""

from __future__ import annotations

from dataclasses import replace

from commands import (
    community,
    help,
    language,
    leaderboard,
    plan,
    privacy,
    resources,
    result,
    start,
    track,
    verdict_card,
)
from commands.kit import group
from commands.kit.command import action, command
from commands.kit.request import Context, Platform
from commands.kit.view import Button, Card, Divider, Element, Style, View, quiet
from commands.mentor import invited, passed_by
from commands.mod import notes, posts
from content.scoring import Ask, next_step
from content.text import At, DateStyle, Language, Text, _, plural, verbatim
from storage import attention, fading, members, results, runs
from storage.attention import Attention
from storage.runs import Run


@command(_("Where you stand, and the next best step"), example="/pmpath")
async def home(ctx: Context) -> View:
    run = await ctx.store.read(runs.open_run, ctx.me)
    latest = await ctx.store.read(results.latest, ctx.me)
    body: list[Element] = [
        *await _back(ctx),
        _("Business, platform, technical or hybrid: which kind of AI product management fits you, and what next?"),
    ]
    buttons = []
    if run is not None and run.answers:
        body.append(_("You are in the middle of the assessment. {more}", more=_more(ctx, run)))
        buttons.append(Button(_("Continue"), start.start(), Style.PRIMARY))
    if latest is not None:
        body.append(_("Your result: {result}", result=verdict_card.label(latest)))
        step = await plan.next_step(ctx)
        buttons.append(Button(_("My result"), result.result(), Style.PLAIN if step else Style.PRIMARY))
        if step is not None:
            body.append(step)
            buttons.append(Button(_("My plan"), plan.plan(None), Style.PRIMARY))
    if not buttons:
        body.append(_("Start with the assessment: two minutes, private, stop and go on at any time."))
        buttons.append(Button(_("Start the assessment"), start.start(), Style.PRIMARY))
    passed = await passed_by.said(ctx)
    body += [passed] if passed else []
    said, ways = await invited.on_home(ctx)
    body += said
    buttons += ways
    waits = await _waits(ctx) if ctx.moderator else Attention()
    return Card(_("pmpath"), (*body, *_moderating(ctx, waits)), (*buttons, *_always(ctx, waits)))


@action("home.speak")
async def speak(ctx: Context, language: Language) -> View:
    """The quiet 中文 / English button: Home in that language, from now on."""
    await ctx.store.write(members.set_language, ctx.me, language)
    view: View = await home.action.handler(replace(ctx, language=language, goes_at=None))  # said when Home is opened
    return view


async def _back(ctx: Context) -> tuple[Text, ...]:
    """Once, to who was away for years."""
    if ctx.goes_at is None:
        return ()
    await ctx.store.write(fading.stay, ctx.me)
    day = At(ctx.goes_at, DateStyle.DATE)
    away = _(
        "You were away for 24 months. Everything about you would have been erased on {date}; now it stays.", date=day
    )
    return (away,)


async def _waits(ctx: Context) -> Attention:
    """What waits for moderators, without the notes that say nothing true any more."""
    found = await ctx.store.read(attention.of_community, ctx.community.id)
    return replace(found, notes=found.notes - await notes.outdated(ctx)) if found.notes else found


def _more(ctx: Context, run: Run) -> Text:
    bank = ctx.content.questionnaires.get(run.bank_version)
    step = next_step(bank, run.answers) if bank else None
    if isinstance(step, Ask):
        return plural("About {count} more.", "About {count} more.", step.about_more + 1)
    return _("Your result is ready.")


def _moderating(ctx: Context, waits: Attention) -> tuple[Element, ...]:
    if not ctx.moderator:
        return ()
    shows = (
        _("To show it to your moderators: Server settings → Integrations → pmpath.")
        if ctx.platform is Platform.DISCORD
        else _("Only moderators see this part.")
    )
    read = (plural("{count} note for moderators.", "{count} notes for moderators.", waits.notes),)
    look = (plural("{count} post of mine needs a look.", "{count} posts of mine need a look.", waits.posts),)
    tools = _("Moderator tools: /pmpath-mod setup, or the button here.")
    return (Divider(), *(read if waits.notes else ()), *(look if waits.posts else ()), tools, quiet(shows))


def _always(ctx: Context, waits: Attention) -> tuple[Button, ...]:
    other = Language.EN if ctx.language is Language.ZH else Language.ZH
    moderator = (Button(_("Moderator tools"), group.moderators(None)),) if ctx.moderator else ()
    read = (Button(_("Read the notes"), notes.look(0)),) if waits.notes else ()
    look = (Button(_("Look at them"), posts.look()),) if waits.posts else ()
    return (
        Button(_("The tracks"), track.track(None)),
        Button(_("Learning resources"), resources.resources(None)),
        Button(_("Leaderboard"), leaderboard.leaderboard(None, None)),
        Button(_("This community"), community.community()),
        Button(_("All commands"), help.help()),
        Button(_("Language"), language.language(None)),
        Button(_("Privacy"), privacy.privacy()),
        *moderator,
        *read,
        *look,
        Button(verbatim(other.label), speak(other)),
    )
