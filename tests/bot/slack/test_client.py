"""Members in Slack, with the real library over real sockets, in both modes."""

from __future__ import annotations

import asyncio

import pytest

from bot.surface import Message, Refused, TryLater, Uncertain
from commands.kit.view import Card
from content.text import Language, verbatim
from storage import communities, members
from storage.members import Me
from tests.bot.slack.conftest import PATIENCE, PATIENT, Workspace
from tests.bot.slack.rehearsal import NASTY
from tests.fakes.slack import Message as SlackMessage
from tests.fakes.slack import PlatformFailed, SlackMember, View

# what the platform is told does not hang on the database; tests/test_parity.py talks to each surface over both
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def as_message(seen: SlackMessage | View) -> SlackMessage:
    assert isinstance(seen, SlackMessage)
    return seen


def as_view(seen: SlackMessage | View) -> View:
    assert isinstance(seen, View)
    return seen


async def nothing_more(workspace: Workspace, method: str, calls: int) -> None:
    """Fails where the app calls the method again within a moment."""
    with pytest.raises(TimeoutError):
        await workspace.fake.until(lambda: len(workspace.fake.called(method)) > calls, 0.4)


async def test_a_command_is_answered_in_its_acknowledgement_privately(workspace: Workspace) -> None:
    card = as_message(await workspace.ada.command("/pmpath"))

    assert card.title == "pmpath"
    assert "Start the assessment" in card.labels
    assert card.only_for == workspace.ada.uid
    assert workspace.fake.called("response_url") == []
    assert card.text.splitlines()[0] == "pmpath"


@pytest.mark.usefixtures("hurried")
async def test_a_slow_command_follows_by_the_response_url(workspace: Workspace) -> None:
    asking = asyncio.create_task(workspace.ada.command("/pmpath slow"))
    await workspace.fake.until(lambda: any(i.acked_after for i in workspace.fake.interactions))
    workspace.rehearsal.gate.set()

    card = as_message(await asking)
    assert card.lines == ["At last"]
    assert card.only_for == workspace.ada.uid


async def test_the_whole_assessment_runs_on_one_private_card(workspace: Workspace) -> None:
    card = await workspace.ada.command("/pmpath start")
    while True:
        for select in card.selects(workspace.ada.uid):
            await workspace.ada.choose(card, select.block_id, select.options[0])
        label = next((each for each in ("Next", "A", "Show my result") if each in card.labels), None)
        if label is None:
            break
        assert await workspace.ada.press(card, label) is card

    assert len(workspace.ada.messages) == 1
    assert any("hiring" in line for line in card.lines)


async def test_home_shows_the_home_card_and_can_run_the_assessment(workspace: Workspace) -> None:
    home = await workspace.ada.open_home()
    assert home.title == "pmpath"

    assert await workspace.ada.press(home, "Start the assessment") is home
    for select in home.selects(workspace.ada.uid):
        await workspace.ada.choose(home, select.block_id, select.options[0])
    before = home.lines
    await workspace.ada.press(home, "Next")

    assert home.lines != before
    assert workspace.ada.messages == []


async def test_an_event_that_slack_repeats_is_handled_once(workspace: Workspace) -> None:
    home = await workspace.ada.open_home(event_id="Ev0SAME")
    published = len(workspace.fake.called("views.publish"))
    event = {"type": "app_home_opened", "user": workspace.ada.uid, "channel": "D0", "tab": "home"}
    await workspace.fake.event(workspace.team, event, event_id="Ev0SAME", retry=1)

    assert home.title == "pmpath"
    await nothing_more(workspace, "views.publish", published)


async def test_the_messages_tab_is_left_alone(workspace: Workspace) -> None:
    event = {"type": "app_home_opened", "user": workspace.ada.uid, "channel": "D0", "tab": "messages"}
    await workspace.fake.event(workspace.team, event)

    await nothing_more(workspace, "views.publish", 0)


async def test_what_members_wrote_renders_as_typed_and_pings_nobody(workspace: Workspace) -> None:
    card = as_message(await workspace.ada.command("/pmpath nasty"))

    assert card.lines == [
        NASTY,
        NASTY,
        f"{NASTY} and {NASTY}",
        NASTY,
        NASTY,
        f"{NASTY}: {NASTY}",
        NASTY,
    ]
    assert card.labels == ["Beside", NASTY[:75]]
    assert workspace.fake.pings == []


