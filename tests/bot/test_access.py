"""Who may open the page: the rule by itself; `tests/bot/test_server.py` has it over real connections."""

from __future__ import annotations

import pytest
from aiohttp import HttpVersion10, web
from aiohttp.test_utils import make_mocked_request

from bot import access
from bot.access import Access, Passage, is_local
from bot.settings_check import is_loopback

KEY = "a long random word"


class Peer:
    """A transport, as far as the rule looks at it."""

    def __init__(self, host: str) -> None:
        self._host = host

    def get_extra_info(self, name: str) -> object:
        return (self._host, 50_000) if name == "peername" else None


def request(peer: str = "127.0.0.1", host: str = "localhost:8080", **headers: str) -> web.Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return make_mocked_request("GET", "/", {"Host": host, **named}, transport=Peer(peer))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_these_are_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "10.0.0.1", "localhost.example.org", "127.0.0.1.example.org", "2130706433", "::2"]
)
def test_these_are_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "[::1]", "LOCALHOST:1"]
)
def test_a_browser_on_this_machine_is_local(host: str) -> None:
    assert is_local(request(host=host))


@pytest.mark.parametrize("host", ["pm.example.org", "evil.test:8080", "192.168.1.7:8080", "", "[::1", "[zz]:80"])
def test_another_name_for_this_machine_is_not_local(host: str) -> None:
    assert not is_local(request(host=host))


def test_another_machine_is_not_local_whatever_it_says_of_the_host() -> None:
    assert not is_local(request(peer="192.168.1.7"))


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "x-forwarded-anything",
        "CF-Connecting-IP",
    ],
)
def test_what_came_through_a_proxy_is_not_local(header: str) -> None:
    assert not is_local(request(**{header: "127.0.0.1"}))


def test_http_1_0_is_a_proxys_and_not_local() -> None:
    old = make_mocked_request("GET", "/", {"Host": "localhost"}, version=HttpVersion10, transport=Peer("127.0.0.1"))

    assert not is_local(old)


def test_without_a_transport_nothing_is_local() -> None:
    gone = make_mocked_request("GET", "/", {"Host": "localhost"})
    gone._protocol.transport = None  # noqa: SLF001 - as aiohttp leaves it when the peer is gone

    assert not is_local(gone)


@pytest.mark.parametrize(
    ("key", "always", "here", "elsewhere"),
    [
        (None, False, Passage.OPEN, Passage.CLOSED),
        (KEY, False, Passage.OPEN, Passage.ASKS),
        (None, True, Passage.CLOSED, Passage.CLOSED),
        (KEY, True, Passage.ASKS, Passage.ASKS),
    ],
)
def test_the_rule(key: str | None, always: bool, here: Passage, elsewhere: Passage) -> None:
    rule = Access(key, always=always)

    assert rule.passage(request()) is here
    assert rule.passage(request(peer="192.168.1.7", host="pm.example.org")) is elsewhere


def cookie(rule: Access) -> str:
    response = web.Response()
    rule.let_in(request(), response)
    return response.cookies[access.COOKIE].value


def carrying(value: str) -> web.Request:
    return request(peer="192.168.1.7", host="pm.example.org", Cookie=f"{access.COOKIE}={value}")


def test_the_cookie_opens_and_does_not_tell_the_key() -> None:
    rule = Access(KEY, always=False, wall_clock=lambda: 1000.0)

    assert rule.passage(carrying(cookie(rule))) is Passage.OPEN
    assert KEY not in cookie(rule)


def test_the_cookie_of_another_key_opens_nothing() -> None:
    value = cookie(Access("another key", always=False))

    assert Access(KEY, always=False).passage(carrying(value)) is Passage.ASKS


def test_the_cookie_ends() -> None:
    now = 1000.0
    rule = Access(KEY, always=False, wall_clock=lambda: now)
    value = cookie(rule)

    now += access.COOKIE_SECONDS - 1
    assert rule.passage(carrying(value)) is Passage.OPEN
    now += 2
    assert rule.passage(carrying(value)) is Passage.ASKS


def test_a_cookie_cant_be_prolonged() -> None:
    rule = Access(KEY, always=False, wall_clock=lambda: 1000.0)
    expires, _dot, proof = cookie(rule).partition(".")

    assert rule.passage(carrying(f"{int(expires) + 1}.{proof}")) is Passage.ASKS


@pytest.mark.parametrize("value", ["", ".", "1", "1.", "-1.x", "²³.x", f"{'9' * 40}.x", "abc.def"])
def test_a_malformed_cookie_opens_nothing(value: str) -> None:
    assert Access(KEY, always=False).passage(carrying(value)) is Passage.ASKS


def test_the_key_itself_opens_as_a_bearer_token_for_programs() -> None:
    rule = Access(KEY, always=True)

    assert rule.passage(request(Authorization=f"Bearer {KEY}")) is Passage.OPEN
    assert rule.passage(request(Authorization="Bearer wrong")) is Passage.ASKS
    assert rule.passage(request(Authorization=f"Basic {KEY}")) is Passage.ASKS


def test_too_many_wrong_keys_close_the_form_for_a_minute() -> None:
    now = 1000.0
    rule = Access(KEY, always=False, wall_clock=lambda: now)
    for _ in range(access.WRONG_KEYS_A_MINUTE):
        assert rule.may_try()
        rule.was_wrong()

    assert not rule.may_try()
    now += 61
    assert rule.may_try()


@pytest.mark.parametrize("origin", ["http://localhost:8080", "http://LOCALHOST:8080"])
def test_our_own_page_is_known_by_its_origin(origin: str) -> None:
    assert Access(None, always=False).same_page(request(Origin=origin))


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil.test",
        "http://localhost:3000",
        "http://localhost",
        "http://127.0.0.1:8080",
        "http://[",
        "http://localhost:x",
    ],
)
def test_another_page_is_not_ours_even_on_this_machine(origin: str) -> None:
    assert not Access(None, always=False).same_page(request(Origin=origin))


def test_behind_a_proxy_the_hosts_name_decides() -> None:
    rule = Access(KEY, always=False)
    behind = {"host": "pm.example.org", "X_Forwarded_For": "10.0.0.1"}

    assert rule.same_page(request(**behind, Origin="https://pm.example.org:8443"))
    assert rule.same_page(
        request(host="10.0.0.9:8080", X_Forwarded_Host="pm.example.org", Origin="https://pm.example.org")
    )
    assert not rule.same_page(request(**behind, Origin="https://evil.test"))
