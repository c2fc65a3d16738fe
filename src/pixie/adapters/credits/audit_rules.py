"""What must be true of the ledger, each rule as a query for what breaks it, over the accounts after $1 up to $2."""

BALANCE_BY_ENTRIES = """
WITH summed AS (
    SELECT account_id, sum(available_delta) AS available, sum(held_delta) AS held FROM credit_entries
    WHERE account_id > $1 AND account_id <= $2 GROUP BY account_id
)
SELECT account.id AS account_id, 'account' AS subject,
    format('%s available, %s held', account.available, account.held) AS says,
    format('%s available, %s held', coalesce(summed.available, 0), coalesce(summed.held, 0)) AS should_be
FROM credit_accounts AS account LEFT JOIN summed ON summed.account_id = account.id
WHERE account.id > $1 AND account.id <= $2
    AND (account.available <> coalesce(summed.available, 0) OR account.held <> coalesce(summed.held, 0))
"""

BALANCE_BY_LOTS = """
WITH summed AS (
    SELECT account_id, sum(available) AS available, sum(held) AS held FROM credit_lots
    WHERE account_id > $1 AND account_id <= $2 GROUP BY account_id
)
SELECT account.id AS account_id, 'account' AS subject,
    format('%s available, %s held', account.available, account.held) AS says,
    format('%s available, %s held', coalesce(summed.available, 0), coalesce(summed.held, 0)) AS should_be
FROM credit_accounts AS account LEFT JOIN summed ON summed.account_id = account.id
WHERE account.id > $1 AND account.id <= $2
    AND (account.available <> coalesce(summed.available, 0) OR account.held <> coalesce(summed.held, 0))
"""

HELD_BY_OPEN_HOLDS = """
WITH summed AS (
    SELECT account_id, sum(amount) AS held FROM credit_holds
    WHERE account_id > $1 AND account_id <= $2 AND status = 'held' GROUP BY account_id
)
SELECT account.id AS account_id, 'account' AS subject,
    format('%s held', account.held) AS says, format('%s held', coalesce(summed.held, 0)) AS should_be
FROM credit_accounts AS account LEFT JOIN summed ON summed.account_id = account.id
WHERE account.id > $1 AND account.id <= $2 AND account.held <> coalesce(summed.held, 0)
"""

NOTHING_NEGATIVE = """
SELECT id AS account_id, 'account' AS subject,
    format('%s available, %s held', available, held) AS says, 'nothing below zero' AS should_be
FROM credit_accounts WHERE id > $1 AND id <= $2 AND (available < 0 OR held < 0)
UNION ALL
SELECT account_id, format('lot %s', id), format('%s available, %s held', available, held), 'nothing below zero'
FROM credit_lots WHERE account_id > $1 AND account_id <= $2 AND (available < 0 OR held < 0)
"""

LOT_BY_ENTRIES = """
WITH summed AS (
    SELECT lot_id, sum(available_delta) AS available, sum(held_delta) AS held,
        count(*) FILTER (WHERE kind = 'grant' OR (kind = 'adjust' AND available_delta > 0)) AS openings,
        sum(available_delta) FILTER (WHERE kind = 'grant' OR (kind = 'adjust' AND available_delta > 0)) AS granted
    FROM credit_entries WHERE account_id > $1 AND account_id <= $2 GROUP BY lot_id
)
SELECT lot.account_id, format('lot %s', lot.id) AS subject,
    format('%s granted once, %s available, %s held', lot.granted, lot.available, lot.held) AS says,
    format('%s granted in %s entries, %s available, %s held',
        coalesce(summed.granted, 0), coalesce(summed.openings, 0), coalesce(summed.available, 0),
        coalesce(summed.held, 0)) AS should_be
FROM credit_lots AS lot LEFT JOIN summed ON summed.lot_id = lot.id
WHERE lot.account_id > $1 AND lot.account_id <= $2
    AND (summed.lot_id IS NULL OR summed.openings <> 1 OR lot.granted <> summed.granted
        OR lot.available <> summed.available OR lot.held <> summed.held)
"""

