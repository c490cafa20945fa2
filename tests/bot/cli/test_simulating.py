"""`pmpath assess simulate`: figures with their bars, the same people each time."""

from __future__ import annotations

from tests.bot.cli.conftest import Shell


async def test_simulate_prints_every_measure_with_its_bar_the_same_each_time(shell: Shell) -> None:
    first = await shell.run_alone("assess", "simulate", "--people", "100", "--seed", "4")

    assert first.code == int("MISSED" in first.out)
    assert "version 3, 100 invented people, seed 4, medium noise" in first.out
    for measure in ("agreement with the full bank, all", "same outcome on a second sitting", "cards asked, mean"):
        assert any(line.startswith(measure) for line in first.out.splitlines())
    assert (await shell.run_alone("assess", "simulate", "--people", "100", "--seed", "4")).out == first.out


async def test_simulate_of_a_version_that_is_not_there_names_those_that_are(shell: Shell) -> None:
    said = await shell.run("assess", "simulate", "--version", "7")

    assert (said.code, said.err) == (2, "There is no version 7. There are: 1, 2, 3.\n")