async def test_a_name_in_the_notification_text_is_as_typed_too(workspace: Workspace) -> None:
    card = as_message(await workspace.ada.command("/pmpath nasty"))
    plain = SlackMessage(text=card.text)

    assert plain.lines[0] == NASTY


async def test_every_element_is_there(workspace: Workspace) -> None:
    card = as_message(await workspace.ada.command("/pmpath elements"))

    assert card.lines == [
        "Elements",
        "On 23 November 2026, exactly Monday, 23 November 2026, 09:00.",
        "Bold and a link",
        "Small print",
        "about 2 more",
        "1-5 of 12",
        "A chart: platform 60",
    ]
    assert card.labels == ["One", "Two", "More", "Open"]
    assert "<!date^" in card.text
    await workspace.fake.until(lambda: workspace.fake.called("response_url"))  # the picture, once Slack is done with it
    await workspace.ada.press(card, "Open", follows=False)
    await nothing_more(workspace, "response_url", 1)


async def test_waiting_selects_arrive_with_their_button(workspace: Workspace) -> None:
    ada = workspace.ada
    card = await ada.command("/pmpath choosing")
    await ada.choose(card, "Skills", ["Talks", "Tests"])
    await ada.choose(card, "Some", ["A", "C"])
    await ada.press(card, "Next")

    assert workspace.rehearsal.taken == [
        {
            "skills": ("talks", "tests"),
            "years": (),
            "some": ("a", "c"),
            "people": ("U0ADA0001",),
            "now": (),
        }
    ]


async def test_a_select_that_presses_at_once_does(workspace: Workspace) -> None:
    card = await workspace.ada.command("/pmpath choosing")
    changed = await workspace.ada.choose(card, "Now", "Blue")

    assert changed.lines == ["Picked blue"]


async def test_a_form_shows_its_errors_inside_and_then_changes_the_card(workspace: Workspace) -> None:
    ada = workspace.ada
    card = await ada.command("/pmpath waits")
    form = as_view(await ada.press(card, "opened"))
    assert form.heading == "A form"
    assert form.inputs(ada.uid)[0].value == NASTY

    assert await ada.submit(form, {"Why": "bad"}) is form
    assert form.errors == {"why": "Say more."}
    changed = await ada.submit(form, {"Why": "because", "Kind": "Book"})

    assert changed is card
    assert card.lines == ["Saved: because (book)"]
    assert ada.modal is None


async def test_a_typed_command_can_open_a_form(workspace: Workspace) -> None:
    form = as_view(await workspace.ada.command("/pmpath opened"))
    card = as_message(await workspace.ada.submit(form, {"Why": "typed"}))

    assert card.lines == ["Saved: typed (talk)"]
    assert card.only_for == workspace.ada.uid


async def test_a_form_from_home_changes_home(workspace: Workspace) -> None:
    ada = workspace.ada
    workspace.team.people[ada.uid].is_admin = True
    home = await ada.open_home()
    await ada.press(home, "Moderator tools")
    for label in ("setup", "Later", "Later"):
        await ada.press(home, label)
    form = as_view(await ada.press(home, "Another city"))
    changed = await ada.submit(form, {"City of your time zone": "Shanghai"})

    assert changed is home
    assert home.title.startswith("Setup, 4")


async def test_a_form_sent_after_half_an_hour_is_answered_by_direct_message(workspace: Workspace) -> None:
    ada = workspace.ada
    form = as_view(await ada.command("/pmpath opened"))
    workspace.fake.skip(31 * 60)
    card = await ada.submit(form, {"Why": "late"})

    assert ada.dms == [card]
    assert card.lines == ["Saved: late (talk)"]


@pytest.mark.usefixtures("hurried")
async def test_a_slow_form_says_that_it_saves_and_then_shows_the_card(workspace: Workspace) -> None:
    ada = workspace.ada
    form = as_view(await ada.command("/pmpath opened"))
    assert as_view(await ada.submit(form, {"Why": "slow"})).lines == ["Saving…"]
    workspace.rehearsal.gate.set()
    await workspace.fake.until(lambda: form.lines == ["Saved: slow (talk)"])

    assert as_view(await ada.press(form, "Form")).heading == "A form"
    again = ada.modal
    assert again is not None
    assert again is not form
    await ada.submit(again, {"Why": "more"})
    await workspace.fake.until(lambda: form.lines == ["Saved: more (talk)"])


