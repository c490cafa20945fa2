"""What is known of a workspace while another process may have changed it: it serves on, and keeps what it remembers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.slack.ticket import Withdrawn
from bot.surface import TryLater
from commands.kit.dispatch import Decision, Dispatcher
from commands.kit.request import Request
from storage import slack_installations
from storage.slack_installations import Installation
from storage.store import Store, Unit
from tests.bot.slack.many import process, slack
from tests.bot.slack.test_installed import has_left, on_sqlite, two
from tests.bot.slack.test_uploads import COMPLETED
from tests.conftest import Faults
from tests.fakes.slack import Message, SlackMember


def failing(unit: Unit, *_about: object) -> None:
    raise OSError("the disk")


@on_sqlite
async def test_a_known_workspace_is_served_while_the_database_does_not_tell_who_has_it(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two(dispatcher) as (app, team, _other):
        app.surface.forget()
        # a database fails only when it fails
        monkeypatch.setattr(slack_installations, "find", failing)
        card = await SlackMember(app.fake, team, "U0SAME001", "Ada").command("/pmpath")

        assert isinstance(card, Message)
        assert card.title == "pmpath"


@on_sqlite
async def test_a_known_workspace_is_served_while_that_read_stands_still(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, moves = Store.read, asyncio.Event()

    async def standing(store: Store, work: Callable[..., Any], *about: Any, **more: Any) -> Any:
        if work is slack_installations.find:
            await moves.wait()
        return await read(store, work, *about, **more)

    async with two(dispatcher) as (app, team, _other):
        app.surface.forget()
        # a database stands still only when it does
        monkeypatch.setattr(Store, "read", standing)
        card = await SlackMember(app.fake, team, "U0SAME001", "Ada").command("/pmpath")
        moves.set()

        assert isinstance(card, Message)
        assert card.title == "pmpath"


@on_sqlite
async def test_finding_out_whose_workspace_it_is_takes_from_the_same_patience(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, decide = slack_installations.find, dispatcher.decide
    asked, received = list[float](), list[float]()

    def timed(unit: Unit, team: str, enterprise: str | None = None) -> Installation | None:
        asked.append(time.monotonic())
        return find(unit, team, enterprise)

    def deciding(request: Request) -> Decision:
        received.append(request.received)
        return decide(request)

    async with two(dispatcher) as (app, team, _other):
        app.surface.forget()
        # when an interaction came is told to nobody
        monkeypatch.setattr(slack_installations, "find", timed)
        # as above
        monkeypatch.setattr(Dispatcher, "decide", lambda _self, request: deciding(request))
        await SlackMember(app.fake, team, "U0SAME001", "Ada").command("/pmpath")

    assert received[0] <= asked[0]


@on_sqlite
async def test_a_picture_is_uploaded_once_however_often_others_may_have_changed_something(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with two(dispatcher) as (app, team, other):
        ada = SlackMember(app.fake, team, "U0SAME001", "Ada")
        for _time in range(2):
            card = await ada.press(await ada.command("/pmpath waits"), "illustrated")
            assert isinstance(card, Message)
            await app.fake.until(lambda: card.pictures)  # noqa: B023 - awaited before the next one
            app.surface.forget()
            await app.fake.uninstall(other)

        assert len(app.fake.called(COMPLETED)) == 1


@on_sqlite
async def test_a_picture_that_was_awaited_is_not_drawn_over_a_newer_card(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with two(dispatcher) as (app, team, _other):
        app.fake.file_polls = 3
        ada = SlackMember(app.fake, team, "U0SAME001", "Ada")
        card = await ada.press(await ada.command("/pmpath waits"), "illustrated")
        assert isinstance(card, Message)
        app.surface.forget()
        await ada.press(card, "On")
        await app.fake.until(lambda: len(app.fake.called("files.info")) == 4)
        await app.surface.close()  # lets what is under way end

        assert card.pictures == []


@on_sqlite
async def test_what_an_organisation_has_is_served_where_that_cannot_be_kept_and_kept_once(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    belongs, kept = slack_installations.belongs, list[str]()

    def counted(unit: Unit, team: str, enterprise: str) -> None:
        kept.append(team)
        belongs(unit, team, enterprise)

    async with slack() as fake, process(fake, dispatcher) as app:
        org = fake.organisation("Org", "north")
        (north,) = org.teams
        await app.install(org)
        ada = SlackMember(fake, north, "U0ADA0001", "Ada")
        for instead in (failing, counted, counted):
            # a database fails only when it fails
            monkeypatch.setattr(slack_installations, "belongs", instead)
            card = await ada.command("/pmpath")
            assert isinstance(card, Message)
            assert card.title == "pmpath"
            app.surface.forget()

        assert kept == [north.id]


@on_sqlite
async def test_a_removal_that_came_late_stops_no_process(
    dispatcher: Dispatcher, another: Dispatcher, faults: Faults
) -> None:
    async with slack() as fake, process(fake, dispatcher) as first, process(fake, another) as second:
        team = fake.workspace("alpha")
        await first.install(team)
        ada = SlackMember(fake, team, "U0ADA0001", "Ada")
        await ada.command("/pmpath")
        said_at = int(fake.now()) + 1
        fake.skip(60)
        await first.install(team)
        with capture_logs() as logs:
            await fake.removal(team, "app_uninstalled", event_time=said_at)

        assert [each["log_level"] for each in logs if each["event"] == "slack.removal_is_old"] == ["warning"]
        assert (await ada.open_home()).title == "pmpath"
        await second.post(team)


@on_sqlite
async def test_a_token_that_ended_before_the_app_came_back_is_no_loss(
    dispatcher: Dispatcher, another: Dispatcher, faults: Faults
) -> None:
    async with slack() as fake, process(fake, dispatcher) as first, process(fake, another) as second:
        team = fake.workspace("alpha")
        await first.install(team)
        await second.post(team)
        at = await second.surface._to(team.id)  # noqa: SLF001 - as a delivery that has begun
        fake.oauth.revoke(team)  # and no event says so
        await first.install(team)
        with capture_logs() as logs, pytest.raises(TryLater):
            await at.sender.has("U0ADA0001")

        assert ("slack.loss_is_old", "warning") in {(each["event"], each["log_level"]) for each in logs}
        assert "slack.installation_lost" not in {each["event"] for each in logs}
        ada = SlackMember(fake, team, "U0ADA0001", "Ada")
        assert (await ada.open_home()).title == "pmpath"


@on_sqlite
async def test_a_home_that_is_not_shown_because_they_press_too_fast_is_counted(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two(dispatcher) as (app, team, _other):
        # forty presses of one second
        monkeypatch.setattr(dispatcher.allowance, "may_press", lambda _request: False)
        opened = {"type": "app_home_opened", "user": "U0SAME001", "tab": "home"}
        with capture_logs() as logs:
            await app.fake.event(team, opened | {"channel": team.direct("U0SAME001").id})
            await app.fake.until(lambda: logs)

        assert [each["member"] for each in logs if each["event"] == "limits.refused"] == [1]


@on_sqlite
async def test_a_response_address_that_says_no_under_http_200_is_told(dispatcher: Dispatcher, faults: Faults) -> None:
    async with two(dispatcher) as (app, team, _other):
        ada = SlackMember(app.fake, team, "U0SAME001", "Ada")
        card = await ada.command("/pmpath")
        app.fake.fail_next("response_url", error="invalid_blocks")
        with capture_logs() as logs:
            await ada.press(card, "Privacy", follows=False)
            await app.fake.until(lambda: not app.fake.faults.get("response_url"))
            await app.surface.close()  # lets what is under way end

        assert [each["status"] for each in logs if each["event"] == "slack.response_url.refused"] == [200]


async def test_an_organisations_token_ends_where_another_process_heard_of_its_removal_and_only_then(
    dispatcher: Dispatcher, another: Dispatcher, faults: Faults
) -> None:
    async with slack() as fake, process(fake, another) as second, process(fake, dispatcher) as first:
        org = fake.organisation("Org", "north", "south")
        north, south = org.teams
        await first.install(org)
        for team in org.teams:
            await SlackMember(fake, team, f"U0{team.domain.upper()}", "Ada").command("/pmpath")
            await second.post(team)
        await fake.event(south, {"type": "team_access_revoked", "team_ids": [north.id]})
        with pytest.raises(TryLater, match="not installed"):
            await second.post(north)
        await second.post(south)

        under_way = await second.surface._to(south.id)  # noqa: SLF001 - as a delivery that has begun
        await fake.uninstall(org, "app_uninstalled")
        assert await has_left(first, south)
        with pytest.raises(TryLater, match="not installed"):
            await second.post(south)
        with pytest.raises(Withdrawn):
            await under_way.sender.has("U0SOUTH")
