"""`pmpath db restore`: a backup in the place of the database, without who was erased since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.going_on import going_on
from bot.cli.stop import settings_or_stop, stop
from bot.clock import real_now
from storage import faults, restoring
from storage.errors import StoreError
from storage.restoring import Restored


def restore(
    file: Annotated[Path, typer.Argument(help="A backup, or a copy from before an upgrade.")],
    erased: Annotated[
        str | None,
        typer.Option(
            "--erased",
            help="Who was erased since, where the database that is there cannot tell: a list that ends in .erased, "
            "the address of the database of before, or none.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Puts a backup in the place of the database; stop the bot first. What was there is kept as a copy.

    It is looked at first, brought up to this version, and whoever was erased since it was made is erased again.
    On PostgreSQL it goes into an empty database.
    """
    settings = settings_or_stop()
    try:
        faults.make_folder(settings.data_dir)
        with going_on("Restore") as told:
            restored = restoring.restore(
                file.absolute(), settings.database_url, settings.data_dir.absolute(), erased, real_now(), told
            )
    except StoreError as error:
        stop(error.sentence)
    except OSError as error:
        stop(f"{error.filename or file} cannot be used ({error.strerror}). Nothing was changed.")
    for line in _said(file, restored):
        typer.echo(line)


def _said(file: Path, restored: Restored) -> Iterator[str]:
    yield f"{file} is in place: {restored.rows:,} rows, at this version."
    if restored.by:
        yield f"Erased again, by {' and '.join(restored.by)}: {_erased(restored)}."
    else:
        yield "Nobody was erased again, as you said: members who deleted their data since the backup are there again."
    if restored.unsure:
        posts = "1 post" if restored.unsure == 1 else f"{restored.unsure:,} posts"
        yield f"{posts} waited when it was made and may have gone out since: moderators find them on Home."
    if restored.kept:
        yield f"What was there is kept as {restored.kept}, for 30 days at most."


def _erased(restored: Restored) -> str:
    if not restored.members and not restored.communities:
        return "nobody, none of them is in this backup"
    members = "1 member" if restored.members == 1 else f"{restored.members:,} members"
    communities = "1 community" if restored.communities == 1 else f"{restored.communities:,} communities"
    return f"{members} and {communities}"
