"""The tables of mentoring: offers and asks, requests and matches, who is kept apart, matching days."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, UniqueConstraint, text

from storage.schema import BI, metadata, owner, row_id


def person(name: str, *, optional: bool = False, forget: str = "CASCADE") -> Column[int]:
    """One of several members that a row is about; it is erased with each of them, or forgets who it was."""
    return Column(f"{name}_id", BI, ForeignKey("member.id", ondelete=forget), nullable=optional)


mentor_offer = Table(
    "mentor_offer",
    metadata,
    row_id(),
    owner("member"),
    owner("community"),
    Column("tracks", Text, nullable=False),
    Column("skills", Text, nullable=False),
    Column("seniority", BI, nullable=False),
    Column("weekday", BI, nullable=False),
    Column("weekend", BI, nullable=False),
    Column("zone", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("capacity", BI, nullable=False),
    Column("words", Text),
    Column("in_rounds", BI, nullable=False),
    Column("approval", Text, nullable=False),
    Column("reach", Text, nullable=False),
    Column("paused", Text),
    Column("paused_until", BI),
    Column("silent_at", BI),
    Column("at", BI, nullable=False),
    UniqueConstraint("member_id"),
    Index("ix_mentor_offer_community_id", "community_id", "approval"),
    Index("ix_mentor_offer_paused_until", "paused_until"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""A member's offer. `weekday` and `weekend` are 48 half-hours of the local day in `zone`, from bit 0 on."""

