"""What all tables share: their registry, their number type, their ids, and the rows they belong to."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData

BI = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def row_id() -> Column[int]:
    """An id that is never given twice."""
    return Column("id", BI, primary_key=True, autoincrement=True)


def owner(table: str, *, optional: bool = False) -> Column[int]:
    """The row this one belongs to and is erased with."""
    return Column(f"{table}_id", BI, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=optional)
