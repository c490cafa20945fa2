"""`/pmpath-mod resources hide`."""

from __future__ import annotations

from commands.kit.request import CommunityKey, Platform, Pressed
from storage import own_links
from tests.drivers.direct import DirectDriver


async def hidden(driver: DirectDriver) -> list[str]:
    assert driver.reply is not None
    return await driver.dispatcher.store.read(own_links.hidden, driver.reply.community)


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod resources hide")).lines == ["Only moderators of this community can do that."]


async def test_every_link_can_be_reached_by_pages_of_a_select(moderator: DirectDriver) -> None:
    card = await moderator.run("/pmpath-mod resources hide")
    offered = [*card.selects["link"]]
    while "More" in card.buttons:
        card = await moderator.press("More")
        offered += card.selects["link"]

    assert len(offered) == len(moderator.dispatcher.content.resources)
    assert offered == sorted(offered, key=str.casefold)


async def test_one_is_hidden_after_its_effect_was_confirmed_and_shown_again(
    chat: DirectDriver, moderator: DirectDriver
) -> None:
    card = await moderator.run("/pmpath-mod resources hide joyful pandas")
    assert card.title == "Hide this link?"
    assert "https://github.com/datawhalechina/joyful-pandas" in card.lines
    again = Pressed(moderator.wire(moderator.button("Hide it").press))
    await moderator.call(again)
    await moderator.call(again)
    assert await hidden(moderator) == ["joyful-pandas-zh"]
    assert "joyful-pandas" not in (await chat.run("/pmpath resources technical python")).text

    await moderator.run("/pmpath-mod resources hide joyful pandas")
    assert "Hidden already: joyful-pandas" in moderator.seen.lines
    await moderator.call(again)
    show = Pressed(moderator.wire(moderator.button("Show it again").press))
    assert (await moderator.call(show)).lines[0] == "In the lists again: joyful-pandas"
    await moderator.call(show)
    assert await hidden(moderator) == []
    assert "joyful-pandas" in (await chat.run("/pmpath resources technical python")).text


async def test_several_that_fit_are_offered_and_none_is_said(moderator: DirectDriver) -> None:
    card = await moderator.run("/pmpath-mod resources hide hugging face course")
    assert card.title in {"Hide a dead link", "Hide this link?"}
    card = await moderator.run("/pmpath-mod resources hide course")
    assert 1 < len(card.selects["link"]) <= 25

    card = await moderator.choose("link", card.selects["link"][0])
    assert card.title == "Hide this link?"
    assert (await moderator.press("Keep it")).title == "Hide a dead link"
    card = await moderator.run("/pmpath-mod resources hide xyzzy plugh")
    assert card.lines == ["No link here is called “xyzzy plugh”."]
    assert (await moderator.press("Choose from all")).title == "Hide a dead link"


async def test_what_was_made_up_is_refused(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod resources hide")
    forged = Pressed(moderator.wire(moderator.button("Home").press).replace("home", "resources.hide|made-up||0||"))

    assert (await moderator.call(forged)).lines == ["This resource is not in the list any more."]
    assert await hidden(moderator) == []


async def test_nothing_crosses_to_another_community(chat: DirectDriver, moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod resources hide joyful pandas")
    await moderator.press("Hide it")
    elsewhere = CommunityKey(Platform.WEB, "elsewhere", "Elsewhere")

    assert "joyful-pandas" in (await chat.other(community=elsewhere).run("/pmpath resources technical python")).text


async def test_our_own_link_is_hidden_and_gone_from_there_when_it_is_removed(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod resources add")
    await moderator.fill(title="Ours", address="https://example.org/", skill="sql", language="zh")
    await moderator.run("/pmpath-mod resources hide ours")
    await moderator.press("Hide it")
    await moderator.run("/pmpath-mod resources hide")
    assert {"1 hidden", "1 link of our own"} <= set(moderator.seen.buttons)

    await moderator.press("1 link of our own")
    await moderator.press("Remove")
    await moderator.press("Remove it")
    assert await hidden(moderator) == []


async def test_the_folders_name_alone_opens_its_commands(chat: DirectDriver, moderator: DirectDriver) -> None:
    card = await moderator.run("/pmpath-mod resources")

    assert card.title == "All about: /pmpath-mod resources"
    assert card.buttons == ["resources add", "resources hide", "Home"]
    assert (await moderator.press("resources hide")).title == "Hide a dead link"
    assert (await chat.run("/pmpath-mod resources")).lines == ["Only moderators of this community can do that."]


async def test_home_leads_a_moderator_to_it(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath home")

    assert {"setup", "resources add", "resources hide"} <= set((await moderator.press("Moderator tools")).buttons)
