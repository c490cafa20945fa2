"""`pmpath doctor --member`: why can't this person do that; from what is kept, and nothing is asked of the platform."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial

import typer

import commands
from bot.cli.communities import PLACES
from bot.cli.finding import Finding, fine, wrong
from bot.cli.stop import WRONG, stop
from bot.cli.wanted import wanted
from bot.settings import Settings
from commands.kit.discover import discover
from commands.kit.request import Platform
from content.text import Language
from storage import one_person
from storage.errors import StoreError
from storage.look import read
from storage.mentor_states import Approval, Paused, Reach
from storage.offers import Offer
from storage.one_person import OnePerson
from storage.outbox_states import CLOSED, DEAD, WAITING
from storage.schedules import PAUSED

LANGUAGES: Mapping[Language, str] = {Language.EN: "English", Language.ZH: "Chinese"}
ADMINS: Mapping[str, str] = {
    "discord": "Manage Server makes a moderator",
    "slack": "being an admin or owner of the workspace makes a moderator",
    "web": "the rehearsal room's Ada is its moderator",
}
PAUSES: Mapping[Paused, str] = {
    Paused.SELF: "they paused it themselves; /pmpath mentor mine goes on",
    Paused.SILENCE: "requests ended in silence; they go on with /pmpath mentor mine",
    Paused.MODERATORS: "a moderator paused it; /pmpath-mod mentors goes on",
}


def explain(settings: Settings, member: str, command: str | None) -> None:
    """Prints what is found of them; ends with 1 where something keeps them from what they want."""
    platform, ext_id, uid = _person(member)
    url = settings.sandbox_url if platform is Platform.WEB else settings.database_url
    try:
        found = asyncio.run(read(url, partial(one_person.look, platform=platform.value, ext_id=ext_id, uid=uid)))
    except StoreError as error:
        stop(error.sentence)
    findings = list(_findings(settings, found, uid, command))
    for finding in findings:
        typer.echo(finding.line)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(WRONG)


def _person(member: str) -> tuple[Platform, str, str]:
    platform, community, uid = (*member.split(":", 2), "", "")[:3]
    if platform not in set(Platform) or not community or not uid:
        stop(f"--member {member}: expected discord:SERVER:USER, slack:WORKSPACE:USER or web:sandbox:PERSON.")
    return Platform(platform), community, uid


def _findings(settings: Settings, found: OnePerson | None, uid: str, command: str | None) -> Iterator[Finding]:
    if found is None:
        yield wrong(
            "That community is not known here. Somebody there has to open /pmpath once; if nobody can, the bot "
            "is not there: see pmpath invite discord and pmpath manifest slack, or the database is another one."
        )
        return
    place = PLACES[found.community.platform]
    if found.community.left:
        yield wrong(f"This {place} has removed the bot, and nothing is sent there. Bring it in again.")
    rule = _moderates(settings, found, uid)
    yield from _who(found, rule)
    yield from _reached(found)
    yield from _boards(found)
    if found.offer is not None:
        yield _offer(found.offer)
    yield from _tips(found)
    if command is not None:
        yield from wanted(discover(commands), command, found, moderates=rule is not None)


def _moderates(settings: Settings, found: OnePerson, uid: str) -> str | None:
    """By which rule they surely are a moderator."""
    here = found.community
    if any(
        (each.platform, each.community, each.uid) == (here.platform, here.ext_id, uid) for each in settings.moderators
    ):
        return "PMPATH_MODERATORS names them"
    return "the community's settings name them" if uid in here.people else None


def _who(found: OnePerson, rule: str | None) -> Iterator[Finding]:
    place, here, member = PLACES[found.community.platform], found.community, found.member
    if member is None:
        yield fine(
            "Nothing is kept about them: they have not opened pmpath here yet, or deleted their data. "
            "Is it the right id? Platforms show it with developer mode (Discord) or Copy member ID (Slack)."
        )
    else:
        chosen = (
            "by their choice" if member.language else "as their app speaks" if member.app_language else "as all here"
        )
        language = member.language or member.app_language or here.language
        result = "has a result" if found.has_result else "has no result yet"
        yield fine(f"A member of this {place}, who {result} and reads {LANGUAGES[language]}, {chosen}.")
    if rule is not None:
        yield fine(f"A moderator: {rule}.")
        return
    roles = len(here.roles)
    named = f", and so does any of the {roles} roles that its settings name" if roles else ""
    yield fine(
        f"No setting makes them a moderator. On their side {ADMINS[here.platform]}{named}; pmpath sees that only when "
        "they ask. Otherwise name them in /pmpath-mod settings or PMPATH_MODERATORS."
    )


def _reached(found: OnePerson) -> Iterator[Finding]:
    closed, dead, waiting = (found.messages.get(state, 0) for state in (CLOSED, DEAD, WAITING))
    if closed:
        yield wrong(
            f"Their direct messages are closed: {closed} could not arrive, and {'is' if closed == 1 else 'are'} shown "
            "with their next private answer. Their privacy settings allow direct messages from this server or app."
        )
    if dead:
        were = "message to them was" if dead == 1 else "messages to them were"
        yield wrong(f"{dead} {were} given up ({found.given_up or 'no reason kept'}). They see all on Home.")
    if waiting:
        wait = "message to them waits" if waiting == 1 else "messages to them wait"
        yield fine(f"{waiting} {wait} for a turn; they are paced.")


def _boards(found: OnePerson) -> Iterator[Finding]:
    stands = found.appearance
    if stands.left_out:
        yield wrong("On no board: moderators left them out. /pmpath-mod settings takes that back.")
    elif stands.shown is None:
        yield fine("On no board: they have not said yet whether they want to. /pmpath leaderboard asks.")
    elif not stands.shown:
        yield fine("On no board: they hid themselves. /pmpath leaderboard shows them again.")
    elif stands.away:
        yield wrong("On no board: the platform said that they had left. What they do here next brings them back.")
    else:
        yield fine("On the boards, as far as they have points.")


def _offer(offer: Offer) -> Finding:
    if offer.listed:
        free = "with free places" if offer.places.free > 0 else "but has no free place, and is shown as busy"
        return fine(f"Their offer as a mentor is listed, {free}.")
    return wrong(f"Their offer as a mentor is not listed: {_unlisted(offer)}.")


def _unlisted(offer: Offer) -> str:
    if offer.approval is Approval.WAITING:
        return "moderators have not agreed yet; they find it in /pmpath-mod mentors"
    if offer.approval is Approval.REMOVED:
        return "moderators took it down; /pmpath-mod audit undoes that for 30 days"
    if offer.paused is not None:
        return PAUSES[offer.paused]
    if offer.reach is Reach.ASKED:
        return "the message that proves that requests arrive has not gone out yet. Is the surface connected?"
    return "their direct messages are closed. They open them, and press Try again in /pmpath mentor offer"


def _tips(found: OnePerson) -> Iterator[Finding]:
    if not found.schedules:
        yield fine("No weekly tip goes out here: nobody switched one on. /pmpath-mod setup does.")
    for each in found.schedules:
        if each.trouble is not None:
            yield wrong(
                "The last weekly tip did not come. pmpath doctor says why, and so does /pmpath-mod tips schedule."
            )
        elif each.state == PAUSED:
            yield fine("The weekly tip is paused. /pmpath-mod tips schedule goes on.")
        else:
            yield fine(f"The weekly tip is on; the next is due {each.next_at:%Y-%m-%d %H:%M} UTC.")
