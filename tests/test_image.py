"""What an operator installs pmpath with: image, compose file and units keep to rules that can be read without them.

No Docker is asked: whether the base images exist and compose takes the file is seen only where they are used.
`python -m tests.image` does the Dockerfile's steps, `tests/test_wheel.py` starts the program as the image does.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import program, server
from bot.settings import Settings
from bot.settings_values import STOP_WAIT_MAX
from bot.surface import DRAIN_SECONDS
from tests import image
from tests.conventions import ROOMS, ROOT

STEPS = image.steps((ROOT / "Dockerfile").read_text("utf-8"))
IN_THE_END = image.stages(STEPS)[-1]
IGNORED = [*image.patterns((ROOT / ".dockerignore").read_text("utf-8"))]
SERVER = ROOT / "docs" / "server"
SHUTDOWN_SECONDS = STOP_WAIT_MAX + 2 * program.STOP_SECONDS + DRAIN_SECONDS + server.STOP_SECONDS
VARIABLE = re.compile(r"\$\{(\w+)")


def compose() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def unit(name: str) -> RawConfigParser:
    found = RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    found.read(SERVER / name, "utf-8")
    return found


def test_the_image_installs_only_what_is_locked_on_a_small_base_of_one_version() -> None:
    installs = [step.words for step in STEPS if step.kind == "RUN" and "pip install" in step.words]

    assert {step.words.partition(" ")[0] for step in STEPS if step.kind == "FROM"} == {"python:${PYTHON}"}
    assert re.fullmatch(r"PYTHON=3\.1[1-9]-slim-[a-z]+", image.last(STEPS, "ARG").words)
    assert [("--require-hashes" in words) != ("--no-index" in words) for words in installs] == [True, True]
    assert not re.search(r"\b(?:curl|wget|ADD)\b", " ".join(f"{step.kind} {step.words}" for step in STEPS))


def test_the_image_runs_as_nobody_special_and_keeps_its_data_in_a_volume() -> None:
    given = {name: value for name, value in image.environment(IN_THE_END).items() if name.startswith("PMPATH_")}
    user, *after = IN_THE_END[[step.kind for step in IN_THE_END].index("USER") :]

    assert int(user.words.partition(":")[0]) >= 1000
    assert not {"RUN", "COPY", "USER"} & {step.kind for step in after}
    assert given.keys() <= Settings.variables().keys()
    assert given["PMPATH_DATA_DIR"] == image.last(after, "VOLUME").words == image.last(after, "WORKDIR").words
    assert given["PMPATH_PORT"] == image.last(after, "EXPOSE").words
    assert "'/healthz'" in image.last(after, "HEALTHCHECK").words


def test_what_the_image_copies_is_there_and_let_through_and_no_secret_is() -> None:
    copied = [step.words.split()[:-1] for step in STEPS if step.kind == "COPY" and not step.words.startswith("--")]
    names = {name for words in copied for name in words}

    assert names >= {room for room in ROOMS if room != "tests"}
    assert [name for name in names if not (ROOT / name).exists() or image.ignored(name, IGNORED)] == []
    assert not image.ignored("content/data/zh.yaml", IGNORED)
    for kept_out in (".env", "data/pmpath.sqlite3", ".git/config", ".venv/bin/python", "bot/__pycache__/a.pyc"):
        assert image.ignored(kept_out, IGNORED), kept_out


def test_compose_passes_settings_alone_and_opens_the_port_to_this_machine_alone() -> None:
    services = compose()["services"]
    ours = services["pmpath"]
    asked = set(VARIABLE.findall((ROOT / "compose.yaml").read_text("utf-8")))

    assert ours["environment"].keys() <= Settings.variables().keys()
    assert asked - Settings.variables().keys() == {"POSTGRES_PASSWORD"}
    assert ours["env_file"] == [{"path": ".env", "required": False}]
    assert [port.partition(":")[0] for port in ours["ports"]] == ["127.0.0.1"]
    assert "ports" not in services["postgres"]
    assert ours["environment"]["PMPATH_DATA_DIR"] == ours["volumes"][0].partition(":")[2]


def test_compose_takes_rights_away_and_waits_for_the_drain_and_for_postgresql() -> None:
    services = compose()["services"]
    ours, postgres = services["pmpath"], services["postgres"]

    assert (ours["read_only"], ours["cap_drop"], ours["tmpfs"]) == (True, ["ALL"], ["/tmp"])
    for service in services.values():
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["restart"] == "unless-stopped"
        assert float(service["stop_grace_period"].removesuffix("s")) > SHUTDOWN_SECONDS
    assert postgres["profiles"] == ["postgres"]
    assert ours["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}
    assert postgres["healthcheck"]["test"][1] == "pg_isready"
    assert {volume.partition(":")[0] for each in services.values() for volume in each["volumes"]} == {
        *compose()["volumes"]
    }


def test_the_unit_takes_rights_away_and_waits_for_the_drain() -> None:
    service = unit("pmpath.service")["Service"]

    assert float(service["TimeoutStopSec"]) > SHUTDOWN_SECONDS
    assert service["User"] == service["StateDirectory"] == "pmpath"
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert service["RestartPreventExitStatus"] == "2"
    assert service["OOMPolicy"] == "continue", "a worker without memory takes nobody along"
    assert (service["ProtectSystem"], service["NoNewPrivileges"], service["CapabilityBoundingSet"]) == (
        "strict", "yes", "",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["pmpath.service", "pmpath-backup.timer"])
def test_systemd_where_it_is_here_finds_nothing_wrong_with_the_units(name: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    for file in SERVER.glob("pmpath*"):
        words = file.read_text("utf-8").replace("/opt/pmpath/.venv/bin/pmpath", "/bin/true")
        (tmp_path / file.name).write_text(words, "utf-8")
    if analyze:
        done = subprocess.run(
            [analyze, "verify", "--man=no", tmp_path / name], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
