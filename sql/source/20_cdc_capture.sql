-- cdc_capture('employees', 'emp_cdc') installs capture on any table with a primary key, also on one that is full and in use.

-- A session that waits for a lock on a table makes all sessions behind it wait too, so this one gives up soon: before the second after
-- which PostgreSQL looks for deadlocks (deadlock_timeout), so that no application is what it ends.
CREATE OR REPLACE FUNCTION rowrelay.lock_source(source regclass)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off SET lock_timeout = '900ms'
AS $$
BEGIN
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', source);
EXCEPTION WHEN lock_not_available THEN
    RAISE EXCEPTION '% has been written to by open transactions for 0.9 s', source
        USING ERRCODE = 'lock_not_available', HINT = 'Nothing is changed. Run it again when the long transactions have ended.';
END;
$$;

CREATE OR REPLACE FUNCTION rowrelay.capture(source regclass, change_table text, action_ids regclass)
RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.refuse(p.problem, p.hint, p.code)
    FROM (SELECT * FROM rowrelay.problems(source::text, source, change_table, action_ids) WHERE repair IS NULL ORDER BY step LIMIT 1) AS p;
    SELECT rowrelay.lock_source(source)
    WHERE EXISTS (SELECT FROM rowrelay.table_problems(source::text, source, change_table, action_ids));
    -- Checked again, now that nobody else can change it.
    SELECT rowrelay.run(
        array_agg(p.repair ORDER BY p.step, p.problem),
        array_agg(CASE WHEN c.change_oid IS NOT NULL THEN p.problem END ORDER BY p.step, p.problem))
    FROM rowrelay.table_problems(source::text, source, change_table, action_ids) AS p, rowrelay.change_table(source, change_table) AS c
    WHERE p.repair IS NOT NULL
    HAVING count(*) > 0;
    -- And once more: another role could have made a function of that name meanwhile, which was replaced and kept what it had granted.
    SELECT rowrelay.refuse(p.problem, p.hint, p.code)
    FROM (SELECT * FROM rowrelay.table_problems(source::text, source, change_table, action_ids) WHERE repair IS NULL ORDER BY step LIMIT 1) AS p;
    SELECT rowrelay.warn(array_agg(w.problem ORDER BY w.problem), array_agg(w.hint ORDER BY w.problem))
    FROM rowrelay.limits(source) AS w
    HAVING count(*) > 0;
$$;

-- Once capture is sound, another call changes nothing and takes no lock. After ALTER TABLE, or when something was lost, it repairs
-- what it can, with a notice for each, and keeps the changes captured so far. It refuses what it cannot capture or repair.
CREATE OR REPLACE FUNCTION cdc_capture(source regclass, change_table text)
RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.capture(source, change_table, rowrelay.action_ids_of(source));
$$;

-- Statements that stop the capture of a table.
CREATE OR REPLACE FUNCTION rowrelay.uncapture_statements(source regclass)
RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    -- Also that of a partition which has been detached since.
    SELECT string_agg(format('DROP TRIGGER %I ON %s; ', t.tgname, t.tgrelid::regclass), '' ORDER BY t.tgrelid)
           || format('DROP FUNCTION %s', t.tgfoid::regprocedure)
    FROM pg_trigger AS t
    WHERE t.tgparentid = 0 AND NOT t.tgisinternal
      AND t.tgfoid IN (SELECT own.tgfoid FROM pg_trigger AS own
                       WHERE (own.tgrelid = source OR own.tgrelid IN (SELECT p.relid FROM pg_partition_tree(source) AS p))
                         AND own.tgname IN ('cdc_insert', 'cdc_update', 'cdc_delete', 'cdc_truncate'))
    GROUP BY t.tgname, t.tgfoid
    ORDER BY t.tgname;
$$;

-- Takes tables out of their streams that have lost their triggers: the owner of a table may do that, who must not write the list.
CREATE OR REPLACE FUNCTION rowrelay.forget_uncaptured()
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM rowrelay.stream_table AS t
    WHERE NOT EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = t.source_table AND NOT g.tgisinternal AND g.tgname = 'cdc_insert');
$$;

-- Stops the capture of a table. The change table stays, with what it holds.
CREATE OR REPLACE FUNCTION cdc_uncapture(source regclass)
RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.lock_source(source);
    SELECT rowrelay.run(array_agg(s)) FROM rowrelay.uncapture_statements(source) AS s HAVING count(*) > 0;
    SELECT rowrelay.forget_uncaptured();
$$;
