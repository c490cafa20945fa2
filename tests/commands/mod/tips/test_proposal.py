"""The tip that closes what a community is most commonly missing."""

from __future__ import annotations

from commands.kit.request import CommunityKey, Platform, Pressed
from content.text import Language
from storage import tips
from storage.members import Me
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver


async def finish(chat: DirectDriver, uid: str) -> Me:
    """A member with a result, who ticks Python and SQL and knows little else."""
    member = chat.other(uid=uid, name=uid)
    await answer_all(member, {"background": [3, 7]}, letter="B")
    return await member.me()


async def fits(moderator: DirectDriver) -> list[str]:
    await moderator.run("/pmpath-mod tips queue")
    return (await moderator.press("What fits us now?")).lines


async def test_under_five_members_nothing_is_said_of_them(chat: DirectDriver, moderator: DirectDriver) -> None:
    for number in range(4):
        await finish(chat, f"m{number}")

    assert await fits(moderator) == [
        "I can't say yet what is commonly missing here: groups under 5 members are never shown."
    ]


async def test_the_commonest_gap_has_its_tip_and_says_why_and_joins_the_queue_once(
    chat: DirectDriver, moderator: DirectDriver
) -> None:
    for number in range(6):
        await finish(chat, f"m{number}")
    before = await fits(moderator)
    assert " is open for at least 5 members here." in before[0]
    await finish(chat, "m6")
    assert await fits(moderator) == before

    wire = moderator.wire(moderator.button("Put it in the queue").press)
    card = await moderator.press("Put it in the queue")
    assert card.lines[0] == "It stands at the end of the queue. Move it earlier if you like."
    again = await moderator.call(Pressed(wire))
    assert again.lines[0] == "It is in the queue already, or has gone out."
    (tip,) = await moderator.dispatcher.store.read(tips.queue, (await moderator.me()).community)
    assert set(tip.said) == set(Language)


async def test_nothing_of_another_community_is_counted(chat: DirectDriver, moderator: DirectDriver) -> None:
    elsewhere = chat.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))
    for number in range(5):
        await finish(elsewhere, f"m{number}")

    assert "groups under 5 members are never shown" in (await fits(moderator))[0]
