"""The first tables: communities, members, runs, answers, results, drafts, the outbox, seen events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BI = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _communities()
    _members()
    _runs()
    _answers()
    _drafts()
    _outbox()
    _seen_events()
    _notes()


def downgrade() -> None:
    for table in (
        "note",
        "seen_event",
        "outbox",
        "draft",
        "result",
        "answer",
        "run",
        "moderator",
        "member",
        "community",
    ):
        op.drop_table(table)


def _communities() -> None:
    op.create_table(
        "community",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("ext_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_community"),
        sa.UniqueConstraint("platform", "ext_id", name="uq_community_platform_ext_id"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _members() -> None:
    op.create_table(
        "member",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        sa.Column("community_id", BI, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("app_language", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("tell_here", BI, nullable=False),
        sa.Column("created_at", BI, nullable=False),
        sa.Column("seen_at", BI, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        _belongs_to("community", "member"),
        sa.UniqueConstraint("community_id", "uid", name="uq_member_community_id_uid"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "moderator",
        sa.Column("community_id", BI, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ext_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "kind", "ext_id", name="pk_moderator"),
        _belongs_to("community", "moderator"),
        sqlite_strict=True,
    )


def _runs() -> None:
    op.create_table(
        "run",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        sa.Column("member_id", BI, nullable=False),
        sa.Column("bank_version", sa.Text(), nullable=False),
        sa.Column("rev", BI, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", BI, nullable=False),
        sa.Column("updated_at", BI, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        _belongs_to("member", "run"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_member_id", "run", ["member_id"])
    op.create_index("ix_run_status_started_at", "run", ["status", "started_at"])
    is_open = sa.text("status = 'open'")
    op.create_index("uq_run_open", "run", ["member_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open)


def _answers() -> None:
    op.create_table(
        "answer",
        sa.Column("run_id", BI, autoincrement=False, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("place", BI, nullable=False),
        sa.Column("at", BI, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "item", name="pk_answer"),
        _belongs_to("run", "answer"),
        sqlite_strict=True,
    )
    op.create_table(
        "result",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        sa.Column("member_id", BI, nullable=False),
        sa.Column("run_id", BI, nullable=False),
        sa.Column("bank_version", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("texts_hash", sa.Text(), nullable=False),
        sa.Column("at", BI, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_result"),
        _belongs_to("member", "result"),
        _belongs_to("run", "result"),
        sa.UniqueConstraint("run_id", name="uq_result_run_id"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_result_member_id_at", "result", ["member_id", "at"])


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("member_id", BI, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", BI, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "name", name="pk_draft"),
        _belongs_to("member", "draft"),
        sqlite_strict=True,
    )
    op.create_index("ix_draft_at", "draft", ["at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("community_id", BI, nullable=False),
        sa.Column("member_id", BI, nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("due_at", BI, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("claimed_at", BI, nullable=True),
        sa.Column("lease_until", BI, nullable=True),
        sa.Column("unsure_since", BI, nullable=True),
        sa.Column("attempt", BI, nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("at", BI, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        _belongs_to("community", "outbox"),
        _belongs_to("member", "outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_member_id_state", "outbox", ["member_id", "state"])


def _seen_events() -> None:
    op.create_table(
        "seen_event",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("at", BI, nullable=False),
        sa.PrimaryKeyConstraint("platform", "event_id", name="pk_seen_event"),
        sqlite_strict=True,
    )
    op.create_index("ix_seen_event_at", "seen_event", ["at"])


def _notes() -> None:
    op.create_table(
        "note",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_note"),
        sqlite_strict=True,
    )


def _belongs_to(owner: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{owner}_id"], [f"{owner}.id"], name=f"fk_{table}_{owner}_id", ondelete="CASCADE")