mentor_ask = Table(
    "mentor_ask",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    owner("community"),
    Column("track", Text, nullable=False),
    Column("gaps", Text, nullable=False),
    Column("seniority", BI, nullable=False),
    Column("weekday", BI, nullable=False),
    Column("weekend", BI, nullable=False),
    Column("zone", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("waiting_since", BI),
    Column("rounds", BI, nullable=False),
    Column("at", BI, nullable=False),
    Index(
        "ix_mentor_ask_waiting",
        "community_id",
        "waiting_since",
        sqlite_where=text("waiting_since IS NOT NULL"),
        postgresql_where=text("waiting_since IS NOT NULL"),
    ),
    sqlite_strict=True,
)
"""What a member asks for. `rounds` is in how many matching days they were left over; kept as long as they wait."""

mentor_request = Table(
    "mentor_request",
    metadata,
    row_id(),
    person("mentee"),
    person("mentor"),
    Column("place", BI, nullable=False),
    Column("state", Text, nullable=False),
    Column("gaps", Text, nullable=False),
    Column("why", Text),
    Column("wished_at", BI, nullable=False),
    Column("opened_at", BI),
    Column("due_at", BI),
    Column("ended_at", BI),
    Index(
        "uq_mentor_request_live",
        "mentee_id",
        "mentor_id",
        unique=True,
        sqlite_where=text("state IN ('wished', 'open')"),
        postgresql_where=text("state IN ('wished', 'open')"),
    ),
    Index(
        "uq_mentor_request_open",
        "mentee_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_mentor_request_mentor_id", "mentor_id", "state"),
    Index("ix_mentor_request_mentee_id", "mentee_id"),
    Index(
        "ix_mentor_request_due_at",
        "due_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""A wish for one mentor, the `place`th of its mentee; one at a time is open, which is before the mentor."""

mentorship = Table(
    "mentorship",
    metadata,
    row_id(),
    person("mentor"),
    person("mentee"),
    Column("request_id", BI),
    Column("round_id", BI),
    Column("kit", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_by", Text),
    Column("check_at", BI),
    Column("checks", BI, nullable=False),
    Column("sessions", BI, nullable=False),
    Column("met_week", Text),
    Column("met_mentor", BI),
    Column("met_mentee", BI),
    Column("thumb_mentor", BI),
    Column("thumb_mentee", BI),
    Column("at", BI, nullable=False),
    Column("ended_at", BI),
    Index(
        "uq_mentorship_on",
        "mentee_id",
        unique=True,
        sqlite_where=text("state = 'on'"),
        postgresql_where=text("state = 'on'"),
    ),
    Index("ix_mentorship_mentor_id", "mentor_id", "state"),
    Index("ix_mentorship_mentee_id", "mentee_id"),
    Index(
        "ix_mentorship_check_at", "check_at", sqlite_where=text("state = 'on'"), postgresql_where=text("state = 'on'")
    ),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""A match; ended ones stay, for novelty. A mentee has one at a time. `kit` is what the first meeting was made from.

`met_mentor` and `met_mentee` are when either side said that they met, until both did: that is a session, of `met_week`.
"""

not_with = Table(
    "not_with",
    metadata,
    Column("member_id", BI, ForeignKey("member.id", ondelete="CASCADE"), nullable=False, autoincrement=False),
    person("other"),
    Column("at", BI, nullable=False),
    PrimaryKeyConstraint("member_id", "other_id"),
    Index("ix_not_with_other_id", "other_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Whom a member wants nothing of. No view, export or figure of anybody else ever tells."""

mentor_report = Table(
    "mentor_report",
    metadata,
    row_id(),
    owner("community"),
    person("about"),
    person("reporter", optional=True, forget="SET NULL"),
    Column("concern", Text, nullable=False),
    Column("words", Text),
    Column("at", BI, nullable=False),
    Column("closed_at", BI),
    Index("ix_mentor_report_community_id", "community_id", "closed_at"),
    Index("ix_mentor_report_about_id", "about_id"),
    Index("ix_mentor_report_reporter_id", "reporter_id"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""What somebody told the moderators of somebody; who told it is shown to nobody."""

mentor_round = Table(
    "mentor_round",
    metadata,
    row_id(),
    owner("community"),
    Column("state", Text, nullable=False),
    Column("scheduled", BI, nullable=False),
    Column("seed", BI, nullable=False),
    Column("progress", BI, nullable=False),
    Column("owner", Text),
    Column("lease_until", BI),
    Column("digest", Text),
    Column("figures", Text),
    Column("compass", Text),
    Column("error", Text),
    Column("at", BI, nullable=False),
    Column("solved_at", BI),
    Column("ran_at", BI),
    Column("done_at", BI),
    Index("ix_mentor_round_community_id", "community_id", "id"),
    Index(
        "ix_mentor_round_live", "state", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
    ),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""A matching day, from its order to the last message; `progress` is of a thousand."""

round_pair = Table(
    "round_pair",
    metadata,
    Column("round_id", BI, ForeignKey("mentor_round.id", ondelete="CASCADE"), nullable=False, autoincrement=False),
    person("mentee"),
    person("mentor"),
    Column("score", BI, nullable=False),
    Column("parts", Text, nullable=False),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("round_id", "mentee_id"),
    Index("ix_round_pair_state", "round_id", "state"),
    Index("ix_round_pair_mentee_id", "mentee_id"),
    Index("ix_round_pair_mentor_id", "mentor_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""A pair that a matching day proposes; `score` and `parts` are in ticks, 72 a point."""

matching_day = Table(
    "matching_day",
    metadata,
    Column("community_id", BI, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("weeks", BI, nullable=False),
    Column("weekday", BI, nullable=False),
    Column("minute", BI, nullable=False),
    Column("zone", Text, nullable=False),
    Column("next_at", BI, nullable=False),
    Column("at", BI, nullable=False),
    Index("ix_matching_day_next_at", "next_at"),
    sqlite_strict=True,
)
"""When a community's matching days are held by themselves, each so many weeks after the last."""

mentor_invitation = Table(
    "mentor_invitation",
    metadata,
    row_id(),
    owner("community"),
    Column("uid", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", BI, nullable=False),
    UniqueConstraint("community_id", "uid"),
    Index("ix_mentor_invitation_at", "at"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""An imported row of somebody who has not said yet that they offer this."""

mentor_pool = Table(
    "mentor_pool",
    metadata,
    Column("community_id", BI, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("rev", BI, nullable=False),
    sqlite_strict=True,
)
"""Counts up whenever who can be found, or how many places they have, changes: what memory has of them is then old."""
