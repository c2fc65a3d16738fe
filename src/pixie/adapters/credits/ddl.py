"""What a `Table` cannot say: the ledger is append-only. One statement each, since the driver takes one at a time."""

APPEND_ONLY_FUNCTION = """
CREATE FUNCTION refuse_to_rewrite_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% refused: the ledger is append-only', TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Put a wrong entry right with another entry.';
END
$$
"""

APPEND_ONLY_TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_ledger()
"""

DROP_APPEND_ONLY_TRIGGER = "DROP TRIGGER append_only ON credit_entries"
DROP_APPEND_ONLY_FUNCTION = "DROP FUNCTION refuse_to_rewrite_ledger()"

CREATE = (APPEND_ONLY_FUNCTION, APPEND_ONLY_TRIGGER)
"""For a migration, after it has created the table."""

DROP = (DROP_APPEND_ONLY_TRIGGER, DROP_APPEND_ONLY_FUNCTION)
"""For a migration, before it drops the table."""
