"""`/pmpath privacy`."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.pictures.studio import Pictures
from commands import export_files, export_page, export_points, export_tips
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.request import Pressed
from commands.kit.view import File
from commands.missing import PLACES
from content.load import Content
from content.mentoring import Concern
from content.outcomes import Outcome
from content.points import Deed as Points
from content.text import Language
from storage import (
    appearances,
    awards,
    export,
    learning,
    members,
    mentor_reports,
    not_with,
    requests,
    scrubbing,
    sessions,
    tips,
)
from storage.audit import Deed
from storage.export import hanging
from storage.members import Kept, Me
from storage.store import Store, Traces
from storage.tables import digest_line
from storage.tips import Written
from storage.unit import Unit
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers import markup
from tests.drivers.assessment import answer_all, open_questions
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import own_tip, tip_out
from tests.storage import mentoring, whole_member
from tests.storage.test_scrubbing import reader, until_clean


async def kept(chat: DirectDriver, uid: str) -> Kept:
    assert chat.reply is not None
    return await chat.dispatcher.store.read(members.kept, Me(chat.reply.community, uid, ""))


async def test_it_says_what_why_and_how_long_with_counts(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")

    card = await chat.run("/pmpath privacy")

    assert [line.split(":")[0] for line in card.lines[:4]] == ["What", "Why", "How long", "Who sees it"]
    assert "Results: 1 result" in card.lines
    assert "removed from here, all of it is kept 30 days" in card.lines[2]


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

    on_a_server = chat.dispatcher.store.traces is Traces.SERVER  # PostgreSQL: not more is said than is so
    said = "Everything is deleted. The database server may keep traces" if on_a_server else "Everything is erased."
    assert card.lines[0].startswith(said)
    assert card.lines[1] == "Your name and language: deleted"
    assert await kept(chat, chat.uid) == Kept()
    assert (await kept(chat, "u2")).results == 1
    assert (await chat.run("/pmpath result")).title == "Not this time"


async def test_what_was_learned_is_counted_too(chat: DirectDriver) -> None:
    await open_questions(chat)
    me = await chat.me()
    await chat.dispatcher.store.write(learning.set_had, me, ["sql", "python"], ["sql", "python"], ["cn"])
    await chat.dispatcher.store.write(learning.set_resource, me, "peft", done=True)

    card = await chat.run("/pmpath privacy")
    assert card.lines[-17:-14] == ["Skills: 2 skills", "Resources done: 1 resource", "Where your users are: 1 region"]


async def did_with_tips(chat: DirectDriver) -> None:
    """A tip done, a tip put aside, two suggested of which one was taken over, and a deed as a moderator."""
    await press(chat, "tips.done", await tip_out(chat, "p-one-page"))
    await press(chat, "tips.plan", await tip_out(chat, await own_tip(chat, en=("Theirs", "A text. " * 20))))
    me = await chat.me()
    for title in ("Mine to keep", "Mine to lose"):
        written = Written(Outcome.PLATFORM, {Language.EN: (title, "Do it today.")}, "https://example.org/")
        made = await chat.dispatcher.store.write(tips.suggest, me, written)
        assert isinstance(made, int)
        if title == "Mine to keep":
            await chat.dispatcher.store.write(tips.approve, Me(me.community, "mod", "Mo"), made, 0)


async def test_what_was_done_with_tips_is_counted_exported_and_erased(chat: DirectDriver) -> None:
    await did_with_tips(chat)
    card = await chat.run("/pmpath privacy")
    assert card.lines[-7:-1] == [
        "Tips done or put aside: 2 tips",
        "Tips you suggested: 2 tips",
        "Points: 1 entry",
        "Whether the boards show you: not kept",
        "Posts of the boards that name you: 0 posts",
        "What you did as a moderator: 1 deed",
    ]

    files = await exported(chat)
    said = json.loads(files["pmpath-export.json"])
    assert [each["deed"] for each in said["tips"]] == ["planned", "done"]
    assert [each["title_en"] for each in said["suggestions"]] == ["Mine to keep", "Mine to lose"]
    page = files["pmpath-export.html"].decode()
    for words in ("One model's line", "put aside", "Mine to lose: Do it today.", "in the queue", "added a tip"):
        assert words in html.unescape(page)

    await chat.run("/pmpath privacy")
    card = await chat.press("Delete all of mine")
    assert "A tip of yours that moderators have taken over stays, without you." in card.lines
    assert "What you did as a moderator stays in the record, without your name." in card.lines
    await chat.press("Delete for good")
    assert await kept(chat, chat.uid) == Kept()
    titles = [each.said[Language.EN][0] for each in await chat.dispatcher.store.read(tips.queue, 1)]
    assert "Mine to keep" in titles
    assert await chat.dispatcher.store.read(tips.suggestions, 1) == []


async def test_the_page_names_what_was_done_with_tips_in_chinese(chat: DirectDriver) -> None:
    await chat.run("/pmpath language zh")
    await did_with_tips(chat)
    page = (await exported(chat))["pmpath-export.html"].decode()

    for words in ("一个模型，一页流水线", "先放着", "等版主决定", "平台型", "添加了一招"):
        assert words in page


async def stand_on_boards(chat: DirectDriver) -> None:
    """A member with points of every kind that a member can get alone, shown, and named in a post of the boards."""
    await answer_all(chat, {}, letter="A")
    await press(chat, "tips.done", await tip_out(chat, "p-one-page"))
    await press(chat, "plan.finished", Outcome.PLATFORM, "mlops", form=True, said="a served version")
    await chat.run("/pmpath resources technical")
    await chat.choose("done", chat.seen.selects["done"][0])
    store, me = chat.dispatcher.store, await chat.me()
    await store.write(appearances.show, me)

    def more(unit: Unit) -> None:
        member_id = members.ensure(unit, me)
        awards.take_back(unit, awards.adjust(unit, member_id, -2, "for nothing") or 0)
        unit.execute(digest_line.insert().values(outbox_id=7, member_id=member_id, rank=4, points=29))

    await store.write(more)


async def test_points_and_the_boards_are_counted_exported_as_sentences_and_erased(chat: DirectDriver) -> None:
    await stand_on_boards(chat)
    card = await chat.run("/pmpath privacy")
    assert "On the boards: shown, with your name and your points" in card.lines
    assert card.lines[-5:-2] == [
        "Points: 7 entries",
        "Whether the boards show you: kept",
        "Posts of the boards that name you: 1 post",
    ]

    files = await exported(chat)
    said = json.loads(files["pmpath-export.json"])
    assert said["points"][0] | {"id": 1} == {
        "id": 1,
        "deed": "assessment",
        "key": "first",
        "outcome": None,
        "points": 20,
        "day": "2026-11-23",
        "reason": None,
        "at": "2026-11-23T09:00:00+00:00",
    }
    assert said["weekly_points"] == [{"week": "2026-W48", "used": 6, "most": 25}]
    assert said["boards"][0]["shown"] is True
    assert {"board": "all", "season": "ever", "points": 29} in said["standings"]
    assert said["digests"] == [{"points": 29}]
    page = html.unescape(files["pmpath-export.html"].decode())
    for words in (
        "<td>a first assessment finished</td><td>–</td><td>–</td><td>20</td>",
        "<td>what came of a step</td><td>MLOps</td><td>Platform</td><td>4</td>",
        f"<td>a weekly tip done</td><td>{chat.dispatcher.content.tips['p-one-page'].title.en}</td><td>Platform</td>",
        "<td>corrected by moderators</td><td>–</td><td>–</td><td>-2</td><td>for nothing</td>",
        "<td>2026-W48</td><td>6</td><td>25</td>",
        "<dt>What I chose</dt><dd>shown</dd>",
        "<td>All points</td><td>Ever</td><td>29</td>",
        "<tr><td>29</td></tr>",
    ):
        assert words in page

    await chat.run("/pmpath privacy")
    card = await chat.press("Delete all of mine")
    assert "Points: 7 entries" in card.lines
    assert "A post of the boards that names you is taken back; people may have seen it." in card.lines
    await chat.press("Delete for good")
    assert await kept(chat, chat.uid) == Kept()


async def test_privacy_says_why_somebody_who_wants_to_be_shown_is_hidden(chat: DirectDriver) -> None:
    store = chat.dispatcher.store
    assert "On the boards: hidden" in (await chat.run("/pmpath privacy")).lines
    await store.write(appearances.show, await chat.me())
    await store.write(appearances.looked_for, 1, [], [chat.uid])
    hidden = "On the boards: hidden until you get points here or open the leaderboard"
    assert hidden in (await chat.run("/pmpath privacy")).lines
    await store.write(appearances.leave_out, 1, [chat.uid])
    assert "On the boards: hidden, since moderators leave you out" in (await chat.run("/pmpath privacy")).lines
    await store.write(appearances.hide, await chat.me())
    assert "On the boards: hidden" in (await chat.run("/pmpath privacy")).lines


async def mentored(chat: DirectDriver) -> DirectDriver:
    """A mentor of the member's: asked, matched, one meeting confirmed by both, a thumb, and a report of theirs."""
    store, me = chat.dispatcher.store, await chat.me()
    other = chat.other(uid="u-mentor", name="Mentor Somebody")
    offer = await mentoring.mentor(store, await other.me(), replace(mentoring.TERMS, words="My note"))
    await mentoring.mentee(store, me)
    asked = await store.write(requests.ask, me, offer.id, ["kubernetes"])
    assert isinstance(asked, requests.Asked)
    match = await store.write(requests.accept, await other.me(), asked.request)
    assert isinstance(match, int)
    for each in (me, await other.me()):
        await store.write(sessions.met, each, "UTC", match)
    await store.write(sessions.thumb, me, match, up=True)
    await store.write(mentor_reports.add, me, offer.member, Concern.SELLING, "Sold *courses*")
    await store.write(not_with.keep_apart, (await store.write(members.ensure, me)), offer.member)
    return other


