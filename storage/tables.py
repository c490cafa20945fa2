"""The tables, in the two column types that SQLite's STRICT and PostgreSQL both take: BIGINT and TEXT.

Moments are microseconds (`storage/moments.py`), truths are 0 or 1, JSON is text that we encode ourselves. All
that belongs to a member hangs on `member` and goes with it. Ids are never given twice, not even after an
erasure: a button in an old message must not come to mean somebody else's row.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint, text

from storage.learning_tables import hidden_resource, member_region, own_link, resource_state, skill_state
from storage.mentor_tables import (
    matching_day,
    mentor_ask,
    mentor_invitation,
    mentor_offer,
    mentor_pool,
    mentor_report,
    mentor_request,
    mentor_round,
    mentorship,
    not_with,
    round_pair,
)
from storage.point_tables import (
    allowance,
    appearance,
    award,
    community_view,
    digest,
    digest_line,
    histogram,
    standing,
)
from storage.running_tables import pace, slack_installation, slack_state, tombstone
from storage.schema import BI, metadata, owner, row_id
from storage.tip_tables import audit, library_use, moderator_note, posting, schedule, tip, tip_deed

__all__ = [
    "BI",
    "allowance",
    "answer",
    "appearance",
    "audit",
    "award",
    "community",
    "community_view",
    "digest",
    "digest_line",
    "draft",
    "hidden_resource",
    "histogram",
    "library_use",
    "matching_day",
    "member",
    "member_region",
    "mentor_ask",
    "mentor_invitation",
    "mentor_offer",
    "mentor_pool",
    "mentor_report",
    "mentor_request",
    "mentor_round",
    "mentorship",
    "metadata",
    "moderator",
    "moderator_note",
    "not_with",
    "note",
    "opinion",
    "outbox",
    "own_link",
    "pace",
    "posting",
    "resource_state",
    "result",
    "round_pair",
    "run",
    "schedule",
    "seen_event",
    "share",
    "skill_state",
    "slack_installation",
    "slack_state",
    "standing",
    "tip",
    "tip_deed",
    "tombstone",
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
    Column("fading_at", BI),
    UniqueConstraint("community_id", "uid"),
    Index(
        "ix_member_fading_at",
        "fading_at",
        sqlite_where=text("fading_at IS NOT NULL"),
        postgresql_where=text("fading_at IS NOT NULL"),
    ),
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
