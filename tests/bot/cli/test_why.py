"""`pmpath doctor`: how the communities are, and why one person can't do something."""

from __future__ import annotations

import pytest

from content.load import Content
from tests.bot.cli.ails import ADA, BOB, CAT, DAN, GONE, SERVER, WORKSPACE, opened
from tests.bot.cli.conftest import Said, Shell


@pytest.fixture(autouse=True)
def free(monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """The usual port may be somebody's on this machine."""
    monkeypatch.setenv("PMPATH_PORT", "0")


def has(said: Said, *parts: str) -> bool:
    """Whether each is in a line of its own, in this order."""
    lines = iter(said.lines)
    return all(any(part in line for line in lines) for part in parts)


async def test_communities_are_counted_and_what_ails_them_is_told_without_an_id(
    shell: Shell, database_url: str, content: Content
) -> None:
    store = await opened(database_url, content.points)
    said = await shell.run("doctor", DATABASE_URL=database_url)
    await store.close()

    assert said.code == 1
    assert said.wrong == [
        "Discord server “Makers”: the last tip did not come; the tip channel is gone, or no longer seen. Choose "
        "another one in /pmpath-mod tips schedule. Nobody there switched Tell me here on: they find it on Home only.",
        "Slack workspace “Builders”: 1 post was given up lately; is_archived. Nobody there switched Tell me here on, "
        "nor named any moderator: they find it on Home only.",
        "Slack workspace “Builders”: of 1 post nobody knows whether it is there. A moderator says so under Moderator "
        "tools on Home. Nobody there switched Tell me here on, nor named any moderator: they find it on Home only.",
    ]
    assert has(
        said,
        "ok     1 Discord server: 1 with a weekly tip; 1 removed the bot lately and will be erased.",
        "ok     1 Slack workspace: 0 with a weekly tip.",
        "1 direct message was refused",
    )
    assert not any(secret in said.out for secret in (SERVER, GONE, WORKSPACE, ADA, "C0GONE0001", "Name1"))


async def test_why_somebody_can_or_cannot(shell: Shell, database_url: str, content: Content) -> None:
    store = await opened(database_url, content.points)

    async def asked(community: str, uid: str, *command: str, **settings: str) -> Said:
        who = f"discord:{community}:{uid}"
        return await shell.run("doctor", "--member", who, *command, DATABASE_URL=database_url, **settings)

    ada = await asked(SERVER, ADA, "--command", "/pmpath-mod tips add")
    bob = await asked(SERVER, BOB, "--command", "/pmpath-mod tips add")
    cat = await asked(SERVER, CAT, "--command", "/pmpath hom", PMPATH_MODERATORS=f"discord:{SERVER}:{CAT}")
    dan = await asked(SERVER, DAN, "--command", "/pmpath plan")
    gone = await asked(GONE, ADA)
    nowhere = await asked("1", ADA)
    await store.close()

    assert has(
        ada, "has no result yet and reads Chinese, as all here", "A moderator: the community's settings name them."
    )
    assert has(ada, "/pmpath-mod tips add is for moderators, and they are one.", "Discord hides /pmpath-mod from")
    assert ada.wrong == [
        "The last weekly tip did not come. pmpath doctor says why, and so does /pmpath-mod tips schedule."
    ]
    assert has(bob, "Manage Server makes a moderator, and so does any of the 1 roles", "for moderators, and as far as")
    assert [sentence.partition(":")[0] for sentence in bob.wrong[:4]] == [
        "Their direct messages are closed",
        "1 message to them was given up (503",
        "On no board",
        "Their offer as a mentor is not listed",
    ]
    assert "their direct messages are closed. They open them" in bob.wrong[3]
    assert has(cat, "A moderator: PMPATH_MODERATORS names them.", "On no board: they hid themselves.")
    assert cat.wrong[-1] == "There is no command /pmpath hom. Did they mean /pmpath home?"
    assert has(dan, "Nothing is kept about them", "/pmpath plan is for everybody.", "Use Application Commands")
    assert gone.wrong[0] == "This Discord server has removed the bot, and nothing is sent there. Bring it in again."
    assert nowhere.code == 1
    assert nowhere.wrong[0].startswith("That community is not known here.")
    assert not any(uid in said.out for uid in (ADA, BOB, CAT, SERVER) for said in (ada, bob, cat, dan, gone))


async def test_what_is_asked_wrongly_is_told(shell: Shell) -> None:
    wrong = await shell.run("doctor", "--member", "discord:1")
    alone = await shell.run("doctor", "--command", "/pmpath home")
    nothing = await shell.run("doctor", "--member", "discord:1:2")

    assert (wrong.code, alone.code, nothing.code) == (2, 2, 2)
    assert "expected discord:SERVER:USER" in wrong.err
    assert "--command goes with --member" in alone.err
    assert "for the database does not exist" in nothing.err
