"""`/pmpath language`."""

from __future__ import annotations

from tests.drivers.direct import DirectDriver


async def test_it_says_what_holds_and_offers_both_and_the_apps(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath language")

    assert card.lines[0] == "I speak the language of your app."
    assert card.buttons == ["English", "中文", "As in my app", "Home"]


async def test_the_apps_language_is_spoken_until_another_is_chosen(chat: DirectDriver) -> None:
    member = chat.other(locale="zh-CN")
    assert (await member.run("/pmpath home")).buttons[0] == "开始测评"

    await member.run("/pmpath language English")
    assert (await member.run("/pmpath home")).buttons[0] == "Start the assessment"


async def test_a_press_answers_in_the_new_language_at_once(chat: DirectDriver) -> None:
    await chat.run("/pmpath language")

    card = await chat.press("中文")

    assert card.title == "语言"
    assert card.lines[0] == "我对你说中文。"


async def test_as_in_my_app_forgets_the_choice(chat: DirectDriver) -> None:
    await chat.run("/pmpath language 中文")

    card = await chat.press("跟随我的应用")

    assert card.lines[0] == "I speak the language of your app."


async def test_each_member_has_a_language_of_their_own(chat: DirectDriver) -> None:
    await chat.run("/pmpath language 中文")

    assert (await chat.other(uid="u2").run("/pmpath")).buttons[0] == "Start the assessment"


async def test_an_unknown_locale_gets_the_communitys_language(chat: DirectDriver) -> None:
    await chat.other(uid="first", locale="zh-TW").run("/pmpath")

    assert (await chat.other(uid="u2", locale="fr").run("/pmpath")).buttons[0] == "开始测评"