@pytest.mark.parametrize("language", list(Language))
async def test_mentoring_is_counted_exported_from_ones_own_side_and_erased(
    chat: DirectDriver, content: Content, language: Language
) -> None:
    other = await mentored(chat)
    card = await chat.run("/pmpath privacy")
    assert card.lines[-14:-7] == [
        "Your offer as a mentor: not kept",
        "What you ask of a mentor: kept",
        "Requests of mentoring: 1 request",
        "Matches of mentor and mentee: 1 match",
        "Whom you keep apart from: 1 person",
        "What you told the moderators of others: 1 report",
        "An invitation to be a mentor: not kept",
    ]
    for each in (chat, other):
        await each.run(f"/pmpath language {language.value}")
    files, theirs = await exported(chat), await exported(other)
    mine, his = (html.unescape(each["pmpath-export.html"].decode()) for each in (files, theirs))
    say = {Language.EN: ("18:00 to 21:00", "Sold *courses*"), Language.ZH: ("18:00 至 21:00", "Sold *courses*")}
    for words in (*say[language], content.catalogue.say(content.skills["kubernetes"].name, language)):
        assert words in mine
    assert "My note" in his
    for words in ("Sold *courses*", "u-mentor", "Mentor Somebody", chat.name):
        assert (words in his) == (words in {"u-mentor", "Mentor Somebody"}), words
        assert (words in mine) == (words in {"Sold *courses*", chat.name}), words
    assert json.loads(theirs["pmpath-export.json"])["reports_made"] == []

    await chat.run("/pmpath language en")
    await chat.run("/pmpath privacy")
    card = await chat.press("Delete all of mine")
    assert "What you reported and nobody has seen to yet stays, without you." in card.lines
    assert "Who is matched with you, or waits for your answer, is told that you left; not who you were." in card.lines
    await chat.press("Delete for good")
    assert await kept(chat, chat.uid) == Kept()
    assert (await kept(chat, other.uid)).matches == 0


