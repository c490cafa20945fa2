"""`/pmpath-mod resources add`."""

from __future__ import annotations

import pytest

from commands.kit.request import CommunityKey, Platform, Pressed
from commands.mod.resources.addresses import read_address
from content.resources import ADDRESS_MAX
from storage import own_links
from storage.own_links import OwnLink
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen

GUIDE = {
    "title": "Our labelling guide",
    "address": "https://wiki.example.org/labelling",
    "skill": "Labelling guidelines",
    "language": "en",
}


async def add(moderator: DirectDriver, **changes: str) -> Seen:
    await moderator.run("/pmpath-mod resources add")
    return await moderator.fill(**{**GUIDE, **changes})


async def links(driver: DirectDriver) -> list[OwnLink]:
    assert driver.reply is not None
    return await driver.dispatcher.store.read(own_links.of_community, driver.reply.community)


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod resources add")).lines == ["Only moderators of this community can do that."]


async def test_a_link_stands_in_the_list_for_everybody_here_marked_as_our_own(
    chat: DirectDriver, moderator: DirectDriver
) -> None:
    card = await add(moderator)
    assert card.title == "Added"
    assert "for Labelling guidelines · in English" in card.lines

    seen = await chat.run("/pmpath resources technical labelling guidelines")
    place = next(at for at, line in enumerate(seen.lines) if line.endswith(". Our labelling guide"))
    assert seen.lines[place + 1] == "added by your moderators · in English · for Labelling guidelines"
    assert GUIDE["title"] in (await moderator.press("See it in the list")).text


async def test_nothing_crosses_to_another_community(chat: DirectDriver, moderator: DirectDriver) -> None:
    await add(moderator)
    elsewhere = moderator.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))

    assert GUIDE["title"] not in (await elsewhere.run("/pmpath resources technical labelling guidelines")).text
    assert await links(elsewhere) == []
    await elsewhere.run("/pmpath-mod resources hide")
    assert "0 links of our own" in elsewhere.seen.buttons
    await elsewhere.run("/pmpath-mod resources hide labelling guide")
    assert elsewhere.seen.title != "Hide this link?"


async def test_what_is_wrong_is_said_field_by_field_and_what_was_written_is_kept(moderator: DirectDriver) -> None:
    card = await add(moderator, address="example.org/x", skill="lables")

    assert card.title == "Not saved yet"
    assert card.lines == [
        "An address begins with https:// or http://, then the name of the site.",
        "I know no skill “lables”. Did you mean: Labelling guidelines · Labelling quality?",
    ]
    assert await links(moderator) == []
    form = await moderator.press("Correct it")
    assert form.fields == {**GUIDE, "address": "example.org/x", "skill": "lables"}
    assert (await moderator.fill(**GUIDE)).title == "Added"


async def test_the_skill_is_understood_in_chinese_and_when_it_is_nearly_right(moderator: DirectDriver) -> None:
    for number, (typed, skill) in enumerate((("标注规范", "annotation-guidelines"), ("kubernets", "kubernetes"))):
        await add(moderator, skill=typed, address=f"https://example.org/{number}")
        assert (await links(moderator))[number].skill == skill


async def test_the_same_link_twice_is_there_once(moderator: DirectDriver) -> None:
    await add(moderator)

    card = await add(moderator, title="Another name")
    assert card.lines == ["This address is there for this skill already, as “Our labelling guide”."]
    assert [link.title for link in await links(moderator)] == ["Our labelling guide"]


async def test_what_everybodys_list_has_need_not_be_added(moderator: DirectDriver) -> None:
    resource = moderator.dispatcher.content.resources["g-mlcc"]
    card = await add(moderator, address=resource.address, skill=resource.skills[0])

    assert card.lines == ["This address is in everybody's list for this skill already."]


async def test_a_title_is_one_line_that_is_never_markup(chat: DirectDriver, moderator: DirectDriver) -> None:
    assert (await add(moderator, title=" \n ")).lines == ["A title has 1 to 80 characters."]
    await add(moderator, title="  **Ours** \n {outcome} <b> ")

    assert "**Ours** {outcome} <b>" in (await chat.run("/pmpath resources technical labelling guidelines")).text


async def test_a_link_is_removed_after_its_effect_was_confirmed_and_only_once(
    chat: DirectDriver, moderator: DirectDriver
) -> None:
    await add(moderator)
    await moderator.press("This community's own links")
    await moderator.press("Remove")
    assert moderator.seen.title == "Remove this link?"
    await moderator.press("Keep it")
    await moderator.press("Remove")
    card = await moderator.press("Remove it")

    assert card.lines == ["Removed: Our labelling guide", "This community has no links of its own yet."]
    assert GUIDE["title"] not in (await chat.run("/pmpath resources technical labelling guidelines")).text


async def test_another_communitys_link_can_not_be_removed(moderator: DirectDriver) -> None:
    await add(moderator)
    await moderator.press("This community's own links")
    remove = moderator.button("Remove").press
    elsewhere = moderator.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))
    await elsewhere.run("/pmpath-mod resources hide")
    assert elsewhere.reply is not None

    card = await elsewhere.call(Pressed(remove.wire(elsewhere.reply.community)))
    assert card.lines == ["This link was removed already."]
    assert len(await links(moderator)) == 1


async def test_many_links_come_in_pages(moderator: DirectDriver) -> None:
    for number in range(8):
        await add(moderator, title=f"Guide {number}", address=f"https://example.org/{number}")
    card = await moderator.press("This community's own links")
    assert sum(line.startswith("Guide ") for line in card.lines) == 6

    card = await moderator.press("More")
    assert [line for line in card.lines if line.startswith("Guide ")] == ["Guide 6", "Guide 7"]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "example.org",
        "ftp://example.org/x",
        "javascript:alert(1)",
        "https://",
        "https://ann:secret@example.org/",
        "https://ann@example.org/",
        "https://example.org/a b",
        'https://example.org/"x',
        "https://example.org/<x>",
        "https://example.org\\x",
        "https://[::1",
        "https://example.org:port/",
        "https://example.org/" + "a" * ADDRESS_MAX,
        "https://example.org/" + "(" * 120,
    ],
)
def test_an_address_that_would_harm_or_lead_nowhere_is_refused(written: str) -> None:
    assert read_address(written)[1] is not None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" https://example.org/a?b=c#d ", "https://example.org/a?b=c#d"),
        ("http://wiki/", "http://wiki/"),
        ("https://zh.wikipedia.org/wiki/机器学习_(学科)", "https://zh.wikipedia.org/wiki/机器学习_%28学科%29"),
        ("HTTPS://Example.org:8443/", "HTTPS://Example.org:8443/"),
    ],
)
def test_an_address_is_kept_as_it_was_written(written: str, kept: str) -> None:
    assert read_address(written) == (kept, None)
