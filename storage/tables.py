"""The tables, in the two column types that SQLite's STRICT and PostgreSQL both take: BIGINT and TEXT.

Moments are microseconds (`storage/moments.py`), truths are 0 or 1, JSON is text that we encode ourselves. All
that belongs to a member hangs on `member` and goes with it. Ids are never given twice, not even after an
erasure: a button in an old message must not come to mean somebody else's row.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint, text

from storage.schema import BI, metadata, owner, row_id
from storage.tip_tables import audit, library_use, moderator_note, posting, schedule, tip, tip_deed

__all__ = [
    "BI",
    "answer",
    "audit",
    "community",
    "draft",
    "hidden_resource",
    "library_use",
    "member",
    "member_region",
    "metadata",
    "moderator",
    "moderator_note",
    "note",
    "opinion",
    "outbox",
    "own_link",
    "posting",
    "resource_state",
    "result",
    "run",
    "schedule",
    "seen_event",
    "share",
    "skill_state",
    "tip",
    "tip_deed",
]

community = Table(
    "community",
    metadata,
    row_id(),
    Column("platform", Text, nullable=False),
    Column("ext_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("left_at", BI),
    UniqueConstraint("platform", "ext_id"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

member = Table(
    "member",
    metadata,
    row_id(),
    owner("community"),
    Column("uid", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text),
    Column("app_language", Text),
    Column("zone", Text),
    Column("tell_here", BI, nullable=False),
    Column("created_at", BI, nullable=False),
    Column("seen_at", BI, nullable=False),
    UniqueConstraint("community_id", "uid"),
    Index("ix_member_told", "community_id", sqlite_where=text("tell_here = 1"), postgresql_where=text("tell_here = 1")),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

moderator = Table(
    "moderator",
    metadata,
    Column(
        "community_id",
        BI,
        ForeignKey("community.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("kind", Text, primary_key=True),
    Column("ext_id", Text, primary_key=True),
    sqlite_strict=True,
)

run = Table(
    "run",
    metadata,
    row_id(),
    owner("member"),
    Column("bank_version", Text, nullable=False),
    Column("rev", BI, nullable=False),
    Column("status", Text, nullable=False),
    Column("started_at", BI, nullable=False),
    Column("updated_at", BI, nullable=False),
    Index("ix_run_member_id", "member_id"),
    Index("ix_run_status_started_at", "status", "started_at"),
    Index(
        "uq_run_open",
        "member_id",
        unique=True,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

answer = Table(
    "answer",
    metadata,
    Column("run_id", BI, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("item", Text, primary_key=True),
    Column("choice", Text, nullable=False),
    Column("place", BI, nullable=False),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)

result = Table(
    "result",
    metadata,
    row_id(),
    owner("member"),
    Column("run_id", BI, ForeignKey("run.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("bank_version", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("texts_hash", Text, nullable=False),
    Column("at", BI, nullable=False),
    Index("ix_result_member_id_at", "member_id", "at"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

opinion = Table(
    "opinion",
    metadata,
    Column("result_id", BI, ForeignKey("result.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("fits", Text, nullable=False),
    Column("job", Text),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)

share = Table(
    "share",
    metadata,
    row_id(),
    owner("result"),
    Column("outbox_id", BI, nullable=False),
    Column("at", BI, nullable=False),
    Index("ix_share_result_id", "result_id"),
    Index("ix_share_outbox_id", "outbox_id"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

skill_state = Table(
    "skill_state",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("skill", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("said", Text),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)

resource_state = Table(
    "resource_state",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("resource", Text, primary_key=True),
    Column("said", Text),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)

member_region = Table(
    "member_region",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("region", Text, primary_key=True),
    sqlite_strict=True,
)

own_link = Table(
    "own_link",
    metadata,
    row_id(),
    owner("community"),
    Column("title", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("skill", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("at", BI, nullable=False),
    UniqueConstraint("community_id", "address", "skill"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

hidden_resource = Table(
    "hidden_resource",
    metadata,
    Column("community_id", BI, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("resource", Text, primary_key=True),
    Column("at", BI, nullable=False),
    sqlite_strict=True,
)

draft = Table(
    "draft",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("fields", Text, nullable=False),
    Column("at", BI, nullable=False),
    Index("ix_draft_at", "at"),
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    metadata,
    row_id(),
    Column("key", Text, nullable=False, unique=True),
    owner("community"),
    owner("member", optional=True),
    Column("channel", Text),
    Column("notice", Text, nullable=False),
    Column("ids", Text, nullable=False),
    Column("due_at", BI, nullable=False),
    Column("post_at", BI),
    Column("state", Text, nullable=False),
    Column("owner", Text),
    Column("claimed_at", BI),
    Column("lease_until", BI),
    Column("unsure_since", BI),
    Column("attempt", BI, nullable=False),
    Column("remote_id", Text),
    Column("error", Text),
    Column("at", BI, nullable=False),
    Index(
        "ix_outbox_posts",
        "state",
        "due_at",
        sqlite_where=text("member_id IS NULL"),
        postgresql_where=text("member_id IS NULL"),
    ),
    Index(
        "ix_outbox_messages",
        "state",
        "due_at",
        sqlite_where=text("member_id IS NOT NULL"),
        postgresql_where=text("member_id IS NOT NULL"),
    ),
    Index("ix_outbox_member_id_state", "member_id", "state"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

note = Table(
    "note",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

seen_event = Table(
    "seen_event",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("at", BI, nullable=False),
    Index("ix_seen_event_at", "at"),
    sqlite_strict=True,
)
