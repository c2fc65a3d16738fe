import json
from typing import Any

import pytest

from pixie.adapters.files import pg_file_reader, pg_file_store
from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from tests.support.engines import sql

pytestmark = pytest.mark.infra

MANY = """
INSERT INTO users (id, email, email_key, name)
SELECT md5(number::text)::uuid, number || '@example.com', number || '@example.com', 'Somebody'
FROM generate_series(1, 50) AS number;
INSERT INTO files (user_id, original_name, file_path, file_size, mime_type, checksum_sha256, is_temporary, expires_at)
SELECT md5((number % 50 + 1)::text)::uuid, 'picture', 'uploads/' || number, 1, 'image/png', 'x', number % 50 = 0,
    CASE WHEN number % 50 = 0 THEN now() + number * interval '1 second' END
FROM generate_series(1, 20000) AS number;
ANALYZE files;
"""


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (pg_file_store.SELECT, "pk_files"),
        (pg_file_store.REMOVE_EXPIRED.replace("$2", "100"), "idx_files_expires_at"),
        (pg_file_reader.PAGE.replace("$7", "21"), "idx_files_user_id"),
        (pg_file_reader.VIEWS, "pk_files"),
        (pg_file_reader.KNOWN, "uq_files_file_path"),
        (pg_file_reader.KEYS_AFTER.replace("$2", "500"), "pk_files"),
    ],
)
def test_every_statement_finds_its_rows_by_an_index(
    postgres_engine: EmbeddedPostgres, many_files: str, statement: str, index: str
) -> None:
    plan = json.loads(sql(postgres_engine, f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {statement}", many_files))[0]["Plan"]

    scans = [(node["Node Type"], node.get("Index Name")) for node in _nodes(plan) if "Scan" in node["Node Type"]]

    assert index in {name for _, name in scans}
    assert "Seq Scan" not in {kind for kind, _ in scans}


def test_the_deepest_page_reads_no_more_than_the_first(postgres_engine: EmbeddedPostgres, many_files: str) -> None:
    owner = sql(postgres_engine, "SELECT min(user_id::text) FROM files", many_files)
    deepest = sql(
        postgres_engine, f"SELECT id FROM files WHERE user_id = '{owner}' ORDER BY id OFFSET 21 LIMIT 1", many_files
    )
    statement = pg_file_reader.PAGE.replace("$1", f"'{owner}'").replace("$2", f"'{deepest}'").replace("$3", "now()")
    statement = statement.replace("$4", "NULL").replace("$5", "NULL").replace("$6", "NULL").replace("$7", "21")

    plan = json.loads(sql(postgres_engine, f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", many_files))[0]["Plan"]

    (scan,) = [node for node in _nodes(plan) if "Index Name" in node]
    assert scan["Index Name"] == "idx_files_user_id"
    assert scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) <= 25


@pytest.fixture(scope="module")
def many_files(postgres_engine: EmbeddedPostgres, module_database_url: str) -> str:
    """A database with many files, by name."""
    database = module_database_url.rpartition("/")[2]
    sql(postgres_engine, MANY, database)
    return database


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]
