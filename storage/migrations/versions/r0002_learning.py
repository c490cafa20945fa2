"""What members learn: skills and resources with their state, opinions on a result, shares, a community's own links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BI = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _opinions()
    _shares()
    _states()
    _regions()
    _own_links()


def downgrade() -> None:
    for table in ("hidden_resource", "own_link", "member_region", "resource_state", "skill_state", "share", "opinion"):
        op.drop_table(table)
    op.execute("DELETE FROM outbox WHERE notice = 'result.shared'")


def _opinions() -> None:
    op.create_table(
        "opinion",
        sa.Column("result_id", BI, autoincrement=False, nullable=False),
        sa.Column("fits", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=True),
        sa.Column("at", BI, nullable=False),
        _belongs_to("result", "opinion"),
        sa.PrimaryKeyConstraint("result_id", name="pk_opinion"),
        sqlite_strict=True,
    )


def _shares() -> None:
    op.create_table(
        "share",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        sa.Column("result_id", BI, nullable=False),
        sa.Column("outbox_id", BI, nullable=False),
        sa.Column("at", BI, nullable=False),
        _belongs_to("result", "share"),
        sa.PrimaryKeyConstraint("id", name="pk_share"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_share_result_id", "share", ["result_id"])
    op.create_index("ix_share_outbox_id", "share", ["outbox_id"])


def _states() -> None:
    """One state of a skill, whatever the track; and of a resource, ours or the community's own."""
    for table, what, more in (
        ("skill_state", "skill", [sa.Column("state", sa.Text(), nullable=False)]),
        ("resource_state", "resource", []),
    ):
        op.create_table(
            table,
            sa.Column("member_id", BI, autoincrement=False, nullable=False),
            sa.Column(what, sa.Text(), nullable=False),
            *more,
            sa.Column("said", sa.Text(), nullable=True),
            sa.Column("at", BI, nullable=False),
            _belongs_to("member", table),
            sa.PrimaryKeyConstraint("member_id", what, name=f"pk_{table}"),
            sqlite_strict=True,
        )


def _regions() -> None:
    op.create_table(
        "member_region",
        sa.Column("member_id", BI, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        _belongs_to("member", "member_region"),
        sa.PrimaryKeyConstraint("member_id", "region", name="pk_member_region"),
        sqlite_strict=True,
    )


def _own_links() -> None:
    op.create_table(
        "own_link",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        sa.Column("community_id", BI, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", BI, nullable=False),
        _belongs_to("community", "own_link"),
        sa.PrimaryKeyConstraint("id", name="pk_own_link"),
        sa.UniqueConstraint("community_id", "address", "skill", name="uq_own_link_community_id_address_skill"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hidden_resource",
        sa.Column("community_id", BI, autoincrement=False, nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("at", BI, nullable=False),
        _belongs_to("community", "hidden_resource"),
        sa.PrimaryKeyConstraint("community_id", "resource", name="pk_hidden_resource"),
        sqlite_strict=True,
    )


def _belongs_to(parent: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{parent}_id"], [f"{parent}.id"], name=f"fk_{table}_{parent}_id", ondelete="CASCADE"
    )
