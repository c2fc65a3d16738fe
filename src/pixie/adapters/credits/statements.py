"""The statements of the money path. How `fresh` comes about is told in `pg_credit_account_store`."""

LOCK_ACCOUNT = """
WITH locked AS MATERIALIZED (
    SELECT id, ctid AS version FROM credit_accounts WHERE id = $1 FOR NO KEY UPDATE
)
SELECT locked.version = seen.ctid AS fresh, locked.id AS account_id,
    lot.id AS lot_id, lot.source, lot.cause, lot.granted, lot.available, lot.held, lot.expires_at, lot.created_at
FROM locked
JOIN credit_accounts AS seen ON seen.id = locked.id
LEFT JOIN credit_lots AS lot ON lot.account_id = locked.id AND (lot.available > 0 OR lot.held > 0)
"""

LOCK_HOLD = """
WITH locked AS MATERIALIZED (
    SELECT id, ctid AS version FROM credit_accounts
    WHERE id = (SELECT account_id FROM credit_holds WHERE id = $1) FOR NO KEY UPDATE
)
SELECT locked.version = seen.ctid AS fresh, locked.id AS account_id,
    lot.id AS lot_id, lot.source, lot.cause, lot.granted, lot.available, lot.held, lot.expires_at, lot.created_at,
    hold.amount, hold.status, hold.captured, hold.created_at AS placed_at, hold.settled_at, part.held_delta AS part
FROM locked
JOIN credit_accounts AS seen ON seen.id = locked.id
JOIN credit_holds AS hold ON hold.id = $1
LEFT JOIN credit_lots AS lot ON lot.account_id = locked.id AND (lot.available > 0 OR lot.held > 0)
LEFT JOIN credit_entries AS part ON part.hold_id = $1 AND part.kind = 'hold' AND part.lot_id = lot.id
"""

LOCK_EXPIRED = """
WITH due AS MATERIALIZED (
    SELECT account_id FROM credit_lots WHERE available > 0 AND expires_at <= $1 ORDER BY expires_at LIMIT $2
), locked AS MATERIALIZED (
    SELECT id, ctid AS version FROM credit_accounts
    WHERE id IN (SELECT account_id FROM due) FOR NO KEY UPDATE SKIP LOCKED
)
SELECT locked.version = seen.ctid AS fresh, locked.id AS account_id,
    lot.id AS lot_id, lot.source, lot.cause, lot.granted, lot.available, lot.held, lot.expires_at, lot.created_at
FROM locked
JOIN credit_accounts AS seen ON seen.id = locked.id
JOIN credit_lots AS lot ON lot.account_id = locked.id AND (lot.available > 0 OR lot.held > 0)
"""

OPEN_ACCOUNT = "INSERT INTO credit_accounts (id) VALUES ($1) ON CONFLICT (id) DO NOTHING RETURNING true"

KNOWS_CAUSE = "SELECT EXISTS (SELECT FROM credit_lots WHERE account_id = $1 AND cause = $2)"

SAVE = """
WITH balance AS (
    UPDATE credit_accounts AS account
    SET available = account.available + moved.available, held = account.held + moved.held
    FROM unnest($1::uuid[], $2::int[], $3::int[]) AS moved (id, available, held)
    WHERE account.id = moved.id
), moved_lot AS (
    SELECT * FROM unnest($4::uuid[], $5::int[], $6::int[]) AS moved (id, available, held)
), old_lot AS (
    UPDATE credit_lots AS lot
    SET available = lot.available + moved_lot.available, held = lot.held + moved_lot.held
    FROM moved_lot WHERE lot.id = moved_lot.id
), new_lot AS (
    INSERT INTO credit_lots (id, account_id, source, cause, granted, available, held, expires_at, created_at)
    SELECT moved_lot.id, $8, $9, $10, $11, moved_lot.available, moved_lot.held, $12, $13
    FROM moved_lot WHERE moved_lot.id = $7::uuid
), placed AS (
    INSERT INTO credit_holds (id, account_id, amount, created_at)
    SELECT $14, $15, $16, $17 WHERE $18 = 'held'
), settled AS (
    UPDATE credit_holds SET status = $18, captured = $19, settled_at = $20
    WHERE id = $14 AND status = 'held' AND $18 <> 'held'
)
INSERT INTO credit_entries
    (id, account_id, lot_id, hold_id, kind, available_delta, held_delta, note, created_at)
SELECT * FROM unnest(
    $21::uuid[], $22::uuid[], $23::uuid[], $24::uuid[], $25::text[], $26::int[], $27::int[], $28::text[],
    $29::timestamptz[]
)
"""
