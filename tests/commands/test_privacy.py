"""`/pmpath privacy`."""

from __future__ import annotations

from pathlib import Path

from commands.kit.request import Pressed
from storage import members
from storage.members import Kept, Me
from tests.drivers.assessment import answer_all, open_questions
from tests.drivers.direct import DirectDriver


async def kept(chat: DirectDriver, uid: str) -> Kept:
    assert chat.reply is not None
    return await chat.dispatcher.store.read(members.kept, Me(chat.reply.community, uid, ""))


async def test_it_says_what_why_and_how_long_with_counts(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")

    card = await chat.run("/pmpath privacy")

    assert [line.split(":")[0] for line in card.lines[:4]] == ["What", "Why", "How long", "Who sees it"]
    assert "Results: 1 result" in card.lines


async def test_nothing_is_deleted_before_the_exact_effect_was_confirmed(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")
    await chat.run("/pmpath privacy")

    card = await chat.press("Delete all of mine")

    assert card.title == "Delete all of mine?"
    assert "Assessments: 1 run" in card.lines
    assert (await kept(chat, chat.uid)).results == 1
    assert (await chat.press("Keep it")).title == "Privacy"


async def test_delete_erases_all_of_mine_and_nothing_of_others(chat: DirectDriver) -> None:
    other = chat.other(uid="u2", name="Bob")
    await answer_all(other, {}, letter="A")
    await answer_all(chat, {}, letter="A")
    await chat.run("/pmpath privacy")
    await chat.press("Delete all of mine")

    card = await chat.press("Delete for good")

    assert card.lines[0] == "Everything is erased."
    assert await kept(chat, chat.uid) == Kept()
    assert (await kept(chat, "u2")).results == 1
    assert (await chat.run("/pmpath result")).title == "Not this time"


async def test_deleting_twice_finds_nothing(chat: DirectDriver) -> None:
    await open_questions(chat)
    await chat.run("/pmpath privacy")
    await chat.press("Delete all of mine")
    again = Pressed(chat.wire(chat.button("Delete for good").press))
    await chat.call(again)

    assert (await chat.call(again)).title == "Nothing is stored"


async def test_who_only_chose_a_language_is_told_of_it_and_can_delete_it(chat: DirectDriver) -> None:
    await chat.run("/pmpath language 中文")

    assert "你的名字和语言：有" in (await chat.run("/pmpath privacy")).lines
    await chat.press("删除我的全部信息")
    assert (await chat.press("永久删除")).title == "Deleted"
    assert (await chat.run("/pmpath language")).lines[0] == "I speak the language of your app."


async def test_who_only_looked_around_is_not_stored(chat: DirectDriver) -> None:
    for command in ("", "help", "track business", "resources", "result", "privacy", "language"):
        await chat.run(f"/pmpath {command}".strip())

    assert chat.reply is not None
    assert await chat.dispatcher.store.read(members.find, Me(chat.reply.community, chat.uid, "")) is None


async def test_an_old_card_after_erasure_says_that_it_is_not_mine(chat: DirectDriver) -> None:
    await open_questions(chat)
    old = Pressed(chat.wire(chat.button("A").press))
    await chat.run("/pmpath privacy")
    await chat.press("Delete all of mine")
    await chat.press("Delete for good")

    assert (await chat.call(old)).lines == ["This card isn't yours. Open your own with /pmpath start."]


async def test_no_byte_of_the_members_id_or_name_is_left(chat: DirectDriver, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        return  # PostgreSQL's own files keep dead rows until VACUUM; docs/operate.md says so
    member = chat.other(uid="uid-Xq7Zr9", name="Zephyrine Quill")
    await answer_all(member, {}, letter="A")
    await member.run("/pmpath privacy")
    await member.press("Delete all of mine")
    await member.press("Delete for good")

    path = Path(database_url.removeprefix("sqlite:///"))
    for file in path.parent.glob(f"{path.name}*"):
        assert b"uid-Xq7Zr9" not in file.read_bytes()
        assert b"Zephyrine" not in file.read_bytes()
