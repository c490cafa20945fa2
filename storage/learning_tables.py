"""The tables of what members learn, and of the links that a community adds and hides."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint

from storage.schema import BI, metadata, owner, row_id

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
