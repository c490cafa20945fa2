"""Mentoring: offers and asks, requests and matches, who is kept apart, reports, matching days, invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BI = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = "state IN ('wished', 'open')"
COUNTED = {"sqlite_strict": True, "sqlite_autoincrement": True}
TABLES = ("mentor_offer", "mentor_ask", "mentor_request", "mentorship", "not_with", "mentor_report", "mentor_round",
          "round_pair", "matching_day", "mentor_invitation", "mentor_pool")  # fmt: skip


def upgrade() -> None:
    _mentor_offer_and_pool()
    _mentor_ask()
    _mentor_request()
    _mentorship()
    _kept_apart_and_reported()
    _mentor_round()
    _round_pair()
    _matching_day()
    _mentor_invitation()


def downgrade() -> None:
    """What only this revision's program can read goes too: messages, notes, lines of the audit, points for meetings."""
    for table in TABLES[::-1]:
        op.drop_table(table)
    for table in ("outbox", "moderator_note"):
        op.execute(f"DELETE FROM {table} WHERE notice LIKE 'mentor%.%' OR notice LIKE 'rounds.%'")
    op.execute("DELETE FROM audit WHERE deed LIKE 'mentor%.%' OR deed LIKE 'round.%'")
    op.execute("DELETE FROM audit WHERE deed LIKE 'matching.%' OR deed = 'compass.posted'")
    op.execute("DELETE FROM award WHERE deed = 'session'")


def _mentor_offer_and_pool() -> None:
    op.create_table(
        "mentor_offer",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        _number("member_id"),
        _number("community_id"),
        _text("tracks"),
        _text("skills"),
        _number("seniority"),
        _number("weekday"),
        _number("weekend"),
        _text("zone"),
        _text("languages"),
        _number("capacity"),
        sa.Column("words", sa.Text(), nullable=True),
        _number("in_rounds"),
        _text("approval"),
        _text("reach"),
        sa.Column("paused", sa.Text(), nullable=True),
        sa.Column("paused_until", BI, nullable=True),
        sa.Column("silent_at", BI, nullable=True),
        _number("at"),
        _belongs_to("mentor_offer", "member_id", "member"),
        _belongs_to("mentor_offer", "community_id", "community"),
        sa.PrimaryKeyConstraint("id", name="pk_mentor_offer"),
        sa.UniqueConstraint("member_id", name="uq_mentor_offer_member_id"),
        **COUNTED,
    )
    op.create_index("ix_mentor_offer_community_id", "mentor_offer", ["community_id", "approval"])
    op.create_index("ix_mentor_offer_paused_until", "mentor_offer", ["paused_until"])
    op.create_table(
        "mentor_pool",
        _key("community_id"),
        _number("rev"),
        _belongs_to("mentor_pool", "community_id", "community"),
        sa.PrimaryKeyConstraint("community_id", name="pk_mentor_pool"),
        sqlite_strict=True,
    )


def _mentor_ask() -> None:
    op.create_table(
        "mentor_ask",
        _key("member_id"),
        _number("community_id"),
        _text("track"),
        _text("gaps"),
        _number("seniority"),
        _number("weekday"),
        _number("weekend"),
        _text("zone"),
        _text("languages"),
        sa.Column("waiting_since", BI, nullable=True),
        _number("rounds"),
        _number("at"),
        _belongs_to("mentor_ask", "member_id", "member"),
        _belongs_to("mentor_ask", "community_id", "community"),
        sa.PrimaryKeyConstraint("member_id", name="pk_mentor_ask"),
        sqlite_strict=True,
    )
    _index("ix_mentor_ask_waiting", "mentor_ask", ["community_id", "waiting_since"], "waiting_since IS NOT NULL")


def _mentor_request() -> None:
    op.create_table(
        "mentor_request",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        _number("mentee_id"),
        _number("mentor_id"),
        _number("place"),
        _text("state"),
        _text("gaps"),
        sa.Column("why", sa.Text(), nullable=True),
        _number("wished_at"),
        sa.Column("opened_at", BI, nullable=True),
        sa.Column("due_at", BI, nullable=True),
        sa.Column("ended_at", BI, nullable=True),
        _belongs_to("mentor_request", "mentee_id", "member"),
        _belongs_to("mentor_request", "mentor_id", "member"),
        sa.PrimaryKeyConstraint("id", name="pk_mentor_request"),
        **COUNTED,
    )
    _index("ix_mentor_request_due_at", "mentor_request", ["due_at"], "state = 'open'")
    op.create_index("ix_mentor_request_mentee_id", "mentor_request", ["mentee_id"])
    op.create_index("ix_mentor_request_mentor_id", "mentor_request", ["mentor_id", "state"])
    _index("uq_mentor_request_live", "mentor_request", ["mentee_id", "mentor_id"], LIVE, unique=True)
    _index("uq_mentor_request_open", "mentor_request", ["mentee_id"], "state = 'open'", unique=True)


