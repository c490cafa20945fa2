"""Points: the ledger and its limits, who stands on boards, standings and histogram, digests, the community's view."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BI = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _awards()
    _appearances()
    _standings()
    _histogram()
    _digests()
    _views()


def downgrade() -> None:
    """What only this revision's program can read goes too: its posts, and its lines of the audit."""
    tables = ("community_view", "digest_line", "digest", "histogram", "standing", "appearance", "allowance", "award")
    for table in tables:
        op.drop_table(table)
    op.execute("DELETE FROM outbox WHERE notice = 'boards.digest'")
    op.execute("DELETE FROM audit WHERE deed IN ('points.adjusted', 'boards.left-out', 'digest.set', 'digest.off')")


def _awards() -> None:
    op.create_table(
        "award",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        _number("member_id"),
        _text("deed"),
        _text("key"),
        sa.Column("outcome", sa.Text(), nullable=True),
        _number("points"),
        _number("day"),
        sa.Column("reason", sa.Text(), nullable=True),
        _number("at"),
        _belongs_to("member", "award"),
        sa.PrimaryKeyConstraint("id", name="pk_award"),
        sa.UniqueConstraint("member_id", "deed", "key", name="uq_award_member_id_deed_key"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "allowance",
        _key("member_id"),
        _text("week"),
        _number("used"),
        _number("most"),
        sa.CheckConstraint("used <= most", name="ck_allowance_most"),
        _belongs_to("member", "allowance"),
        sa.PrimaryKeyConstraint("member_id", "week", name="pk_allowance"),
        sqlite_strict=True,
    )


def _appearances() -> None:
    op.create_table(
        "appearance",
        _key("member_id"),
        sa.Column("shown", BI, nullable=True),
        _number("left_out"),
        sa.Column("away_at", BI, nullable=True),
        sa.Column("looked_at", BI, nullable=True),
        _number("at"),
        _belongs_to("member", "appearance"),
        sa.PrimaryKeyConstraint("member_id", name="pk_appearance"),
        sqlite_strict=True,
    )
    left_out = sa.text("left_out = 1")
    op.create_index(
        "ix_appearance_left_out", "appearance", ["member_id"], sqlite_where=left_out, postgresql_where=left_out
    )


def _standings() -> None:
    op.create_table(
        "standing",
        _key("member_id"),
        _text("board"),
        _text("season"),
        _number("community_id"),
        _number("points"),
        _belongs_to("member", "standing"),
        _belongs_to("community", "standing"),
        sa.PrimaryKeyConstraint("member_id", "board", "season", name="pk_standing"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_standing_board", "standing", ["community_id", "board", "season", "points", "member_id"])


def _histogram() -> None:
    op.create_table(
        "histogram",
        _key("community_id"),
        _text("board"),
        _text("season"),
        _key("level"),
        _key("points"),
        _number("members"),
        _belongs_to("community", "histogram"),
        sa.PrimaryKeyConstraint("community_id", "board", "season", "level", "points", name="pk_histogram"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _digests() -> None:
    op.create_table(
        "digest",
        _key("community_id"),
        _text("season"),
        _text("channel"),
        _number("next_at"),
        _number("at"),
        _belongs_to("community", "digest"),
        sa.PrimaryKeyConstraint("community_id", name="pk_digest"),
        sqlite_strict=True,
    )
    op.create_index("ix_digest_next_at", "digest", ["next_at"])
    op.create_table(
        "digest_line",
        _key("outbox_id"),
        _key("member_id"),
        _number("rank"),
        _number("points"),
        _belongs_to("member", "digest_line"),
        sa.PrimaryKeyConstraint("outbox_id", "member_id", name="pk_digest_line"),
        sqlite_strict=True,
    )
    op.create_index("ix_digest_line_member_id", "digest_line", ["member_id"])


def _views() -> None:
    op.create_table(
        "community_view",
        _key("community_id"),
        _text("figures"),
        _number("at"),
        _belongs_to("community", "community_view"),
        sa.PrimaryKeyConstraint("community_id", name="pk_community_view"),
        sqlite_strict=True,
    )


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, BI, autoincrement=False, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, BI, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _belongs_to(parent: str, table: str) -> sa.ForeignKeyConstraint:
    """The rows go with their parent."""
    return sa.ForeignKeyConstraint(
        [f"{parent}_id"], [f"{parent}.id"], name=f"fk_{table}_{parent}_id", ondelete="CASCADE"
    )
