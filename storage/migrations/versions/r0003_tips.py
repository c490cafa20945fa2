"""Weekly tips: queue, schedules, postings, deeds; notes for moderators; the audit; communities that left."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BI = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _add("community", "left_at")
    _add("outbox", "post_at")
    _lanes()
    _tips()
    _schedules()
    _postings()
    _deeds()
    _notes()
    _audit()


def downgrade() -> None:
    for table in ("audit", "moderator_note", "tip_deed", "posting", "schedule", "library_use", "tip"):
        op.drop_table(table)
    op.execute("DELETE FROM outbox WHERE notice LIKE 'tips.%' OR notice IN ('moderators.told', 'setup.test')")
    for name, table in (("ix_member_told", "member"), ("ix_outbox_messages", "outbox"), ("ix_outbox_posts", "outbox")):
        op.drop_index(name, table)
    _remove("outbox", "post_at")
    _remove("community", "left_at")
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])


def _add(table: str, column: str) -> None:
    """A moment that may be missing."""
    anew, strict = _anew()
    with op.batch_alter_table(table, recreate=anew, table_kwargs=strict) as changed:
        changed.add_column(sa.Column(column, BI, nullable=True))


def _remove(table: str, column: str) -> None:
    anew, strict = _anew()
    with op.batch_alter_table(table, recreate=anew, table_kwargs=strict) as changed:
        changed.drop_column(column)


def _anew() -> tuple[Literal["always", "never"], dict[str, bool]]:
    """SQLite's table is built anew, so that it reads as one made today."""
    anew: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    return anew, {"sqlite_strict": True, "sqlite_autoincrement": True}


def _lanes() -> None:
    """Posts and messages are claimed apart, each by an index of its own; so are those who are told found."""
    op.drop_index("ix_outbox_state_due_at", "outbox")
    for name, which in (("ix_outbox_posts", "member_id IS NULL"), ("ix_outbox_messages", "member_id IS NOT NULL")):
        where = sa.text(which)
        op.create_index(name, "outbox", ["state", "due_at"], sqlite_where=where, postgresql_where=where)
    told = sa.text("tell_here = 1")
    op.create_index("ix_member_told", "member", ["community_id"], sqlite_where=told, postgresql_where=told)


def _tips() -> None:
    words = [sa.Column(f"{what}_{language}", sa.Text()) for language in ("en", "zh") for what in ("title", "text")]
    op.create_table(
        "tip",
        _id(),
        _column("community_id"),
        _text("outcome"),
        *words,
        sa.Column("link", sa.Text(), nullable=True),
        _text("state"),
        _column("place"),
        _column("rev"),
        sa.Column("suggested_by", BI, nullable=True),
        _column("at"),
        _belongs_to("community", "tip"),
        _named_by("member", "tip", "suggested_by"),
        sa.PrimaryKeyConstraint("id", name="pk_tip"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tip_community_id_state_place", "tip", ["community_id", "state", "place"])
    op.create_index("ix_tip_suggested_by", "tip", ["suggested_by"])
    op.create_table(
        "library_use",
        sa.Column("community_id", BI, autoincrement=False, nullable=False),
        _text("tip"),
        _column("at"),
        _belongs_to("community", "library_use"),
        sa.PrimaryKeyConstraint("community_id", "tip", name="pk_library_use"),
        sqlite_strict=True,
    )


def _schedules() -> None:
    op.create_table(
        "schedule",
        _id(),
        _column("community_id"),
        _text("outcome"),
        _text("channel"),
        _column("weekday"),
        _column("minute"),
        _text("zone"),
        _column("weeks"),
        _text("state"),
        _column("asks"),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        _column("next_at"),
        _column("fire_at"),
        sa.Column("asked_for", sa.Text(), nullable=True),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("agreed", BI, nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        _column("rev"),
        _column("at"),
        _belongs_to("community", "schedule"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule"),
        sa.UniqueConstraint("community_id", "outcome", name="uq_schedule_community_id_outcome"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_schedule_state_fire_at", "schedule", ["state", "fire_at"])


def _postings() -> None:
    op.create_table(
        "posting",
        _id(),
        _column("community_id"),
        _text("slot"),
        sa.Column("schedule_id", BI, nullable=True),
        _text("outcome"),
        _text("tip"),
        _text("channel"),
        _column("post_at"),
        _text("state"),
        sa.Column("outbox_id", BI, nullable=True),
        sa.Column("pressed_at", BI, nullable=True),
        _column("at"),
        _belongs_to("community", "posting"),
        _named_by("schedule", "posting", "schedule_id"),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
        sa.UniqueConstraint("slot", name="uq_posting_slot"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_posting_community_id_post_at", "posting", ["community_id", "post_at"])
    op.create_index("ix_posting_schedule_id", "posting", ["schedule_id"])
    op.create_index("ix_posting_outbox_id", "posting", ["outbox_id"])


def _deeds() -> None:
    op.create_table(
        "tip_deed",
        sa.Column("member_id", BI, autoincrement=False, nullable=False),
        _text("tip"),
        _text("deed"),
        _column("at"),
        _belongs_to("member", "tip_deed"),
        sa.PrimaryKeyConstraint("member_id", "tip", "deed", name="pk_tip_deed"),
        sqlite_strict=True,
    )


def _notes() -> None:
    op.create_table(
        "moderator_note",
        _id(),
        _column("community_id"),
        _text("key"),
        _text("notice"),
        _text("ids"),
        _column("at"),
        sa.Column("settled_at", BI, nullable=True),
        _belongs_to("community", "moderator_note"),
        sa.PrimaryKeyConstraint("id", name="pk_moderator_note"),
        sa.UniqueConstraint("community_id", "key", name="uq_moderator_note_community_id_key"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _audit() -> None:
    op.create_table(
        "audit",
        _id(),
        _column("community_id"),
        sa.Column("member_id", BI, nullable=True),
        _text("deed"),
        _text("ids"),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("undone_at", BI, nullable=True),
        _column("at"),
        _belongs_to("community", "audit"),
        _named_by("member", "audit", "member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_community_id_at", "audit", ["community_id", "at"])
    op.create_index("ix_audit_member_id", "audit", ["member_id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", BI, autoincrement=True, nullable=False)


def _column(name: str) -> sa.Column[int]:
    return sa.Column(name, BI, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _belongs_to(parent: str, table: str) -> sa.ForeignKeyConstraint:
    """The rows go with their parent."""
    return sa.ForeignKeyConstraint(
        [f"{parent}_id"], [f"{parent}.id"], name=f"fk_{table}_{parent}_id", ondelete="CASCADE"
    )


def _named_by(parent: str, table: str, column: str) -> sa.ForeignKeyConstraint:
    """The row stays when what it names is gone."""
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=f"fk_{table}_{column}", ondelete="SET NULL")
