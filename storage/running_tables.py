"""The tables of running it: Slack's installations, shared paces, and what was erased.

Nothing here belongs to a member. A tombstone is the number of an erased row and the moment: a backup from before,
put back, still has that row, and it is erased again.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from storage.schema import BI, metadata, row_id

slack_installation = Table(
    "slack_installation",
    metadata,
    row_id(),
    Column("place", Text, nullable=False),
    Column("enterprise_id", Text),
    Column("name", Text, nullable=False),
    Column("bot_user_id", Text, nullable=False),
    Column("bot_id", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("refresh_token", Text),
    Column("expires_at", BI),
    Column("rev", BI, nullable=False),
    Column("owner", Text),
    Column("lease_until", BI),
    Column("at", BI, nullable=False),
    UniqueConstraint("place"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""`place` is the workspace's id, or the organisation's where it was installed for all of it; tokens are encrypted."""

slack_state = Table(
    "slack_state",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("at", BI, nullable=False),
    Index("ix_slack_state_at", "at"),
    sqlite_strict=True,
)
"""Installations that somebody began: the digest of what Slack must bring back."""

tombstone = Table(
    "tombstone",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("row_id", BI, primary_key=True, autoincrement=False),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)

pace = Table(
    "pace",
    metadata,
    Column("name", Text, primary_key=True),
    Column("ready_at", BI, nullable=False),
    sqlite_strict=True,
)
"""From when on the next one may go out, for several processes that send by one pace."""
