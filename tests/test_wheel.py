"""`pip install .` gives a working program: the wheel is built, installed by itself and started, without a network."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests import image
from tests.program import ROOT, free_port

SETUPTOOLS_LEAST = 77  # pyproject.toml's build-system
BUILD_SECONDS = 90.0
START_SECONDS = 90.0
STOP_SECONDS = 60.0
ROOMS = ("bot", "commands", "content", "storage")
READ_AT_RUN_TIME = {".yaml", ".html", ".js", ".css", ".svg"}
INSIDE = {
    "content/data/zh.yaml",
    "content/data/tips/hybrid.zh.yaml",
    "storage/migrations/env.py",
    "storage/migrations/versions/r0001_first.py",
}


@dataclass(frozen=True, slots=True)
class Installed:
    """The program in an environment of its own, and an empty folder to start it in."""

    wheel: Path
    environment: Path
    folder: Path

    @property
    def site_packages(self) -> Path:
        return _site_packages(self.environment)

    @property
    def log(self) -> str:
        """What `pmpath run` wrote."""
        return (self.folder / "log").read_text("utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A program command to its end."""
        return _run(self.environment / "bin" / "pmpath", *words, folder=self.folder)

    def where(self, module: str) -> Path:
        """The file that the environment takes a module from."""
        script = f"import {module}; print({module}.__file__)"
        found = _run(self.environment / "bin" / "python", "-c", script, folder=self.folder)
        return Path(found.stdout.strip())


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    _needs_the_locked_setuptools()
    place = tmp_path_factory.mktemp("wheel")
    _copy_of_what_git_knows(place / "source")
    build = ("-m", "build", "--wheel", "--no-isolation", "--outdir", str(place / "dist"), str(place / "source"))
    _run(Path(sys.executable), *build, folder=place)
    (wheel,) = (place / "dist").glob("*.whl")
    environment = place / "environment"
    venv.create(environment, with_pip=False)
    install = ("install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel))
    _run(Path(sys.executable), "-m", "pip", "--python", str(environment / "bin" / "python"), *install, folder=place)
    # The dependencies of this environment, by a path whose own .pth files, and so an editable install, are not read.
    libraries = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (_site_packages(environment) / "libraries.pth").write_text("\n".join(libraries), "utf-8")
    (place / "empty").mkdir()
    return Installed(wheel, environment, place / "empty")


@pytest.mark.slow
def test_the_wheel_holds_every_file_that_is_read_at_run_time(installed: Installed) -> None:
    wanted = {
        file.relative_to(ROOT).as_posix()
        for room in ROOMS
        for file in (ROOT / room).rglob("*")
        if file.suffix in READ_AT_RUN_TIME
    }
    with zipfile.ZipFile(installed.wheel) as wheel:
        held = set(wheel.namelist())

    assert wanted
    assert sorted((wanted | INSIDE) - held) == []
    assert [name for name in held if name.startswith(("tests/", "docs/"))] == []


@pytest.mark.slow
def test_the_installed_program_runs_from_its_own_files_and_finds_its_content_sound(installed: Installed) -> None:
    checked = installed.run("content", "check")

    assert checked.stdout.startswith("ok: questionnaire ")
    assert "; 208 tips (" in checked.stdout
    for room in ROOMS:
        assert installed.where(room).is_relative_to(installed.site_packages)


@pytest.mark.slow
async def test_started_as_the_image_does_it_serves_its_page_and_is_healthy_until_it_is_stopped(
    installed: Installed,
) -> None:
    """The Dockerfile's ENV, ENTRYPOINT and HEALTHCHECK. `python -m tests.image` does all of its steps, as its user."""
    (*_, steps) = image.stages(image.steps((ROOT / "Dockerfile").read_text("utf-8")))
    port = free_port()
    environ = _as_in_the_image(installed, image.environment(steps), port)
    with _running(installed, environ, *image.last(steps, "ENTRYPOINT").listed, *image.last(steps, "CMD").listed) as run:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            await _ready(client, run, installed)
            away = {"Host": "pm.example.org"}
            async with client.get("/", headers=away) as closed:
                assert closed.status == 401
            async with client.get("/", headers={**away, "Authorization": f"Bearer {image.KEY}"}) as page:
                assert "<title>pmpath" in await page.text()
        await asyncio.to_thread(image.until_healthy, steps, environ)
        run.terminate()
        assert await asyncio.to_thread(run.wait, STOP_SECONDS) == 0
        assert await asyncio.to_thread(image.health, steps, environ) != 0

    assert (installed.folder / "data" / "sandbox.sqlite3").is_file()


def _as_in_the_image(installed: Installed, given: dict[str, str], port: int) -> dict[str, str]:
    """What the image sets; the address and the places are this test's own."""
    ours = {"PMPATH_HOST": "127.0.0.1", "PMPATH_PORT": str(port), "PMPATH_ACCESS_KEY": image.KEY}
    data = {"PMPATH_DATA_DIR": str(installed.folder) + given["PMPATH_DATA_DIR"]}
    return {**_environ(), **given, **ours, **data, "PATH": f"{installed.environment / 'bin'}:{os.environ['PATH']}"}


def _needs_the_locked_setuptools() -> None:
    found = {one.version for one in importlib.metadata.distributions(name="setuptools")}
    if not any(int(version.partition(".")[0]) >= SETUPTOOLS_LEAST for version in found):
        reason = f"no setuptools from {SETUPTOOLS_LEAST} on is here; `make test` installs the locked one"
        if os.environ.get("PMPATH_TEST_NO_SKIPS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


def _copy_of_what_git_knows(target: Path) -> None:
    """The sources as they stand, without what .gitignore leaves out; building there leaves the checkout alone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        source, copy = ROOT / name, target / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)


def _run(program: Path, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [program, *words],
        cwd=folder, env=_environ(), capture_output=True, text=True, timeout=BUILD_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@contextmanager
def _running(installed: Installed, environ: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which(words[0], path=environ["PATH"])
    assert program == str(installed.environment / "bin" / "pmpath")
    with (installed.folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *words[1:]], cwd=installed.folder, env=environ, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _environ() -> dict[str, str]:
    """Nothing that would lead to the checkout, and no setting of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONWARNINGS": "ignore"}


def _site_packages(environment: Path) -> Path:
    return Path(sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)}))


async def _ready(client: aiohttp.ClientSession, process: subprocess.Popen[bytes], installed: Installed) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            assert process.poll() is None, installed.log
            try:
                async with client.get("/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
