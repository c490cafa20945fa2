"""`pmpath content links` against a site on 127.0.0.1 that has every behaviour, and an operator's pack over ours."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.cli.links import AT_ONCE, Fate, Look, Verdict, look
from tests.bot.cli.conftest import Shell, command, environ

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
RESOURCE = """\
{id}:
  title: A page
  address: {address}
  by: Somebody
  language: en
  level: 1
  skills: [sql]
  seen: nearby
  checked_on: 2026-11-25
  reachable_cn: unknown
"""


@dataclass(slots=True)
class Site:
    """A web site that answers as the path says, under every host name."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    now: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        self.now[request.host] += 1
        self.most[request.host] = max(self.most[request.host], self.now[request.host])
        self.most_at_once = max(self.most_at_once, self.now.total())
        try:
            return await self._answer(request)
        finally:
            self.now[request.host] -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        kind, _slash, rest = request.path.strip("/").partition("/")
        if kind == "slow":
            await asyncio.sleep(float(rest))
        if kind == "never":
            await asyncio.Event().wait()
        if kind == "no-head":
            return web.Response(status=int(rest) if request.method == "HEAD" else 200)
        if kind == "hang-up" and request.method == "HEAD":
            assert request.transport is not None
            request.transport.close()
        if kind == "wall":
            return web.Response(status=200, headers={rest: "challenge"})
        if kind == "cookie":  # lets nobody on who does not bring back what was given
            there = web.Response(status=200)
            back = web.Response(status=302, headers={"Location": request.path})
            back.set_cookie("seen", "yes")
            return there if request.cookies.get("seen") else back
        if kind in {"301", "302", "303", "307", "308"}:
            return web.Response(status=int(kind), headers={"Location": f"/{rest}" if "://" not in rest else rest})
        return web.Response(status=int(kind) if kind.isdecimal() else 200)


