"""What must be true of a system whenever nothing runs in it: asked of its database, its files and its own checks."""

import hashlib

from tests.support.journey import RunningPixie

FAULTS = {
    "a balance is not the sum of its entries": """
        SELECT a.id FROM credit_accounts a LEFT JOIN credit_entries e ON e.account_id = a.id
        GROUP BY a.id
        HAVING a.available <> coalesce(sum(e.available_delta), 0) OR a.held <> coalesce(sum(e.held_delta), 0)
    """,
    "a lot is not the sum of its entries": """
        SELECT l.id FROM credit_lots l LEFT JOIN credit_entries e ON e.lot_id = l.id
        GROUP BY l.id
        HAVING l.available <> coalesce(sum(e.available_delta), 0) OR l.held <> coalesce(sum(e.held_delta), 0)
    """,
    "more was spent than was granted": """
        SELECT 1 FROM (SELECT coalesce(sum(available + held), 0) AS left_over FROM credit_accounts) a,
            (SELECT coalesce(sum(granted), 0) AS granted FROM credit_lots) l,
            (SELECT coalesce(sum(captured), 0) AS spent FROM credit_holds) h,
            (SELECT coalesce(-sum(available_delta), 0) AS gone FROM credit_entries
             WHERE kind IN ('expire', 'adjust') AND available_delta < 0) e
        WHERE left_over <> granted - spent - gone
    """,
    "a job that is over still holds credits, or gave them back while it runs": """
        SELECT j.id FROM ai_jobs j LEFT JOIN credit_holds h ON h.id = j.id
        WHERE (j.status IN ('completed', 'failed', 'cancelled')) IS DISTINCT FROM (h.status <> 'held')
    """,
    "a job was settled for something else than it used": """
        SELECT j.id FROM ai_jobs j LEFT JOIN credit_holds h ON h.id = j.id
        WHERE h.amount IS DISTINCT FROM j.credits_reserved OR h.captured IS DISTINCT FROM j.credits_used
            OR h.status IS DISTINCT FROM CASE j.status WHEN 'completed' THEN 'captured'
                WHEN 'failed' THEN 'released' WHEN 'cancelled' THEN 'released' ELSE 'held' END
    """,
    "credits were held or settled twice": """
        SELECT hold_id FROM credit_entries WHERE hold_id IS NOT NULL
        GROUP BY hold_id, lot_id, kind HAVING count(*) > 1
    """,
    "the entries of a hold say something else than the hold": """
        SELECT h.id FROM credit_holds h LEFT JOIN credit_entries e ON e.hold_id = h.id
        GROUP BY h.id
        HAVING coalesce(sum(e.available_delta) FILTER (WHERE e.kind = 'hold'), 0) <> -h.amount
            OR (h.status <> 'held' AND (sum(e.held_delta) <> 0 OR sum(e.available_delta) <> -h.captured))
    """,
    "usage was not written exactly once for what was paid": """
        SELECT j.id FROM ai_jobs j LEFT JOIN usage_tracking u ON u.job_id = j.id
        WHERE (j.status = 'completed') IS DISTINCT FROM (u.id IS NOT NULL)
            OR u.credits_used IS DISTINCT FROM CASE j.status WHEN 'completed' THEN j.credits_used END
    """,
    "a completed job has no result": """
        SELECT j.id FROM ai_jobs j
        WHERE j.status = 'completed' AND NOT EXISTS (SELECT 1 FROM files f WHERE f.job_id = j.id)
    """,
}


def faults_in_the_books(pixie: RunningPixie) -> list[str]:
    """What is wrong, in words; nothing when all agrees."""
    found = [f"{fault}: {row}" for fault, sql in FAULTS.items() for row in pixie.rows(sql)]
    verified = pixie.command("credits", "verify")
    if verified.exit_code != 0:
        found.append(verified.output)
    return found + _faults_of_files(pixie)


def _faults_of_files(pixie: RunningPixie) -> list[str]:
    folder = pixie.system.folder.files
    found = []
    for row in pixie.rows("SELECT file_path, thumbnail_path, checksum_sha256 FROM files"):
        path = folder / row["file_path"]
        if not path.is_file():
            found.append(f"a row names a file that is not there: {path}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != row["checksum_sha256"]:
            found.append(f"a file is not what was stored: {path}")
        if row["thumbnail_path"] and not (folder / row["thumbnail_path"]).is_file():
            found.append(f"a thumbnail is not there: {row['thumbnail_path']}")
    return found
