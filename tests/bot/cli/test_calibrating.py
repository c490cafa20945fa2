"""`pmpath assess calibrate`: nothing below a hundred members, then a version of its own that can be used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

from content.load import read_content
from content.outcomes import Outcome
from content.scoring import judge
from content.text import Language
from storage import communities, opinions, runs
from storage.members import Me
from storage.opinions import Fits, Job
from storage.runs import Choice, Finished, Judged
from storage.store import Store
from tests.bot.cli.conftest import Shell
from tests.content.sheets import BANK, typical

CURRENT = BANK.version


def url(shell: Shell) -> str:
    return f"sqlite:///{shell.folder}/pmpath.sqlite3"


def always(judged: Judged, version: str, answers: Mapping[str, Choice]) -> Judged:
    return judged


async def opinions_of(url: str, members: int, *, platform: str = "discord", version: str = CURRENT) -> None:
    """As many members who finished the assessment and say what their job is; each time the same ones."""
    store = await Store.open(url, now=lambda: dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
    community = await store.write(communities.seen, platform, "1", "Makers", Language.EN)
    bank = read_content().questionnaires[version]
    for number in range(members):
        outcome = list(Outcome)[number % 4]
        me, answers = Me(community.id, f"u{number}", "Ada"), typical(outcome, bank)
        run = await store.write(runs.start, me, bank.version)
        judged = Judged(outcome, judge(bank, answers).to_json().decode(), bank.texts_hash)
        done = await store.write(runs.answer, me, run.id, run.revision, answers, partial(always, judged))
        assert isinstance(done, Finished)
        await store.write(opinions.record, me, done.result_id, Fits.YES)
        await store.write(opinions.set_job, me, done.result_id, Job(outcome.value))
    await store.close()


async def test_calibrate_does_nothing_below_a_hundred_members_and_says_so(shell: Shell) -> None:
    await opinions_of(url(shell), 8)

    said = await shell.run("assess", "calibrate", "--out", str(shell.folder / "pack"), DATABASE_URL=url(shell))

    assert said.out.startswith(f"8 members have said what they are under version {CURRENT}; from 100 on")
    assert said.code == 0
    assert not (shell.folder / "pack").exists()


async def test_calibrate_counts_each_member_once_and_only_of_this_version_and_no_invented_ones(shell: Shell) -> None:
    await opinions_of(url(shell), 40)
    await opinions_of(url(shell), 40)
    await opinions_of(url(shell), 120, platform="web")
    await opinions_of(url(shell), 120, platform="slack", version="1")

    said = await shell.run("assess", "calibrate", DATABASE_URL=url(shell))

    assert said.out.startswith(f"40 members have said what they are under version {CURRENT}; from 100 on")


async def test_calibrate_writes_a_version_that_can_be_used_and_never_over_another(shell: Shell) -> None:
    await opinions_of(url(shell), 120)
    pack = shell.folder / "pack"

    said = await shell.run("assess", "calibrate", "--out", str(pack), DATABASE_URL=url(shell))

    assert said.out.startswith(f"120 members, version {CURRENT}: ")
    assert read_content(pack).questionnaire.version == str(int(CURRENT) + 1)
    again = await shell.run("assess", "calibrate", "--out", str(pack), DATABASE_URL=url(shell))
    assert (again.code, "never written over" in again.err) == (2, True)


async def test_calibrate_without_a_database_says_so(shell: Shell) -> None:
    said = await shell.run("assess", "calibrate", DATABASE_URL=url(shell))

    assert said.code == 2
    assert "There is no database at" in said.err