def test_every_line_of_the_ledger_has_words_on_the_page() -> None:
    assert export_points.DEEDS.keys() == {*Points, awards.ADJUSTED, awards.TAKEN_BACK}


def test_every_deed_of_a_moderator_has_words_on_the_page() -> None:
    assert export_tips.DEEDS.keys() == {deed.value for deed in Deed}


async def exported(chat: DirectDriver) -> dict[str, bytes]:
    await chat.run("/pmpath privacy")
    await chat.press("导出" if chat.seen.title == "隐私" else "Export")
    return {each.name: each.content for each in chat.elements if isinstance(each, File)}


async def test_export_gives_everything_as_json_the_same_bytes_each_time(chat: DirectDriver) -> None:
    await answer_all(chat, {"background": [1, 5]}, letter="A")
    await chat.run("/pmpath resources technical")
    await chat.choose("done", chat.seen.selects["done"][0])
    files = await exported(chat)

    said = json.loads(files["pmpath-export.json"])
    assert list(said) == ["exported_at", "community", "member", "named_moderator", *export_files.NAMES.values()]
    assert said["exported_at"] == "2026-11-23T09:00:00+00:00"
    assert (said["member"]["name"], said["member"]["uid"]) == (chat.name, chat.uid)
    assert len(said["assessments"]) == len(said["results"]) == len(said["resources"]) == 1
    assert next(answer["choice"] for answer in said["answers"] if answer["item"] == "background")
    assert said["results"][0]["summary"]["outcome"] == said["results"][0]["outcome"]
    assert (await exported(chat))["pmpath-export.json"] == files["pmpath-export.json"]