async def test_a_form_that_is_refused_is_a_card_with_the_way_on(workspace: Workspace) -> None:
    ada = workspace.ada
    card = await ada.command("/pmpath waits")
    no = as_message(await ada.press(card, "notopened"))

    assert no is not card
    assert no.lines[-1] == "No form today."
    assert as_view(await ada.press(no, "Open another")).heading == "A form"


async def test_a_form_that_comes_too_late_offers_its_button_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a handler that waits for the gate would have to be waited for: two seconds in real time
    monkeypatch.setattr("bot.slack.listeners.FORM_SECONDS", 0.1)
    ada = workspace.ada
    card = await ada.command("/pmpath waits")
    late = as_message(await ada.press(card, "openedslowly"))
    assert late.title == "That took too long to open"
    workspace.rehearsal.gate.set()

    # as long as a busy machine may need
    monkeypatch.setattr("bot.slack.listeners.FORM_SECONDS", PATIENT)
    assert as_view(await ada.press(late, "Press again")).heading == "A form"


async def test_an_expired_trigger_offers_the_button_again(workspace: Workspace) -> None:
    ada = workspace.ada
    card = await ada.command("/pmpath waits")
    workspace.fake.trigger_life = -1
    late = as_message(await ada.press(card, "opened"))

    assert late.labels == ["Press again"]
    workspace.fake.trigger_life = PATIENT
    assert as_view(await ada.press(late, "Press again")).heading == "A form"


async def test_what_is_public_is_a_new_message_for_all(workspace: Workspace) -> None:
    bob = SlackMember(workspace.fake, workspace.team, "U0BOB0001", "Bob")
    card = await workspace.ada.command("/pmpath waits")
    public = await workspace.ada.press(card, "posted")

    assert bob.messages == [public]
    assert card in workspace.ada.messages


async def test_a_press_on_a_public_card_answers_privately_unless_it_updates_the_card(workspace: Workspace) -> None:
    bob = SlackMember(workspace.fake, workspace.team, "U0BOB0001", "Bob")
    public = as_message(await workspace.ada.command("/pmpath posted"))
    mine = as_message(await bob.press(public, "Mine"))

    assert mine.only_for == bob.uid
    assert public.title == "For all"
    assert await bob.press(public, "Count") is public
    assert public.title == "Counted 1"


async def test_a_refusal_and_an_error_of_ours_are_plain_sentences(workspace: Workspace) -> None:
    no = await workspace.ada.command("/pmpath refuses")
    broken = await workspace.ada.command("/pmpath breaks")

    assert no.lines[-1] == "No, not today."
    assert broken.lines[-1].startswith("Reference ")
    assert len(workspace.faults.entries) == 1
    workspace.faults.entries.clear()


async def test_a_long_card_is_fitted_and_one_beyond_all_limits_is_our_error(workspace: Workspace) -> None:
    long = await workspace.ada.command("/pmpath long")
    assert long.lines == ["Long", *(f"line {number}" for number in range(70))]

    broken = await workspace.ada.command("/pmpath toolong")
    assert broken.title == "Something went wrong on our side"
    assert len(workspace.faults.entries) == 1
    workspace.faults.entries.clear()


async def test_a_file_goes_to_the_direct_messages_and_the_card_says_so(workspace: Workspace) -> None:
    card = await workspace.ada.command("/pmpath filed")
    sent = await workspace.ada.receives()

    assert card.lines == ["Yours", "Your plan: on its way to your direct messages."]
    assert [(file.name, file.content) for file in sent.files] == [("mine.md", b"# Mine")]


async def test_a_file_that_cannot_be_sent_is_said(workspace: Workspace) -> None:
    workspace.fake.fail_next("files.getUploadURLExternal", 9, error="not_allowed")
    await workspace.ada.command("/pmpath filed")
    await workspace.fake.until(lambda: len(workspace.ada.messages) == 2)

    assert workspace.ada.messages[-1].lines[-1].startswith("Your plan could not be sent.")
    workspace.faults.entries.clear()


async def test_a_button_of_another_community_or_version_changes_nothing(workspace: Workspace) -> None:
    card = as_message(await workspace.ada.command("/pmpath waits"))
    for value in ("1|999|posted", "1|1|no.such.action", "9|1|posted", "rubbish"):
        old = card.snapshot()
        button = old.blocks[-1]["elements"][0]
        button["value"] = value
        no = await workspace.ada.act(old, old.blocks[-1], button, {})
        assert no.labels == ["Home"]


