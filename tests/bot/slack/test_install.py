"""Workspaces that install the app: the pages, what is stored of it, and who is served then."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request
from sqlalchemy import text

from bot.slack.client import SlackSurface
from bot.surface import TryLater
from bot.web.plain import Plain
from commands.kit.dispatch import Dispatcher
from storage import communities, slack_states
from storage.store import Unit
from tests.bot.slack.many import KEY, Page, Process, many, process, slack, visit
from tests.conftest import Faults, SetClock
from tests.fakes.slack import Message, SlackMember

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("socket", [True, False], ids=["socket", "http"])
async def test_two_workspaces_install_it_and_each_is_answered_by_its_own_token(
    dispatcher: Dispatcher, faults: Faults, *, socket: bool
) -> None:
    async with slack() as fake, process(fake, dispatcher, socket=socket) as app:
        teams = [fake.workspace(domain) for domain in ("alpha", "beta")]
        for team in teams:
            page = await app.install(team)
            assert (page.status, page.title) == (200, f"pmpath is installed in {team.domain}")
            assert page.button == f"http://{fake.host}/app_redirect?app={fake.app_id}&team={team.id}"
            assert "/pmpath-mod setup" in page.text
        asked = len(fake.called("auth.test"))
        members = [SlackMember(fake, team, "U0SAME001", "Ada") for team in teams for _ in range(2)]
        for member in members:
            card = await member.command("/pmpath start")
            assert isinstance(card, Message)
            assert card.team == member.team.id
            await member.open_home()
        for team in teams:
            await app.post(team)

        assert [[m.text for m in fake.public_messages(team)] for team in teams] == [["News"], ["News"]]
        assert len(fake.called("auth.test")) == asked == 2  # one for each installation, none for a command
        assert app.surface.missing() is None
        met = [await dispatcher.store.read(communities.find, "slack", team.id) for team in teams]
        assert [(each.ext_id, each.name) for each in met if each] == [(team.id, team.domain) for team in teams]


async def test_no_token_stands_anywhere_in_clear(dispatcher: Dispatcher, sqlite_path: Path | None) -> None:
    async with slack() as fake, process(fake, dispatcher) as app:
        fake.oauth.rotates = True
        await app.install(fake.workspace("alpha"))
        secrets = {word for each in fake.oauth.issued.values() for word in (each.token, each.refresh)}

        def dumped(unit: Unit) -> str:
            return str(unit.execute(text("SELECT * FROM slack_installation")).all())

        stored = await dispatcher.store.read(dumped)
        assert len(secrets) == 2
        assert [word for word in secrets if word in stored] == []
        if sqlite_path is not None:
            files = b"".join(file.read_bytes() for file in sqlite_path.parent.iterdir())
            assert fake.app_id.encode() in files
            assert [word for word in (*secrets, KEY) if word.encode() in files] == []


@on_sqlite
@pytest.mark.parametrize(
    ("language", "title"), [("en-GB", "Add pmpath to Slack"), ("zh-CN,en", "把 pmpath 添加到 Slack")]
)
async def test_the_page_asks_in_the_browsers_language(dispatcher: Dispatcher, language: str, title: str) -> None:
    async with slack() as fake, process(fake, dispatcher) as app, app.browser() as browser:
        page = await visit(browser, "/slack/install", language)

        assert (page.status, page.title) == (200, title)
        assert page.button.startswith(f"http://{fake.host}/oauth/v2/authorize?")
        async with browser.get("/slack/install") as plain:
            assert plain.headers["Set-Cookie"].endswith("; HttpOnly; Max-Age=600; Path=/slack; SameSite=Lax")
            assert (await plain.text()).splitlines()[-1].startswith("Add to Slack: http://")


async def _no(app: Process, kind: str, clock: SetClock) -> Page:
    """An installation that comes to nothing."""
    fake, team = app.fake, app.fake.workspace("alpha")
    async with app.browser() as browser, app.browser() as another:
        asks = (await visit(browser, "/slack/install")).button
        back = (
            fake.oauth.deny(asks) if kind == "denied" else fake.oauth.agree(asks, team, app="A0OTHER" * (kind == "app"))
        )
        match kind:
            case "forged":
                back = back.replace("state=", "state=x")
            case "no state":
                back = back.partition("?")[0] + "?code=1"
            case "elsewhere":
                await visit(another, "/slack/install")
                return await visit(another, back)
            case "late":
                clock.move(minutes=10)
            case "slack":
                fake.fail_next("oauth.v2.access", error="invalid_code")
            case "secret":
                fake.oauth.client_secret = "changed"
            case "down":
                fake.fail_next("oauth.v2.access", broken=True)
            case "garbled":
                fake.fail_next("oauth.v2.access", garbled=True)
            case "app":
                await app.install(fake.workspace("first"))
        return await visit(browser, back)


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        ("denied", 403, "Nothing was installed"),
        ("forged", 400, "This link is no longer good"),
        ("no state", 400, "This link is no longer good"),
        ("elsewhere", 400, "This link is no longer good"),
        ("late", 400, "This link is no longer good"),
        ("slack", 502, "Slack did not allow it"),
        ("secret", 502, "Slack did not allow it"),
        ("down", 502, "Slack could not be reached"),
        ("garbled", 502, "Slack did not allow it"),
        ("app", 400, "That was another app"),
    ],
)
async def test_what_is_no_installation_says_so_and_stores_nothing(
    dispatcher: Dispatcher, clock: SetClock, kind: str, status: int, title: str
) -> None:
    async with slack() as fake, process(fake, dispatcher) as app:
        page = await _no(app, kind, clock)

        assert (page.status, page.title) == (status, title)
        assert [each.name for each in await app.stored()] == ["first"] * (kind == "app")
        assert "xoxb-" not in page.text


async def test_a_link_is_good_once_and_two_pages_in_one_browser_are_both(
    dispatcher: Dispatcher, clock: SetClock, faults: Faults
) -> None:
    async with slack() as fake, process(fake, dispatcher) as app, app.browser() as browser:
        team = fake.workspace("alpha")
        first, second = [await visit(browser, "/slack/install") for _ in range(2)]
        back = fake.oauth.agree(first.button, team)
        pages = [await visit(browser, address) for address in (back, back, fake.oauth.agree(second.button, team))]

        assert [page.status for page in pages] == [200, 400, 200]
        (stored,) = await app.stored()
        assert stored.rev == 2
        await app.post(team)  # by the newer of the two


@on_sqlite
async def test_who_begins_too_many_installations_waits_ten_minutes(
    dispatcher: Dispatcher, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # five thousand pages would take the suite's whole time
    monkeypatch.setattr(slack_states, "MOST", 3)
    async with slack() as fake, process(fake, dispatcher) as app, app.browser() as browser:
        statuses = [(await visit(browser, "/slack/install")).status for _ in range(4)]
        clock.move(minutes=10)

        assert statuses == [200, 200, 200, 429]
        assert (await visit(browser, "/slack/install")).status == 200


async def test_where_nobody_installed_it_a_member_reads_how_and_a_post_waits(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with slack() as fake, process(fake, dispatcher) as app:
        team = fake.workspace("alpha")
        ada = SlackMember(fake, team, "U0ADA0001")
        said = await ada.command("/pmpath")
        with pytest.raises(TryLater, match="not installed"):
            await app.post(team)

        assert isinstance(said, Message)
        assert f"{app.address}/slack/install" in said.text
        assert await dispatcher.store.read(communities.find, "slack", team.id) is None


@on_sqlite
async def test_a_cookie_of_bytes_that_are_no_letters_is_one_that_is_not_known(dispatcher: Dispatcher) -> None:
    async with slack() as fake, process(fake, dispatcher) as app:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(app.address.rpartition(":")[2]))
        writer.write(b"GET /slack/oauth_redirect?code=1&state=1 HTTP/1.0\r\nCookie: pmpath_slack_install=\xff\r\n\r\n")
        status = await reader.readline()
        writer.close()

        assert b" 400 " in status


@on_sqlite
async def test_who_comes_back_before_the_program_has_started_reads_so(dispatcher: Dispatcher) -> None:
    async with slack() as fake:
        draw = Plain(dispatcher.content.catalogue).draw
        surface = SlackSurface(many(fake, "http://127.0.0.1:1", socket=True), dispatcher, draw=draw)
        assert surface.pages is not None
        answer = await surface.pages.finish(make_mocked_request("GET", "/slack/oauth_redirect?code=1&state=1"))

        assert answer.status == 503
        assert surface.missing() == "Slack has not answered yet"
