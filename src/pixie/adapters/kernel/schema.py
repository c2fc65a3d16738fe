"""The one catalogue of tables, and the columns that most of them share.

Tables are declared for migrations and for the drift test; statements are written in SQL (decision 0003).
"""

import uuid
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from sqlalchemy import CheckConstraint, Column, MetaData, text
from sqlalchemy.dialects.postgresql import TIMESTAMP, UUID

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Moment = TIMESTAMP(timezone=True)
"""A point in time; PostgreSQL keeps microseconds, always in UTC on the wire."""


def id_column() -> "Column[uuid.UUID]":
    """A UUID key. Pixie sends a UUIDv7; the default serves people who insert by hand."""
    return Column("id", UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()"))


def moment(name: str, *, nullable: bool = False, default_now: bool = True) -> "Column[datetime]":
    default = text("now()") if default_now and not nullable else None
    return Column(name, Moment, nullable=nullable, server_default=default)


def one_of(column: str, values: type | tuple[str, ...], name: str | None = None) -> CheckConstraint:
    """The column holds one of the values of an enum."""
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[union-attr]
    return CheckConstraint(f"{column} IN ({listed})", name=name or column)


def all_tables() -> MetaData:
    """The catalogue with the tables of every module in it, found by their place: `pixie.adapters.<module>.tables`."""
    adapters = import_module("pixie.adapters")
    for module in iter_modules(adapters.__path__):
        name = f"{adapters.__name__}.{module.name}.tables"
        if find_spec(name) is not None:
            import_module(name)
    return metadata