async def test_the_language_is_the_persons_own_and_asked_for_once(workspace: Workspace) -> None:
    wei = SlackMember(workspace.fake, workspace.team, "U0WEI0001", "Wei", locale="zh-CN")
    card = await wei.command("/pmpath")
    await wei.command("/pmpath help")

    assert "开始测评" in "".join(card.labels)
    assert len(workspace.fake.called("users.info")) == 1


async def test_an_admin_is_a_moderator_and_others_are_not(workspace: Workspace) -> None:
    root = SlackMember(workspace.fake, workspace.team, "U0ROOT001", "Root", is_admin=True)

    assert (await root.command("/pmpath-mod setup")).title.startswith("Setup")
    assert "Only moderators" in "".join((await workspace.ada.command("/pmpath-mod setup")).lines)


async def test_without_users_info_rights_are_refused_and_the_rest_works(workspace: Workspace) -> None:
    workspace.fake.fail_next("users.info", 99, error="internal_error")

    assert (await workspace.ada.command("/pmpath")).title == "pmpath"
    assert "check your rights" in "".join((await workspace.ada.command("/pmpath-mod setup")).lines)


async def test_a_display_name_is_kept_as_it_is(workspace: Workspace) -> None:
    workspace.ada.person.name = NASTY
    form = as_view(await workspace.ada.command("/pmpath opened"))
    await workspace.ada.submit(form, {"Why": "x"})
    community = await workspace.dispatcher.store.read(communities.find, "slack", workspace.team.id)
    assert community is not None
    found = await workspace.dispatcher.store.read(members.find, Me(community.id, workspace.ada.uid, ""))

    assert found is not None
    assert found.name == NASTY


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 0}, {"status": 500}, {"late": 0.3}])
async def test_a_faulty_response_url_delays_the_card_only(workspace: Workspace, fault: dict[str, int]) -> None:
    card = await workspace.ada.command("/pmpath")
    workspace.fake.fail_next("response_url", **fault)  # type: ignore[arg-type]  # one of its keyword arguments

    assert (await workspace.ada.press(card, "Privacy")) is card
    assert card.title != "pmpath"


async def test_a_response_url_that_stays_broken_is_logged_and_the_next_press_works(workspace: Workspace) -> None:
    card = await workspace.ada.command("/pmpath")
    workspace.fake.fail_next("response_url", 2, status=500)
    await workspace.ada.press(card, "Privacy", follows=False)
    await workspace.fake.until(lambda: not workspace.fake.faults.get("response_url"))
    assert card.title == "pmpath"

    await workspace.ada.press(card, "Privacy")
    assert card.title != "pmpath"


async def test_a_publish_that_is_limited_is_tried_again(workspace: Workspace) -> None:
    workspace.fake.fail_next("views.publish", status=429, retry_after=0)
    workspace.fake.fail_next("views.publish", status=500)

    assert (await workspace.ada.open_home()).title == "pmpath"


def told(workspace: Workspace, place: str, **more: object) -> Message:
    card = Card(verbatim("You are told"))
    return Message(place, card, Language.EN, 1, str(more.get("team", workspace.team.id)), "key", again=False)


async def test_what_a_member_asked_for_reaches_their_direct_messages(workspace: Workspace) -> None:
    sent = await workspace.surface.tell(told(workspace, workspace.ada.uid))

    assert workspace.ada.dms[0].lines == ["You are told"]
    assert sent.endswith(workspace.ada.dms[0].ts)


async def test_a_channel_is_posted_to_where_we_are_in_it(workspace: Workspace) -> None:
    general, lounge = (workspace.fake.channel(workspace.team, name).id for name in ("general", "lounge"))
    await workspace.surface.post(told(workspace, general))

    assert workspace.fake.public_messages(workspace.team)[0].lines == ["You are told"]
    with pytest.raises(Refused):
        await workspace.surface.post(told(workspace, lounge))