HOLD_BY_ENTRIES = """
WITH summed AS (
    SELECT hold_id, sum(held_delta) AS still_held,
        coalesce(sum(held_delta) FILTER (WHERE kind = 'hold'), 0) AS taken,
        coalesce(-sum(held_delta) FILTER (WHERE kind = 'capture'), 0) AS captured
    FROM credit_entries WHERE account_id > $1 AND account_id <= $2 AND hold_id IS NOT NULL GROUP BY hold_id
), hold AS (
    SELECT id, account_id, amount, captured, status, CASE status WHEN 'held' THEN amount ELSE 0 END AS still_held
    FROM credit_holds WHERE account_id > $1 AND account_id <= $2
)
SELECT hold.account_id, format('hold %s', hold.id) AS subject,
    format('%s of %s: %s captured, %s still held', hold.status, hold.amount, hold.captured, hold.still_held) AS says,
    format('%s of %s: %s captured, %s still held',
        CASE WHEN summed.still_held > 0 THEN 'held' WHEN summed.captured > 0 THEN 'captured' ELSE hold.status END,
        coalesce(summed.taken, 0), coalesce(summed.captured, 0), coalesce(summed.still_held, 0)) AS should_be
FROM hold LEFT JOIN summed ON summed.hold_id = hold.id
WHERE hold.amount <> coalesce(summed.taken, 0) OR hold.captured <> coalesce(summed.captured, 0)
    OR hold.still_held <> coalesce(summed.still_held, 0) OR (hold.status = 'released' AND hold.captured <> 0)
"""

ENTRY_WELL_FORMED = """
SELECT entry.account_id, format('entry %s', entry.id) AS subject,
    format('%s of %s available, %s held, lot of %s, hold of %s', entry.kind, entry.available_delta, entry.held_delta,
        lot.account_id, coalesce(hold.account_id::text, 'nobody')) AS says,
    'a movement of its kind, in a lot and a hold of its own account' AS should_be
FROM credit_entries AS entry
JOIN credit_lots AS lot ON lot.id = entry.lot_id
LEFT JOIN credit_holds AS hold ON hold.id = entry.hold_id
WHERE entry.account_id > $1 AND entry.account_id <= $2 AND NOT (
    lot.account_id = entry.account_id
    AND (hold.id IS NULL OR hold.account_id = entry.account_id)
    AND (hold.id IS NOT NULL) = (entry.kind IN ('hold', 'capture', 'release'))
    AND CASE entry.kind
        WHEN 'grant' THEN entry.available_delta > 0 AND entry.held_delta = 0
        WHEN 'hold' THEN entry.held_delta > 0 AND entry.available_delta = -entry.held_delta
        WHEN 'capture' THEN entry.held_delta < 0 AND entry.available_delta = 0
        WHEN 'release' THEN entry.held_delta < 0 AND entry.available_delta = -entry.held_delta
        WHEN 'expire' THEN entry.available_delta < 0 AND entry.held_delta = 0
        ELSE entry.held_delta = 0
    END
)
"""

JOB_BY_HOLD = """
SELECT job.user_id AS account_id, format('job %s', job.id) AS subject,
    format('%s, %s reserved, %s used', job.status, job.credits_reserved, job.credits_used) AS says,
    CASE WHEN hold.id IS NULL THEN 'no hold'
        ELSE format('%s, %s reserved, %s used', hold.status, hold.amount, hold.captured) END AS should_be
FROM ai_jobs AS job LEFT JOIN credit_holds AS hold ON hold.id = job.id
WHERE job.user_id > $1 AND job.user_id <= $2 AND (
    hold.id IS NULL OR hold.account_id <> job.user_id
    OR job.credits_reserved <> hold.amount OR job.credits_used <> hold.captured
    OR (job.status IN ('pending', 'processing')) <> (hold.status = 'held')
)
"""

RULES = {
    "balance_is_the_sum_of_its_entries": BALANCE_BY_ENTRIES,
    "balance_is_the_sum_of_its_lots": BALANCE_BY_LOTS,
    "held_is_the_sum_of_open_holds": HELD_BY_OPEN_HOLDS,
    "nothing_is_negative": NOTHING_NEGATIVE,
    "lot_is_the_sum_of_its_entries": LOT_BY_ENTRIES,
    "hold_is_settled_by_its_entries": HOLD_BY_ENTRIES,
    "entry_is_well_formed": ENTRY_WELL_FORMED,
    "job_and_hold_agree": JOB_BY_HOLD,
}
"""By name, as `pixie credits verify` prints it. `ai_jobs` is joined by name: a job's id is its hold's id."""