def _mentorship() -> None:
    op.create_table(
        "mentorship",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        _number("mentor_id"),
        _number("mentee_id"),
        sa.Column("request_id", BI, nullable=True),
        sa.Column("round_id", BI, nullable=True),
        _text("kit"),
        _text("state"),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("check_at", BI, nullable=True),
        _number("checks"),
        _number("sessions"),
        sa.Column("met_week", sa.Text(), nullable=True),
        sa.Column("met_mentor", BI, nullable=True),
        sa.Column("met_mentee", BI, nullable=True),
        sa.Column("thumb_mentor", BI, nullable=True),
        sa.Column("thumb_mentee", BI, nullable=True),
        _number("at"),
        sa.Column("ended_at", BI, nullable=True),
        _belongs_to("mentorship", "mentor_id", "member"),
        _belongs_to("mentorship", "mentee_id", "member"),
        sa.PrimaryKeyConstraint("id", name="pk_mentorship"),
        **COUNTED,
    )
    _index("ix_mentorship_check_at", "mentorship", ["check_at"], "state = 'on'")
    op.create_index("ix_mentorship_mentee_id", "mentorship", ["mentee_id"])
    op.create_index("ix_mentorship_mentor_id", "mentorship", ["mentor_id", "state"])
    _index("uq_mentorship_on", "mentorship", ["mentee_id"], "state = 'on'", unique=True)


def _kept_apart_and_reported() -> None:
    op.create_table(
        "not_with",
        _key("member_id"),
        _key("other_id"),
        _number("at"),
        _belongs_to("not_with", "member_id", "member"),
        _belongs_to("not_with", "other_id", "member"),
        sa.PrimaryKeyConstraint("member_id", "other_id", name="pk_not_with"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_not_with_other_id", "not_with", ["other_id"])
    op.create_table(
        "mentor_report",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        _number("community_id"),
        _number("about_id"),
        sa.Column("reporter_id", BI, nullable=True),
        _text("concern"),
        sa.Column("words", sa.Text(), nullable=True),
        _number("at"),
        sa.Column("closed_at", BI, nullable=True),
        _belongs_to("mentor_report", "community_id", "community"),
        _belongs_to("mentor_report", "about_id", "member"),
        _belongs_to("mentor_report", "reporter_id", "member", forget="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_mentor_report"),
        **COUNTED,
    )
    op.create_index("ix_mentor_report_about_id", "mentor_report", ["about_id"])
    op.create_index("ix_mentor_report_community_id", "mentor_report", ["community_id", "closed_at"])
    op.create_index("ix_mentor_report_reporter_id", "mentor_report", ["reporter_id"])


def _mentor_round() -> None:
    op.create_table(
        "mentor_round",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        _number("community_id"),
        _text("state"),
        _number("scheduled"),
        _number("seed"),
        _number("progress"),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", BI, nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.Column("compass", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        _number("at"),
        sa.Column("solved_at", BI, nullable=True),
        sa.Column("ran_at", BI, nullable=True),
        sa.Column("done_at", BI, nullable=True),
        _belongs_to("mentor_round", "community_id", "community"),
        sa.PrimaryKeyConstraint("id", name="pk_mentor_round"),
        **COUNTED,
    )
    op.create_index("ix_mentor_round_community_id", "mentor_round", ["community_id", "id"])
    _index("ix_mentor_round_live", "mentor_round", ["state"], "done_at IS NULL")


def _round_pair() -> None:
    op.create_table(
        "round_pair",
        _key("round_id"),
        _key("mentee_id"),
        _number("mentor_id"),
        _number("score"),
        _text("parts"),
        _text("state"),
        _belongs_to("round_pair", "round_id", "mentor_round"),
        _belongs_to("round_pair", "mentee_id", "member"),
        _belongs_to("round_pair", "mentor_id", "member"),
        sa.PrimaryKeyConstraint("round_id", "mentee_id", name="pk_round_pair"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_round_pair_mentee_id", "round_pair", ["mentee_id"])
    op.create_index("ix_round_pair_mentor_id", "round_pair", ["mentor_id"])
    op.create_index("ix_round_pair_state", "round_pair", ["round_id", "state"])


def _matching_day() -> None:
    op.create_table(
        "matching_day",
        _key("community_id"),
        _number("weeks"),
        _number("weekday"),
        _number("minute"),
        _text("zone"),
        _number("next_at"),
        _number("at"),
        _belongs_to("matching_day", "community_id", "community"),
        sa.PrimaryKeyConstraint("community_id", name="pk_matching_day"),
        sqlite_strict=True,
    )
    op.create_index("ix_matching_day_next_at", "matching_day", ["next_at"])


def _mentor_invitation() -> None:
    op.create_table(
        "mentor_invitation",
        sa.Column("id", BI, autoincrement=True, nullable=False),
        _number("community_id"),
        _text("uid"),
        _text("fields"),
        _number("at"),
        _belongs_to("mentor_invitation", "community_id", "community"),
        sa.PrimaryKeyConstraint("id", name="pk_mentor_invitation"),
        sa.UniqueConstraint("community_id", "uid", name="uq_mentor_invitation_community_id_uid"),
        **COUNTED,
    )
    op.create_index("ix_mentor_invitation_at", "mentor_invitation", ["at"])


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, BI, autoincrement=False, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, BI, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _belongs_to(table: str, column: str, parent: str, forget: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """The rows go with their parent, or forget it."""
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=f"fk_{table}_{column}", ondelete=forget)


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    """An index of some of the rows."""
    some = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=some, postgresql_where=some)