@dataclass(slots=True)
class Names(AbstractResolver):
    """Every host is the site; `gone.test` is none, and `flaky.test` can't be told just now."""

    port: int

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host == "gone.test":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if host == "flaky.test":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        at = self.port if host != "closed.test" else 1
        return [ResolveResult(hostname=host, host="127.0.0.1", port=at, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@pytest_asyncio.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.port = runner.addresses[0][1]
    yield site
    await runner.cleanup()


async def looked_at(site: Site, *addresses: str, patience: float = 60) -> Look:
    return await look(addresses, resolver=Names(site.port), patience=patience)


async def verdict(site: Site, address: str) -> Verdict:
    """What is said of it where another address answers."""
    found = await looked_at(site, address, "http://other.test/")
    return found.verdicts[address]


@pytest.mark.parametrize(
    ("address", "fate", "why"),
    [
        ("http://site.test/", Fate.OK, "it answers"),
        ("http://site.test/204", Fate.OK, "it answers"),
        ("http://site.test/page?hl=zh-cn#part", Fate.OK, "it answers"),
        ("http://site.test/no-head/404", Fate.OK, "it answers"),
        ("http://site.test/no-head/405", Fate.OK, "it answers"),
        ("http://site.test/no-head/501", Fate.OK, "it answers"),
        ("http://site.test/hang-up", Fate.OK, "it answers"),
        ("http://site.test/302/page", Fate.OK, "it answers"),
        ("http://site.test/303/307/page", Fate.OK, "it answers"),
        ("http://site.test/302/301/page", Fate.OK, "it answers"),
        ("http://site.test/cookie", Fate.OK, "it answers"),
        ("http://site.test/401", Fate.REFUSED, "the site refuses programs (401); open it by hand"),
        ("http://site.test/403", Fate.REFUSED, "the site refuses programs (403); open it by hand"),
        ("http://site.test/405", Fate.REFUSED, "the site refuses programs (405); open it by hand"),
        ("http://site.test/412", Fate.REFUSED, "the site refuses programs (412); open it by hand"),
        ("http://site.test/429", Fate.REFUSED, "the site refuses programs (429); open it by hand"),
        ("http://site.test/451", Fate.REFUSED, "the site refuses programs (451); open it by hand"),
        ("http://site.test/999", Fate.REFUSED, "the site refuses programs (999); open it by hand"),
        ("http://site.test/302/403", Fate.REFUSED, "the site refuses programs (403); open it by hand"),
        ("http://site.test/wall/cf-mitigated", Fate.REFUSED, "the site refuses programs (200); open it by hand"),
        ("http://site.test/wall/x-amzn-waf-action", Fate.REFUSED, "the site refuses programs (200); open it by hand"),
        ("http://site.test/404", Fate.DEAD, "it answers 404"),
        ("http://site.test/410", Fate.DEAD, "it answers 410"),
        ("http://site.test/301/404", Fate.DEAD, "it answers 404"),
        ("http://gone.test/", Fate.DEAD, "there is no such host"),
        ("http://site.test/302/http://gone.test/", Fate.DEAD, "there is no such host"),
        ("http://flaky.test/", Fate.UNKNOWN, "its host's name could not be looked up"),
        ("http://closed.test/", Fate.UNKNOWN, "no proper answer (ClientConnectorError)"),
        ("https://tls.test/", Fate.UNKNOWN, "trouble with its certificate or encryption (ClientConnectorSSLError)"),
        ("http://site.test/500", Fate.UNKNOWN, "it answers 500"),
        ("http://site.test/503", Fate.UNKNOWN, "it answers 503"),
        ("http://site.test/400", Fate.UNKNOWN, "it answers 400"),
        ("http://site.test/302/ftp://file", Fate.UNKNOWN, "it sends on to ftp://file, which is no web address"),
        ("http://site.test/" + "302/" * 11, Fate.UNKNOWN, "it sends on more than 10 times"),
        ("http://www.nmpa.gov.cn/", Fate.OK, "it answers"),
        ("http://www.nmpa.gov.cn/404", Fate.REFUSED, "the site refuses programs (404); open it by hand"),
        ("http://english.nmpa.gov.cn/500", Fate.REFUSED, "the site refuses programs (500); open it by hand"),
    ],
)  # fmt: skip
async def test_an_address_is_judged_by_its_answer(site: Site, address: str, fate: Fate, why: str) -> None:
    found = await verdict(site, address)

    assert (found.fate, found.why) == (fate, why)


async def test_who_never_answers_is_waited_for_as_long_as_was_said(site: Site) -> None:
    found = await looked_at(site, "http://site.test/never", patience=0.2)

    assert [(each.fate, each.why) for each in found.verdicts.values()] == [(Fate.UNKNOWN, "no answer within 0.2 s")]


@pytest.mark.parametrize(
    ("path", "new", "why"),
    [
        ("301/page", "/page", "for good, to {new}"),
        ("308/301/page", "/page", "for good, to {new}"),
        ("301/302/page", "/302/page", "for good, to {new}"),
        ("301/", "/", "for good, to {new}, a front page: look whether it is still there"),
    ],
)
async def test_what_moved_for_good_names_its_new_address_as_far_as_it_is_for_good(
    site: Site, path: str, new: str, why: str
) -> None:
    found = await verdict(site, f"http://site.test/{path}")

    assert (found.fate, found.new_address) == (Fate.MOVED, f"http://site.test{new}")
    assert found.why == why.format(new=f"http://site.test{new}")


async def test_head_is_asked_first_and_get_only_where_that_was_refused(site: Site) -> None:
    await looked_at(site, "http://site.test/page", "http://b.test/no-head/403", "http://c.test/429")

    assert sorted(site.asked) == [
        ("GET", "/no-head/403"),
        ("HEAD", "/429"),
        ("HEAD", "/no-head/403"),
        ("HEAD", "/page"),
    ]


async def test_a_host_is_asked_one_thing_at_a_time_and_few_hosts_at_once(site: Site) -> None:
    addresses = [f"http://host-{host}.test/slow/0.0{page}" for host in range(3 * AT_ONCE) for page in range(1, 4)]

    found = await looked_at(site, *addresses)

    assert {each.fate for each in found.verdicts.values()} == {Fate.OK}
    assert len(site.asked) == len(addresses)
    assert set(site.most.values()) == {1}
    assert 2 <= site.most_at_once <= AT_ONCE


async def test_an_address_that_two_resources_have_is_asked_once(site: Site) -> None:
    await looked_at(site, "http://site.test/page", "http://site.test/page")

    assert site.asked == [("HEAD", "/page")]


async def test_without_any_answer_there_is_no_network_and_nobody_is_dead(site: Site) -> None:
    found = await looked_at(site, "http://gone.test/", "http://closed.test/", "http://flaky.test/")

    assert not found.network
    assert {each.fate for each in found.verdicts.values()} == {Fate.UNKNOWN}


def pack(folder: Path, site: Site, **paths: str) -> str:
    """An operator's pack with a resource for each path; gives back its folder."""
    entries = (RESOURCE.format(id=name, address=f"http://127.0.0.1:{site.port}/{path}") for name, path in paths.items())
    (folder / "resources.yaml").write_text("".join(entries), "utf-8")
    return str(folder)


def only_here(site: Site) -> dict[str, str]:
    """Settings by which nothing outside 127.0.0.1 is reached."""
    closed = "http://127.0.0.1:1"
    return {"http_proxy": closed, "https_proxy": closed, "no_proxy": f"127.0.0.1:{site.port}"}


async def test_the_report_says_where_to_change_what_and_ends_with_1_for_a_dead_one(shell: Shell, site: Site) -> None:
    folder = pack(shell.folder, site, fine="page", moved="301/page", walled="403", dead="404")

    said = await shell.run("content", "links", folder, **only_here(site))

    here = f"http://127.0.0.1:{site.port}"
    mine = [line for line in said.lines if line.startswith(folder)]
    assert said.code == 1
    assert mine == [
        f"{folder}/resources.yaml:13: moved: moved, {here}/301/page: for good, to {here}/page. Write the new address.",
        f"{folder}/resources.yaml:23: refused: walled, {here}/403: the site refuses programs (403); open it by hand.",
        f"{folder}/resources.yaml:33: dead: dead, {here}/404: it answers 404. Find its new address, or take it out.",
    ]
    # Two more are refused: the NMPA's own sites, whatever keeps them from answering.
    assert re.search(r"^\d+ resources: 1 ok, 1 moved, 3 refused, 1 dead, \d+ unknown\.$", said.out, re.MULTILINE)
    assert "nobody has verified them yet: fine." in said.out
    assert re.search(r"^(\d+) of \1 addresses looked at$", said.err, re.MULTILINE)


async def test_at_a_terminal_a_bar_goes_on_and_the_report_stays_clean(shell: Shell, site: Site) -> None:
    folder = pack(shell.folder, site, dead="404")
    terminal, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        *command("content", "links", folder), cwd=shell.folder, env=environ({**only_here(site), "TERM": "xterm"}),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)

    out, _nothing = await asyncio.wait_for(process.communicate(), 60)
    bar = os.read(terminal, 100_000).decode()
    os.close(terminal)

    assert process.returncode == 1
    assert "Addresses" in bar
    assert "looked at" not in bar
    assert "\x1b" not in out.decode()
    assert "404" in out.decode()


async def test_it_changes_no_file(shell: Shell, site: Site) -> None:
    folder = pack(shell.folder, site, moved="301/page", dead="404")
    before = (shell.folder / "resources.yaml").read_bytes()

    await shell.run("content", "links", folder, **only_here(site))

    assert (shell.folder / "resources.yaml").read_bytes() == before
    assert [file.name for file in shell.folder.iterdir()] == ["resources.yaml"]


async def test_a_site_that_refuses_programs_is_no_reason_to_fail(shell: Shell, site: Site) -> None:
    folder = pack(shell.folder, site, fine="page", walled="403")

    said = await shell.run("content", "links", PMPATH_CONTENT_DIR=folder, **only_here(site))

    assert said.code == 0
    assert f"{folder}/resources.yaml:13: refused: walled" in said.out


async def test_for_programs_it_is_one_json_object(shell: Shell, site: Site) -> None:
    folder = pack(shell.folder, site, moved="301/page", dead="404")

    said = await shell.run("content", "links", folder, "--json", **only_here(site))

    told: dict[str, Any] = json.loads(said.out)
    by_id = {each["id"]: each for each in told["resources"]}
    assert (said.code, told["network"], told["counts"]["dead"]) == (1, True, 1)
    assert by_id["moved"] == {
        "id": "moved",
        "file": f"{folder}/resources.yaml",
        "line": 3,
        "address": f"http://127.0.0.1:{site.port}/301/page",
        "fate": "moved",
        "why": f"for good, to http://127.0.0.1:{site.port}/page",
        "new_address": f"http://127.0.0.1:{site.port}/page",
    }
    assert by_id["sqlbolt"]["fate"] == "unknown"
    assert by_id["sqlbolt"]["file"] == "content/data/resources.yaml"


async def test_without_a_network_it_says_so_and_judges_nothing(shell: Shell, site: Site) -> None:
    said = await shell.run("content", "links", **only_here(site))
    told = json.loads((await shell.run("content", "links", "--json", **only_here(site))).out)

    assert said.code == 0
    assert said.out.endswith("so there is no network from here. Nothing is judged.\n")
    assert "dead" not in said.out
    assert told == {"network": False, "counts": {}, "resources": []}


async def test_a_pack_with_faults_is_not_looked_at(shell: Shell, broken_pack: Path) -> None:
    said = await shell.run("content", "links", str(broken_pack))

    assert (said.code, said.out) == (1, "")
    assert f"{broken_pack}/skills.yaml:3: expected " in said.err
