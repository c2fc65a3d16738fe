from sqlalchemy import create_mock_engine
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from pixie.adapters.credits import ddl
from pixie.adapters.credits.tables import credit_entries
from pixie.adapters.kernel.schema import metadata


def test_tables_made_from_their_declarations_are_guarded_too() -> None:
    statements: list[str] = []
    engine = create_mock_engine("postgresql+asyncpg://", lambda statement, *_: statements.append(_written(statement)))

    metadata.create_all(engine, tables=[credit_entries], checkfirst=False)
    metadata.drop_all(engine, tables=[credit_entries], checkfirst=False)

    made = next(at for at, statement in enumerate(statements) if "CREATE TABLE credit_entries" in statement)
    assert [made < statements.index(statement) for statement in ddl.CREATE] == [True, True]
    assert statements[-1] == ddl.DROP_APPEND_ONLY_FUNCTION


def _written(statement: object) -> str:
    return str(statement.compile(dialect=dialect()))  # type: ignore[attr-defined,no-untyped-call]  # SQLAlchemy's types end here
