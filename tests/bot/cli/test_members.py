"""`pmpath members import`."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import real_now
from content.text import Language
from storage import communities, invitations, tables
from storage.invitations import Invitation
from storage.look import read
from storage.members import Me
from storage.offers import PROOF
from storage.store import Store
from storage.unit import Unit
from tests.bot.cli.conftest import Shell
from tests.storage.mentoring import TERMS, listed

HERE = "discord:900000000000000001"
HEAD = "uid,tracks,skills,seniority,languages,weekday hours,weekend hours,zone,capacity,note\n"
ADA, BEA, CEM = (f"80000000000000000{digit}" for digit in (1, 2, 3))
RIGHT = HEAD + (
    f'{ADA},platform; business,Kubernetes;mlops,3,English; 中文; 粤语,"18:00-21:00; 7-9",,柏林,2,"Ask me, please"\n'
    f"\n{BEA},,,,,,22:30 to 1:00,Asia/Kolkata,,\n{CEM},技术型,,leads,,,,,,\n"
)


@pytest.fixture
async def url(shell: Shell) -> str:
    """A database in which the server is known and the third of them offers time already."""
    (shell.folder / "data").mkdir()
    url = f"sqlite:///{shell.folder / 'data' / 'pmpath.sqlite3'}"
    store = await Store.open(url, now=real_now)
    here = await store.write(communities.seen, "discord", HERE.split(":")[1], "Guild", Language.EN)
    await store.write(listed, Me(here.id, CEM, "Cem"), TERMS)
    await store.close()
    return url


def invited(unit: Unit) -> list[Invitation | None]:
    here = communities.find(unit, *HERE.split(":"))
    assert here is not None
    return [invitations.mine(unit, Me(here.id, uid, "?")) for uid in (ADA, BEA, CEM)]


def told(unit: Unit) -> list[str]:
    """Of what the outbox holds messages; that of the mentor who offers already is there from before."""
    return list(unit.execute(select(tables.outbox.c.notice)).scalars())


def write(shell: Shell, words: str) -> Path:
    file = shell.folder / "mentors.csv"
    file.write_text(words, "utf-8")
    return file


async def test_who_is_named_is_invited_and_who_offers_already_is_left_alone(shell: Shell, url: str) -> None:
    write(shell, "\ufeff" + RIGHT)
    looked = await shell.run("members", "import", "mentors.csv", "--community", HERE, "--dry-run")
    assert (looked.code, looked.lines) == (0, ["3 rows are right, for Guild. Nothing was changed."])
    assert await read(url, invited) == [None, None, None]

    for _time in range(2):
        said = await shell.run("members", "import", "mentors.csv", "--community", HERE)
        assert (said.code, said.lines) == (
            0,
            [
                "2 people are named as mentors in Guild. Each finds it on their own Home; nobody was told.",
                "1 offers time already; nothing of that was changed.",
                "Nobody is listed before they press “I offer this”. What is not answered is erased after 30 days.",
            ],
        )
    ada, bea, cem = await read(url, invited)
    assert ada is not None
    assert ada.fields == {
        "tracks": ("platform", "business"),
        "skills": ("kubernetes", "mlops"),
        "seniority": ("3",),
        "languages": ("en", "zh", "yue"),
        "weekday": (str(0b111111 << 36 | 0b1111 << 14),),
        "zone": ("Europe/Berlin",),
        "capacity": ("2",),
        "words": ("Ask me, please",),
    }
    assert bea is not None
    assert bea.fields == {"weekend": (str(0b111 << 45 | 0b11),), "zone": ("Asia/Kolkata",)}
    assert cem is None
    assert await read(url, told) == [PROOF]


async def test_headings_of_ones_own_and_a_semicolon_between_cells(shell: Shell, url: str) -> None:
    write(shell, f'Nutzer;Fach;Land\n{ADA};"platform, hybrid";DE\n')
    words = ("--column", "uid=Nutzer", "--column", "tracks=fach")
    said = await shell.run("members", "import", "mentors.csv", "--community", HERE, *words)
    assert said.code == 0
    assert said.lines[0] == "Columns that nobody asked for: land."
    ada, _bea, _cem = await read(url, invited)
    assert ada is not None
    assert ada.fields == {"tracks": ("platform", "hybrid")}


async def test_all_that_is_wrong_is_told_at_once_by_line_and_column_and_nothing_is_kept(shell: Shell, url: str) -> None:
    rows = [
        f'{ADA},platform,,,,,,,,"two\nlines"',
        f"{ADA},plattform,Kubernetis,0,Klingon,7,8-8,Shangai,11,see www.example.org",
        "@bea,,Quantum knitting,,,18:15-20:00,,,,",
        f"{BEA},,,,,,,,,,,more",
    ]
    write(shell, HEAD + "\n".join(rows) + "\n")
    said = await shell.run("members", "import", "mentors.csv", "--community", HERE)
    assert said.code == 1
    assert said.err.replace("mentors.csv, line ", "").splitlines() == [
        "4, tracks: “plattform” is not known; expected business, platform, technical, hybrid.",
        "4, skills: there is no skill “Kubernetis”; did you mean Kubernetes?",
        "4, seniority: “0” is not known; expected 1 (My first AI project is running), 2 (I have shipped one), "
        "3 (I have shipped several, or over three years of it), 4 (I lead others who do).",
        "4, languages: “Klingon” is not known; expected en, zh, yue, es, hi, ar, pt, fr, ru, de, ja, ko, id, tr, vi, "
        "it, or a language's name.",
        "4, weekday hours: “7” is no stretch of a day; write it like 18:00-21:00.",
        "4, weekend hours: “8-8” is no stretch of a day; write it like 18:00-21:00.",
        "4, zone: there is no time zone “Shangai”; did you mean Shanghai?",
        "4, capacity: “11” is not known; expected 1 to 10, how many mentees at a time.",
        "4, note: A note has no addresses: please leave the link out. You can send it once you talk.",
        "4, uid: 800000000000000001 stands in line 2 already.",
        "5, uid: “@bea” is not a Discord user id of 15 to 20 digits.",
        "5, skills: there is no skill “Quantum knitting”; write it as /pmpath plan does.",
        "5, weekday hours: “18:15-20:00” does not begin and end on the hour or half past.",
        "5, zone: hours need a time zone; write a city in it, like Berlin.",
        "6: it has 12 cells, the first line 10; quote cells that have a separator.",
        "15 things are wrong; nothing was kept.",
    ]
    assert await read(url, invited) == [None, None, None]


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        (b"", (), "mentors.csv, line 1: the table is empty."),
        (b"name\nAda\n", (), "mentors.csv, line 1: there is no column “uid”."),
        (b"uid\n", ("--column", "uid=Nutzer"), "mentors.csv, line 1: there is no column “Nutzer”."),
        (b'uid\n800000000000000001\n"80\n', (), "mentors.csv, line 3: this is no row of a table"),
        ("uid\nü".encode("utf-16"), (), "mentors.csv is not in UTF-8. Save it as “CSV UTF-8”."),
        (b"uid\n", ("--column", "track=Fach"), "--column track=Fach: expected ours=theirs, ours being one of uid, "),
        (b"uid\n", ("--community", "discord"), "--community discord: expected discord:SERVER, slack:WORKSPACE"),
        (b"uid\n", ("--community", "slack:T1"), "No community slack:T1 is known here yet."),
    ],
)
async def test_what_cannot_be_read_is_one_sentence(
    shell: Shell, url: str, words: bytes, options: tuple[str, ...], said: str
) -> None:
    assert url
    (shell.folder / "mentors.csv").write_bytes(words)
    done = await shell.run("members", "import", "mentors.csv", "--community", HERE, *options)
    assert done.code != 0
    assert done.err.splitlines()[0].startswith(said)


async def test_without_a_file_or_a_database_it_says_so(shell: Shell) -> None:
    for made in (False, True):
        done = await shell.run("members", "import", "mentors.csv", "--community", HERE)
        assert done.code == 2
        assert len(done.err.splitlines()) == 1, done.err
        if not made:
            assert "cannot be read" in done.err
            write(shell, RIGHT)


async def test_beside_a_running_bot_it_only_looks(shell: Shell, url: str) -> None:
    write(shell, RIGHT)
    store = await Store.open(url, now=real_now)
    try:
        assert (await shell.run("members", "import", "mentors.csv", "--community", HERE, "--dry-run")).code == 0
        done = await shell.run("members", "import", "mentors.csv", "--community", HERE)
        assert (done.code, await read(url, invited)) == (2, [None, None, None])
    finally:
        await store.close()
