"""The tables of points: the ledger, its limits, who stands on boards, and what boards are read from."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema import BI, metadata, owner, row_id

award = Table(
    "award",
    metadata,
    row_id(),
    owner("member"),
    Column("deed", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("outcome", Text),
    Column("points", BI, nullable=False),
    Column("day", BI, nullable=False),
    Column("reason", Text),
    Column("at", BI, nullable=False),
    UniqueConstraint("member_id", "deed", "key"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""The ledger: lines are added, never changed. `day` is the community's local day (its ordinal) when it happened."""

allowance = Table(
    "allowance",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("week", Text, primary_key=True),
    Column("used", BI, nullable=False),
    Column("most", BI, nullable=False),
    CheckConstraint("used <= most", name="ck_allowance_most"),
    sqlite_strict=True,
)
"""How many of a week's limited points a member has had."""

appearance = Table(
    "appearance",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("shown", BI),
    Column("left_out", BI, nullable=False),
    Column("away_at", BI),
    Column("looked_at", BI),
    Column("at", BI, nullable=False),
    Index(
        "ix_appearance_left_out",
        "member_id",
        sqlite_where=text("left_out = 1"),
        postgresql_where=text("left_out = 1"),
    ),
    sqlite_strict=True,
)
"""Whether a member stands on boards: wants to, is not left out by moderators, was there when looked for last."""

standing = Table(
    "standing",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), nullable=False, autoincrement=False),
    Column("board", Text, nullable=False),
    Column("season", Text, nullable=False),
    owner("community"),
    Column("points", BI, nullable=False),
    PrimaryKeyConstraint("member_id", "board", "season"),
    Index("ix_standing_board", "community_id", "board", "season", "points", "member_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""The ledger's sums of those who stand on boards; on a board is who has more than none."""

histogram = Table(
    "histogram",
    metadata,
    Column("community_id", BI, ForeignKey("community.id", ondelete="CASCADE"), nullable=False, autoincrement=False),
    Column("board", Text, nullable=False),
    Column("season", Text, nullable=False),
    Column("level", BI, nullable=False),
    Column("points", BI, nullable=False),
    Column("members", BI, nullable=False),
    PrimaryKeyConstraint("community_id", "board", "season", "level", "points"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""How many members stand where: at level 0 for each number of points, at level 1 for each 256 of them."""

digest = Table(
    "digest",
    metadata,
    Column("community_id", BI, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("season", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("next_at", BI, nullable=False),
    Column("at", BI, nullable=False),
    Index("ix_digest_next_at", "next_at"),
    sqlite_strict=True,
)
"""A closed week or month that is told to a channel, where moderators have switched that on."""

digest_line = Table(
    "digest_line",
    metadata,
    Column("outbox_id", BI, nullable=False, autoincrement=False),
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), nullable=False, autoincrement=False),
    Column("rank", BI, nullable=False),
    Column("points", BI, nullable=False),
    PrimaryKeyConstraint("outbox_id", "member_id"),
    Index("ix_digest_line_member_id", "member_id"),
    sqlite_strict=True,
)
"""Whom a digest names; a post that names somebody who no longer wants that is taken back."""

community_view = Table(
    "community_view",
    metadata,
    Column("community_id", BI, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("figures", Text, nullable=False),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)
"""What the community card shows, until enough has changed for new figures to tell nothing of any one member."""
