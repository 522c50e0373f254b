-- The version of Rowrelay's tables and functions in this database. It is one more in each release whose scripts differ from those of
-- the release before. Daemons and commands need the version of their own release, or a later one: io.rowrelay.stream.jdbc.InstalledVersion.
-- This is the last script, so the version stays the old one where a script before it fails. Harmless when run again.

-- The scripts do not alter tables that a build from before the first release made. If one lacks a column, this script fails and sets
-- no version.
DO $$
DECLARE
    missing text := (SELECT pg_catalog.string_agg(w.name || '.' || w.col, ', ')
                     FROM (VALUES ('cdc_progress', 'leader_epoch'), ('cdc_applied', 'paused_tables')) AS w(name, col)
                     WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
                                       WHERE a.attrelid = w.name::pg_catalog.regclass::pg_catalog.oid AND a.attname = w.col));
BEGIN
    -- Again, now that everything is there: between the first script and its own another role could have made it.
    PERFORM rowrelay.refuse_foreign_owners(pg_catalog.current_schema());
    IF pg_catalog.to_regprocedure('rowrelay.version()') IS NULL THEN
        PERFORM rowrelay.revoke_defaults(pg_catalog.current_schema());
    END IF;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'these tables are of a build from before the first release: % is missing', missing
            USING HINT = 'Such an installation cannot be upgraded: remove it with the uninstall command of that build, then run the scripts.';
    END IF;
END;
$$;

CREATE OR REPLACE FUNCTION rowrelay.version()
RETURNS integer
LANGUAGE sql STABLE
AS 'SELECT 1';

GRANT EXECUTE ON FUNCTION rowrelay.version() TO PUBLIC;