@pytest.mark.parametrize("language", list(Language))
async def test_export_gives_a_page_in_words_that_needs_nothing_from_elsewhere(
    chat: DirectDriver, content: Content, language: Language
) -> None:
    await chat.run(f"/pmpath language {language.value}")
    await answer_all(chat, {"background": [1, 5]}, letter="A")
    page = (await exported(chat))["pmpath-export.html"].decode()
    item = content.questionnaire.item("background")

    tree = markup.parse(page.partition("\n")[2])
    for text in (item.text, item.options[1].text, item.options[5].text):
        assert content.catalogue.say(text, language) in tree.text
    assert not [each.id for each in content.questionnaire.items if f">{each.id}<" in page]
    assert not tree.find("script", "link", "img", "iframe")
    assert not re.search(r" (?:src|href)=|url\(", page)
    other = item.text.en if language is Language.ZH else item.text.zh
    assert other is not None
    assert other not in page


async def test_what_a_person_wrote_is_escaped_in_the_page(chat: DirectDriver) -> None:
    member = chat.other(name="<script>alert(1)</script>")
    await open_questions(member)
    page = (await exported(member))["pmpath-export.html"].decode()

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_every_place_where_users_may_be_is_named_in_the_readers_language(chat: DirectDriver) -> None:
    await chat.run("/pmpath language zh")
    await chat.dispatcher.store.write(learning.set_had, await chat.me(), [], [], PLACES)
    page = (await exported(chat))["pmpath-export.html"].decode()

    assert "<p>中国大陆, 其他地区, 欧盟, 美国</p>" in page


async def test_a_run_of_a_bank_that_is_gone_is_exported_by_its_ids(chat: DirectDriver, content: Content) -> None:
    await open_questions(chat)
    chat.dispatcher.content = replace(content, questionnaires={})

    found = await chat.dispatcher.store.read(export.of_me, await chat.me())
    assert found is not None
    page = export_page.page(chat.dispatcher.content, Language.EN, dt.datetime.now(dt.UTC), found)
    assert ">background<" in page


async def test_whatever_stands_in_the_rows_the_page_can_be_written(chat: DirectDriver, content: Content) -> None:
    await chat.run("/pmpath privacy")
    me = await chat.me()
    await chat.dispatcher.store.write(whole_member.fill, me)

    files = await exported(chat)
    for table in hanging():
        assert whole_member.mark(me) in files["pmpath-export.json"].decode(), table
    assert whole_member.mark(me) in files["pmpath-export.html"].decode()


async def test_nothing_of_anybody_else_is_exported(chat: DirectDriver) -> None:
    other = chat.other(uid="u-other", name="Somebody Else")
    await answer_all(other, {}, letter="B")
    await answer_all(chat, {}, letter="A")

    for content in (await exported(chat)).values():
        assert b"u-other" not in content
        assert b"Somebody" not in content


async def test_of_somebody_unknown_there_is_nothing_to_export(chat: DirectDriver) -> None:
    await chat.run("/pmpath export")

    card = await chat.press("Export")
    assert card.lines[0].startswith("There is nothing about you here.")


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

    assert await chat.dispatcher.store.read(members.find, await chat.me()) is None


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


async def test_while_traces_are_left_nothing_says_that_it_is_erased(
    sqlite_url: str, clock: SetClock, content: Content, registry: Registry, pictures: Pictures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # two seconds otherwise
    monkeypatch.setattr(scrubbing, "PATIENCE", 0.2)
    store = await Store.open(sqlite_url, now=clock.now, points=content.points)
    chat = DirectDriver(Dispatcher(store, content, registry, now=clock.now, draw=pictures.draw))
    await store.write(members.ensure, await chat.me())
    await chat.run("/pmpath privacy")
    await chat.press("Delete all of mine")
    async with reader(Path(sqlite_url.removeprefix("sqlite:///"))):
        card = await chat.press("Delete for good")
        assert card.lines[0] == "Everything is deleted; the last traces in the database's files are being erased."
        assert "being erased" in (await chat.press("Is it erased?")).lines[0]
    await until_clean(store)
    assert (await chat.run("/pmpath privacy")).lines[0] == "There is nothing about you here."
    await store.close()