async def test_a_refused_a_limited_and_an_uncertain_message_are_told_apart(workspace: Workspace) -> None:
    fake, message = workspace.fake, told(workspace, workspace.ada.uid)
    fake.fail_next("chat.postMessage", status=429, retry_after=7)
    with pytest.raises(TryLater) as limited:
        await workspace.surface.tell(message)
    fake.fail_next("chat.postMessage", status=500)
    with pytest.raises(Uncertain):
        await workspace.surface.tell(message)
    fake.fail_next("chat.postMessage", error="token_revoked")
    with pytest.raises(TryLater):
        await workspace.surface.tell(message)
    workspace.ada.person.deaf = True
    with pytest.raises(Refused):
        await workspace.surface.tell(message)
    with pytest.raises(Refused):
        await workspace.surface.tell(told(workspace, workspace.ada.uid, team="T0OTHER"))

    assert limited.value.after == 7
    assert workspace.ada.dms == []


async def test_a_post_of_ours_is_taken_back_and_one_that_is_gone_already_is_fine(workspace: Workspace) -> None:
    general = workspace.fake.channel(workspace.team, "general").id
    sent = await workspace.surface.post(told(workspace, general))

    for _press in range(2):
        await workspace.surface.take_back(workspace.team.id, general, sent)

    assert workspace.fake.public_messages(workspace.team) == []


async def test_a_deletion_that_slack_forbids_is_refused_and_one_it_fumbles_is_tried_later(
    workspace: Workspace,
) -> None:
    fake, general = workspace.fake, workspace.fake.channel(workspace.team, "general").id
    sent = await workspace.surface.post(told(workspace, general))
    for error in ("cant_delete_message", "is_archived"):
        fake.fail_next("chat.delete", error=error)
        with pytest.raises(Refused, match=error):
            await workspace.surface.take_back(workspace.team.id, general, sent)
    with pytest.raises(Refused, match="channel_not_found"):
        await workspace.surface.take_back(workspace.team.id, "C0GONE", sent.replace(general, "C0GONE"))
    for error in ("token_revoked", "internal_error", "ratelimited"):
        fake.fail_next("chat.delete", error=error)
        with pytest.raises(TryLater):
            await workspace.surface.take_back(workspace.team.id, general, sent)

    assert len(fake.public_messages(workspace.team)) == 1
    fake.fail_next("chat.delete", status=429, retry_after=1)
    await workspace.surface.take_back(workspace.team.id, general, sent)
    assert fake.public_messages(workspace.team) == []


async def test_a_command_of_another_workspace_is_not_ours(workspace: Workspace) -> None:
    other = workspace.fake.install("elsewhere")
    eve = SlackMember(workspace.fake, other, "U0EVE0001", "Eve")

    assert (await eve.command("/pmpath")).lines[0].startswith("This pmpath serves another workspace.")
    assert await workspace.dispatcher.store.read(communities.find, "slack", other.id) is None


@pytest.mark.usefixtures("hurried")
async def test_closing_lets_what_is_under_way_end(workspace: Workspace) -> None:
    asking = asyncio.create_task(workspace.ada.command("/pmpath slow"))
    await workspace.fake.until(lambda: any(i.acked_after for i in workspace.fake.interactions))
    closing = asyncio.create_task(workspace.surface.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    workspace.rehearsal.gate.set()

    assert (await asking).lines == ["At last"]
    await closing
    with pytest.raises(PlatformFailed):
        await workspace.ada.command("/pmpath")


async def test_a_withdrawn_token_is_said_by_readiness(workspace: Workspace) -> None:
    assert workspace.surface.missing() is None
    await workspace.fake.event(workspace.team, {"type": "app_uninstalled"})

    assert "withdrawn" in (workspace.surface.missing() or "")


@pytest.mark.usefixtures("hurried")
async def test_a_slow_press_is_acknowledged_in_time_and_changes_the_card_later(workspace: Workspace) -> None:
    card = as_message(await workspace.ada.command("/pmpath waits"))
    pressing = asyncio.create_task(workspace.ada.press(card, "slow"))
    await workspace.fake.until(lambda: any(each.acked_after for each in workspace.fake.interactions))
    (interaction,) = workspace.fake.interactions
    assert interaction.acked_after is not None
    assert PATIENCE * 0.8 < interaction.acked_after < PATIENT
    assert card.title == "All"
    workspace.rehearsal.gate.set()
    await pressing

    assert card.lines == ["At last"]
    assert workspace.rehearsal.runs == 1


@pytest.mark.usefixtures("hurried")
async def test_a_slow_users_info_delays_only_the_card(workspace: Workspace) -> None:
    workspace.fake.fail_next("users.info", late=0.8)
    card = await workspace.ada.command("/pmpath")

    assert card.title == "pmpath"
    assert len(workspace.fake.called("response_url")) == 1
