"""Running it for real: Slack's installations, shared paces, erasures that a restored backup repeats, long absences."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BI = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _slack_installation()
    _slack_state()
    _tombstone()
    _pace()
    _fading()


def downgrade() -> None:
    """Slack's tokens go, and the list of erasures that a restored backup would repeat."""
    op.drop_index("ix_member_fading_at", "member")
    anew, strict = _anew()
    with op.batch_alter_table("member", recreate=anew, table_kwargs=strict) as changed:
        changed.drop_column("fading_at")
    for table in ("pace", "tombstone", "slack_state", "slack_installation"):
        op.drop_table(table)
    op.execute("DELETE FROM audit WHERE deed = 'member.erased'")


def _slack_installation() -> None:
    op.create_table(
        "slack_installation",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        _text("place"),
        sa.Column("enterprise_id", sa.Text(), nullable=True),
        _text("name"),
        _text("bot_user_id"),
        _text("bot_id"),
        _text("scopes"),
        _text("token"),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("expires_at", BI, nullable=True),
        _number("rev"),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", BI, nullable=True),
        _number("at"),
        sa.PrimaryKeyConstraint("id", name="pk_slack_installation"),
        sa.UniqueConstraint("place", name="uq_slack_installation_place"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _slack_state() -> None:
    op.create_table(
        "slack_state",
        _text("digest"),
        _number("at"),
        sa.PrimaryKeyConstraint("digest", name="pk_slack_state"),
        sqlite_strict=True,
    )
    op.create_index("ix_slack_state_at", "slack_state", ["at"])


def _tombstone() -> None:
    op.create_table(
        "tombstone",
        _text("kind"),
        sa.Column("row_id", BI, autoincrement=False, nullable=False),
        _number("at"),
        sa.PrimaryKeyConstraint("kind", "row_id", name="pk_tombstone"),
        sqlite_strict=True,
    )


def _pace() -> None:
    op.create_table(
        "pace",
        _text("name"),
        _number("ready_at"),
        sa.PrimaryKeyConstraint("name", name="pk_pace"),
        sqlite_strict=True,
    )


def _fading() -> None:
    anew, strict = _anew()
    with op.batch_alter_table("member", recreate=anew, table_kwargs=strict) as changed:
        changed.add_column(sa.Column("fading_at", BI, nullable=True))
    some = sa.text("fading_at IS NOT NULL")
    op.create_index("ix_member_fading_at", "member", ["fading_at"], sqlite_where=some, postgresql_where=some)


def _anew() -> tuple[Literal["always", "never"], dict[str, bool]]:
    """SQLite's table is built anew, so that it reads as one made today."""
    anew: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    return anew, {"sqlite_strict": True, "sqlite_autoincrement": True}


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, BI, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
