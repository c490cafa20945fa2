"""How the communities of a database are, for `pmpath doctor`: what did not go out, why, and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.cli.finding import Finding, fine, wrong
from storage import wellbeing
from storage.errors import StoreError
from storage.look import read
from storage.wellbeing import Ailing, Counts, Wellbeing

PLACES: Mapping[str, str] = {"discord": "Discord server", "slack": "Slack workspace", "web": "rehearsal room"}
TROUBLES: Mapping[str, str] = {
    "no-right": "pmpath may not write in the tip channel. Let it see the channel and post there",
    "no-channel": "the tip channel is gone, or no longer seen. Choose another one in /pmpath-mod tips schedule",
    "archived": "the tip channel is archived. Choose another one in /pmpath-mod tips schedule",
    "too-late": "the platform refused the post, since its time was too near. The next one goes out as usual",
    "other": "the platform refused the post. See the log of that hour",
}
UNREACHED = "the platform could not be reached while the tip was worth posting. The next one goes out as usual"


async def examine(url: str) -> list[Finding]:
    """Nothing where the database can't be read, or has none: that is told already."""
    try:
        return list(_findings(await read(url, wellbeing.look)))
    except StoreError:
        return []


def _findings(found: Wellbeing) -> Iterator[Finding]:
    for counts in found.counts:
        yield fine(_counted(counts))
    for ailing in found.ailing:
        yield from _ails(ailing)
    if found.more:
        yield wrong(f"{found.more} more communities have posts that did not go out. Mend these first, and look again.")
    if found.closed:
        messages = "direct message was" if found.closed == 1 else "direct messages were"
        yield fine(f"{found.closed} {messages} refused; each is shown with its member's next private answer.")
    if found.offers_waiting:
        offers = "mentor's offer waits" if found.offers_waiting == 1 else "mentors' offers wait"
        yield fine(f"{found.offers_waiting} {offers} for moderators, who find them in /pmpath-mod mentors.")


def _counted(counts: Counts) -> str:
    place = PLACES.get(counts.platform, counts.platform)
    said = f"{counts.here} {place}{'' if counts.here == 1 else 's'}: {counts.tips_on} with a weekly tip"
    said += f", {counts.tips_paused} with a paused one" if counts.tips_paused else ""
    return said + (f"; {counts.left} removed the bot lately and will be erased" if counts.left else "") + "."


def _ails(community: Ailing) -> Iterator[Finding]:
    where = f"{PLACES.get(community.platform, community.platform)} “{community.name or 'without a name'}”"
    heard = f" {_told(community)}"
    for why, _channel in community.trouble:
        yield wrong(f"{where}: the last tip did not come; {TROUBLES.get(why, UNREACHED)}.{heard}")
    for error, count in () if community.trouble else community.given_up:
        posts = "post was" if count == 1 else "posts were"
        yield wrong(f"{where}: {count} {posts} given up lately; {TROUBLES.get(error, error or UNREACHED)}.{heard}")
    if community.uncertain:
        posts = "post" if community.uncertain == 1 else "posts"
        yield wrong(
            f"{where}: of {community.uncertain} {posts} nobody knows whether it is there. "
            f"A moderator says so under Moderator tools on Home.{heard}"
        )


def _told(community: Ailing) -> str:
    if community.told:
        people = "moderator is" if community.told == 1 else "moderators are"
        return f"{community.told} {people} told by direct message."
    named = "" if community.named else ", nor named any moderator"
    return f"Nobody there switched Tell me here on{named}: they find it on Home only."
