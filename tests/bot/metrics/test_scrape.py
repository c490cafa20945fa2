"""What `/metrics` says of a program that is used, and that board and alarms ask for nothing else."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.bot.everywhere import KEY, Everywhere, everywhere

DOCS = Path(__file__).parents[3] / "docs"
NAME = re.compile(r"\b(?:pmpath|process)_[a-z_]+")
SUFFIX = re.compile(r"_(?:bucket|sum|count)$")
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Samples:
    """Every sample by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def one(samples: Samples, name: str, **labels: str) -> float:
    """The sum over the samples of that name that have these labels."""
    wanted = labels.items()
    return sum(value for (of, has), value in samples.items() if of == name and wanted <= dict(has).items())


async def used(at: Everywhere) -> Samples:
    """The figures after a little of everything."""
    for driver in at.drivers.values():
        await driver.run("/pmpath help")
        await driver.run("/pmpath track business")
    await at.drivers["web"].run("/pmpath there-is-no-such-thing")
    return read(await at.metrics())


async def test_a_used_program_tells_its_figures_and_no_more_than_its_own_names(tmp_path: Path) -> None:
    async with everywhere(tmp_path) as at:
        text = await at.metrics()
        async with asyncio.timeout(30):  # the first look at the loop takes a moment
            while not one(read(await at.metrics()), "pmpath_event_loop_lag_seconds_count"):  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.02)
        samples = await used(at)
        whole = await at.metrics()

        for surface in at.drivers:
            assert one(samples, "pmpath_interactions_total", surface=surface, command="help", outcome="answered") == 1
            assert one(samples, "pmpath_interaction_seconds_count", surface=surface) >= 2
            assert one(samples, "pmpath_acknowledgement_seconds_count", surface=surface) >= 2
            assert one(samples, "pmpath_connected", surface=surface, shard="0") == 1
        assert one(samples, "pmpath_interactions_total", command="unknown", outcome="refused") == 1
        assert one(samples, "pmpath_outbox_messages", store="main", lane="posts", state="waiting") == 0
        assert one(samples, "pmpath_database_seconds_count", store="main", kind="write") > 0
        assert one(samples, "pmpath_database_seconds_count", store="sandbox", kind="read") > 0
        assert one(samples, "pmpath_database_batch_units_count", store="main") > 0
        assert one(samples, "pmpath_database_reachable", store="main") == 1
        assert one(samples, "pmpath_event_loop_lag_seconds_count") > 0
        assert one(samples, "pmpath_build_info") == 1
        for surface in at.drivers:  # there before the first one, which else would be no increase
            assert (
                "pmpath_deliveries_total",
                frozenset({"surface": surface, "lane": "posts", "end": "dead"}.items()),
            ) in samples
        assert ("pmpath_rounds_total", frozenset({("end", "failed")})) in samples
        assert one(samples, "process_resident_memory_bytes") > 0
        assert "_created" not in text
        for secret in (KEY, at.discord.token, str(at.discord.guild.id), "no-such-thing", "Ada"):
            assert secret not in whole
        assert (await at.get("/metrics"))[0] == 401
        check_files(samples, families=set(re.findall(r"^# TYPE (\w+)", whole, re.MULTILINE)))


def check_files(samples: Samples, families: set[str]) -> None:
    """Board and alarms ask for figures and labels that there are, and the docs have every figure."""
    board = json.loads((DOCS / "grafana.json").read_text())
    alarms = yaml.safe_load((DOCS / "alerts.yml").read_text())["groups"][0]["rules"]
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    queries += [rule["expr"] for rule in alarms]
    labels = {label for _name, has in samples for label, _value in has} | {"instance", "job", "end", "event", "level"}
    documented = (DOCS / "operate.md").read_text()

    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in alarms)
    assert len(queries) > 30
    for query in queries:
        asked = NAME.findall(query)
        assert asked or query.startswith("up{"), query
        assert {SUFFIX.sub("", name) for name in asked} <= families, query
        assert set(re.findall(r'(\w+)(?:=~|!=|=)"', query)) <= labels, query
    for name in families:
        assert f"`{name}`" in documented or name.startswith(("process_", "python_")), name
