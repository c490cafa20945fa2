"""The tables of weekly tips, of what moderators are told about them, and of what moderators did."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.schema import BI, metadata, owner, row_id

tip = Table(
    "tip",
    metadata,
    row_id(),
    owner("community"),
    Column("outcome", Text, nullable=False),
    Column("title_en", Text),
    Column("text_en", Text),
    Column("title_zh", Text),
    Column("text_zh", Text),
    Column("link", Text),
    Column("state", Text, nullable=False),
    Column("place", BI, nullable=False),
    Column("rev", BI, nullable=False),
    Column("suggested_by", BI, ForeignKey("member.id", ondelete="SET NULL")),
    Column("at", BI, nullable=False),
    Index("ix_tip_community_id_state_place", "community_id", "state", "place"),
    Index("ix_tip_suggested_by", "suggested_by"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

library_use = Table(
    "library_use",
    metadata,
    Column("community_id", BI, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("tip", Text, primary_key=True),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)

schedule = Table(
    "schedule",
    metadata,
    row_id(),
    owner("community"),
    Column("outcome", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("weekday", BI, nullable=False),
    Column("minute", BI, nullable=False),
    Column("zone", Text, nullable=False),
    Column("weeks", BI, nullable=False),
    Column("state", Text, nullable=False),
    Column("asks", BI, nullable=False),
    Column("last_outcome", Text),
    Column("next_at", BI, nullable=False),
    Column("fire_at", BI, nullable=False),
    Column("asked_for", Text),
    Column("proposed", Text),
    Column("agreed", BI),
    Column("trouble", Text),
    Column("rev", BI, nullable=False),
    Column("at", BI, nullable=False),
    UniqueConstraint("community_id", "outcome"),
    Index("ix_schedule_state_fire_at", "state", "fire_at"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

posting = Table(
    "posting",
    metadata,
    row_id(),
    owner("community"),
    Column("slot", Text, nullable=False, unique=True),
    Column("schedule_id", BI, ForeignKey("schedule.id", ondelete="SET NULL")),
    Column("outcome", Text, nullable=False),
    Column("tip", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("post_at", BI, nullable=False),
    Column("state", Text, nullable=False),
    Column("outbox_id", BI),
    Column("pressed_at", BI),
    Column("at", BI, nullable=False),
    Index("ix_posting_community_id_post_at", "community_id", "post_at"),
    Index("ix_posting_schedule_id", "schedule_id"),
    Index("ix_posting_outbox_id", "outbox_id"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

tip_deed = Table(
    "tip_deed",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("tip", Text, primary_key=True),
    Column("deed", Text, primary_key=True),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)

moderator_note = Table(
    "moderator_note",
    metadata,
    row_id(),
    owner("community"),
    Column("key", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("ids", Text, nullable=False),
    Column("at", BI, nullable=False),
    Column("settled_at", BI),
    UniqueConstraint("community_id", "key"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    row_id(),
    owner("community"),
    Column("member_id", BI, ForeignKey("member.id", ondelete="SET NULL")),
    Column("deed", Text, nullable=False),
    Column("ids", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("undone_at", BI),
    Column("at", BI, nullable=False),
    Index("ix_audit_community_id_at", "community_id", "at"),
    Index("ix_audit_member_id", "member_id"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
