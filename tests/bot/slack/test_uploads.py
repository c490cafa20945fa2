"""Pictures in Slack: words at once, the picture when Slack is done with it, words for good where it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.slack.sending import Connection, Sender
from bot.slack.ticket import FixedToken
from bot.slack.uploads import Uploads
from bot.surface import Message
from commands.kit.view import Card, Picture
from content.text import Language, verbatim
from tests.bot.slack.conftest import Workspace
from tests.bot.slack.test_client import as_message, as_view, nothing_more
from tests.drivers.assessment import open_questions
from tests.drivers.slack import SlackDriver
from tests.fakes.slack import FakeSlack, SlackMember
from tests.fakes.slack import Message as SlackMessage

WORDS = "A chart: platform 60"
PICTURE = Picture("chart.png", b"png", verbatim(WORDS))
COMPLETED = "files.completeUploadExternal"
once = pytest.mark.parametrize(
    ("workspace", "database_url"), [("http", "sqlite")], indirect=True, ids=["http on SQLite"]
)


async def illustrated(workspace: Workspace) -> SlackMessage:
    """A private card on which a press has put words that stand for a picture."""
    menu = await workspace.ada.command("/pmpath waits")
    return as_message(await workspace.ada.press(menu, "illustrated"))


@once
async def test_a_press_shows_words_at_once_and_then_the_picture_in_their_place(workspace: Workspace) -> None:
    card = await illustrated(workspace)
    assert (card.pictures, card.lines) == ([], ["Illustrated", WORDS, "Small print"])
    await workspace.fake.until(lambda: card.pictures)

    assert (card.pictures, card.lines) == ([WORDS], ["Illustrated", WORDS, "Small print"])
    assert card.labels == ["On"]
    assert card.ephemeral
    assert WORDS in card.text


@once
async def test_the_picture_is_uploaded_to_the_members_own_direct_messages_with_its_words(workspace: Workspace) -> None:
    card = await illustrated(workspace)
    await workspace.fake.until(lambda: card.pictures)

    (upload,) = workspace.fake.uploads.values()
    assert (upload.content, upload.alt, upload.title) == (b"png", WORDS, "Illustrated")
    assert upload.channel == workspace.team.direct(workspace.ada.uid).id


async def test_a_typed_command_is_answered_with_words_and_the_picture_follows_privately(workspace: Workspace) -> None:
    card = as_message(await workspace.ada.command("/pmpath illustrated"))
    assert card.lines == ["Illustrated", WORDS, "Small print"]
    await workspace.fake.until(lambda: workspace.fake.called("response_url"))

    picture = next(message for message in workspace.ada.messages if message.pictures)
    assert (picture.title, picture.pictures, picture.only_for) == ("Illustrated", [WORDS], workspace.ada.uid)
    assert card.pictures == []


@once
async def test_the_same_picture_is_uploaded_once(workspace: Workspace) -> None:
    for _time in range(2):
        card = await illustrated(workspace)
        await workspace.fake.until(lambda: card.pictures)  # noqa: B023 - awaited before the next one

    assert len(workspace.fake.called(COMPLETED)) == 1


@once
async def test_slack_is_asked_until_it_is_done(workspace: Workspace) -> None:
    workspace.fake.file_polls = 3

    card = await illustrated(workspace)
    await workspace.fake.until(lambda: card.pictures)

    assert len(workspace.fake.called("files.info")) == 4


@once
async def test_a_card_that_has_changed_meanwhile_stays_changed(workspace: Workspace) -> None:
    workspace.fake.file_polls = 3

    card = await illustrated(workspace)
    await workspace.ada.press(card, "On")
    await workspace.fake.until(lambda: len(workspace.fake.called("files.info")) == 4)
    await nothing_more(workspace, "response_url", 2)

    assert card.pictures == []


@once
@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("files.getUploadURLExternal", "missing_scope"),
        (COMPLETED, "not_in_channel"),
        ("files.info", "missing_scope"),
        ("conversations.open", "cannot_dm_bot"),
    ],
)
async def test_where_slack_takes_no_picture_its_words_stand_and_nobody_reads_of_an_error(
    workspace: Workspace, method: str, error: str
) -> None:
    workspace.fake.fail_next(method, error=error)

    card = await illustrated(workspace)
    await workspace.fake.until(lambda: workspace.fake.called(method))
    await nothing_more(workspace, "response_url", 1)

    assert (card.pictures, card.lines) == ([], ["Illustrated", WORDS, "Small print"])
    assert len(workspace.ada.messages) == 1 + len([each for each in workspace.ada.dms if each.files])


@once
async def test_a_picture_that_slack_refuses_to_show_stays_words_and_is_uploaded_anew_next_time(
    workspace: Workspace,
) -> None:
    workspace.fake.file_polls = 3
    card = await illustrated(workspace)
    workspace.fake.fail_next("response_url", status=404)
    await workspace.fake.until(lambda: len(workspace.fake.called("response_url")) == 2)
    assert card.pictures == []

    again = await illustrated(workspace)
    await workspace.fake.until(lambda: again.pictures)

    assert len(workspace.fake.called(COMPLETED)) == 2


@once
async def test_in_direct_messages_the_picture_stands_below_the_card_once(workspace: Workspace) -> None:
    card = as_message(await workspace.ada.command("/pmpath illustrated", channel="dm"))
    await workspace.fake.until(lambda: any(each.files for each in workspace.ada.dms))
    await nothing_more(workspace, "response_url", 0)

    assert card.lines == ["Illustrated", WORDS, "Small print"]
    assert [file.alt for each in workspace.ada.dms for file in each.files] == [WORDS]


@once
async def test_a_public_card_keeps_the_words_so_that_nothing_is_left_when_it_is_taken_back(
    workspace: Workspace,
) -> None:
    card = as_message(await workspace.ada.command("/pmpath shown"))
    await nothing_more(workspace, COMPLETED, 0)

    assert not card.ephemeral
    assert card.lines == ["Illustrated", WORDS, "Small print"]


@once
async def test_a_result_on_the_home_tab_becomes_a_picture_there(workspace: Workspace) -> None:
    driver = SlackDriver(workspace.ada)
    await open_questions(driver)
    await driver.press("Show my result now")
    home = await workspace.ada.open_home()
    await workspace.ada.press(home, "My result")
    view = as_view(await workspace.ada.press(workspace.ada.home, "As a picture"))
    words = view.lines[1]
    await workspace.fake.until(lambda: workspace.ada.home.pictures)

    assert workspace.ada.home.pictures == [words]
    assert words.startswith("Ada Lovelace.")


@once
async def test_who_is_told_reads_the_words_and_finds_the_picture_below(workspace: Workspace) -> None:
    card = Card(verbatim("Told"), (PICTURE,))
    await workspace.surface.tell(
        Message(workspace.ada.uid, card, Language.EN, 1, workspace.team.id, "key", again=False)
    )
    await workspace.fake.until(lambda: any(each.files for each in workspace.ada.dms))

    told, picture = workspace.ada.dms
    assert told.lines == ["Told", WORDS]
    assert [file.content for file in picture.files] == [b"png"]


@pytest.fixture
async def slack() -> AsyncIterator[tuple[FakeSlack, SlackMember, Sender]]:
    async with FakeSlack() as fake:
        team = fake.install()
        connection = Connection(fake.api_url)
        connection.open()
        yield fake, SlackMember(fake, team, "U0ADA0001"), Sender(connection, FixedToken(team.bot_token))
        await connection.close()


async def test_slack_is_not_waited_for_without_end(slack: tuple[FakeSlack, SlackMember, Sender]) -> None:
    fake, ada, sender = slack
    fake.file_polls = 99
    uploads = Uploads(sender, waits=(0, 0, 0))

    assert await uploads.ready(ada.uid, [(PICTURE, WORDS)], "Title") == {}
    assert len(fake.called("files.info")) == 3


async def test_two_who_wait_for_the_same_picture_upload_it_once(slack: tuple[FakeSlack, SlackMember, Sender]) -> None:
    fake, ada, sender = slack
    uploads = Uploads(sender, waits=(0,) * 9)

    one, other = await asyncio.gather(*(uploads.ready(ada.uid, [(PICTURE, WORDS)], "Title") for _ in range(2)))

    assert one == other
    assert len(one) == 1
    assert len(fake.called(COMPLETED)) == 1
