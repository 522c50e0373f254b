-- Finds what is wrong with the capture of a table. Each problem has a hint and, where cdc_capture can repair it, the statements that
-- do so, in the order of step. cdc_check lists the problems, cdc_capture runs the repairs.

-- Where the change table is: an unqualified name means the schema of the source table.
CREATE OR REPLACE FUNCTION rowrelay.change_table(source regclass, change_table text)
RETURNS TABLE (change_schema name, change_name name, change_oid regclass)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT s.nspname, part[cardinality(part)]::name, c.oid
    FROM parse_ident(change_table) AS part
    JOIN pg_namespace AS s ON s.nspname = part[1] AND cardinality(part) = 2
        OR s.oid = (SELECT relnamespace FROM pg_class WHERE oid = source) AND cardinality(part) = 1
    LEFT JOIN pg_class AS c ON c.relnamespace = s.oid AND c.relname = part[cardinality(part)];
$$;

-- The name that a change table gets where none is given.
CREATE OR REPLACE FUNCTION rowrelay.default_change_table(source regclass)
RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT format('%I.%I', n.nspname,
                  -- The functions named after it have 63 bytes at most.
                  CASE WHEN octet_length(c.relname) <= 50 THEN c.relname || '_cdc' ELSE left(c.relname, 4) || '_' || md5(c.relname) || '_cdc' END)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = source;
$$;

-- Where action_id comes from in a stream of several tables: from the stream's sequence, so that changes of different tables have an order
-- too. The change table's own sequence is drawn from as well, and adds nothing. It tells the producer which tables it has to look
-- at: a look at all of them, one by one, would cost a few milliseconds with hundreds of tables. The transaction gets its id first: what a
-- look finds drawn is then of transactions that have ended or that the next snapshot shows as running.
CREATE OR REPLACE FUNCTION rowrelay.action_id_default(action_ids text, written text)
RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    -- As pg_get_expr prints it.
    SELECT format(E'\nCASE\n    WHEN (pg_current_xact_id() IS NOT NULL) THEN (nextval(%L::regclass) + (0 * nextval(%L::regclass)))\n    ELSE NULL::bigint\nEND',
                  action_ids, written);
$$;

-- Without action_ids the change table has a sequence of its own.
CREATE OR REPLACE FUNCTION rowrelay.change_table_definition(source regclass, change_schema name, change_name name, action_ids regclass)
RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    -- The columns take neither defaults nor constraints nor lengths along: nothing here may refuse what the source has accepted. Rows come in
    -- at one end and leave at the other, so fixed amounts call for vacuum, not shares of a table that may be huge. No CHECK of
    -- action: only the triggers write it, and PostgreSQL reads such a condition again for each statement.
    SELECT CASE WHEN action_ids IS NOT NULL THEN format('CREATE SEQUENCE %s; REVOKE ALL ON SEQUENCE %s FROM %s; ', own.written, own.written,
                                                        rowrelay.default_grantees('S', change_schema)) ELSE '' END
        || format($sql$
CREATE TABLE %1$I.%2$I (
    action_id bigint %8$s PRIMARY KEY,
    %3$s,
    action text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id()
) WITH (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 500000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000);
CREATE INDEX ON %1$I.%2$I (xid, action_id);
COMMENT ON TABLE %1$I.%2$I IS %4$L;
REVOKE ALL ON %1$I.%2$I FROM %6$s;
%7$s;
ALTER TABLE %1$I.%2$I OWNER TO %5$s$sql$,
        change_schema, change_name,
        string_agg(format('%I %s', c.change_column, c.change_type || coalesce(' COLLATE ' || c.collation_name, '')), E',\n    ' ORDER BY c.attnum),
        format('Changes of %s, written by its triggers', source),
        (SELECT r.relowner::regrole FROM pg_class AS r WHERE r.oid = source),
        rowrelay.default_grantees('r', change_schema),
        CASE WHEN action_ids IS NULL THEN format($sql$DO $revoke$ BEGIN
    EXECUTE format('REVOKE ALL ON SEQUENCE %%s FROM %s', rowrelay.action_id_sequence('%I.%I'));
END $revoke$ $sql$, rowrelay.default_grantees('S', change_schema), change_schema, change_name)
             ELSE format('ALTER SEQUENCE %s OWNED BY %I.%I.action_id; GRANT USAGE ON SEQUENCE %s TO %s', own.written, change_schema, change_name,
                         action_ids, (SELECT r.relowner::regrole FROM pg_class AS r WHERE r.oid = source)) END,
        CASE WHEN action_ids IS NULL THEN 'GENERATED ALWAYS AS IDENTITY (CACHE 1)'
             ELSE 'NOT NULL DEFAULT ' || rowrelay.action_id_default(action_ids::text, own.written) END)
    FROM rowrelay.columns(source) AS c, (SELECT format('%I.%I', change_schema, change_name || '_written')) AS own (written)
    GROUP BY own.written;
$$;

-- How the columns of the change table differ from what the source table wants.
CREATE OR REPLACE FUNCTION rowrelay.column_problems(source regclass, change regclass)
RETURNS TABLE (step int, problem text, hint text, repair text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    WITH wanted AS (
        SELECT change_column AS column_name, change_type, coalesce(' COLLATE ' || collation_name, '') AS collation
        FROM rowrelay.columns(source)
        UNION ALL
        VALUES ('action_id', 'bigint', ''), ('action', 'text', ''), ('changed_at', 'timestamp with time zone', ''), ('xid', 'xid8', '')
    ), there AS (
        SELECT c.column_name::text AS column_name, c.column_type, c.change_type, coalesce(' COLLATE ' || c.collation_name, '') AS collation,
               -- Through its output function, not by a cast that the owner of the type could have added.
               CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN '%1$I::%2$s'
                    ELSE 'CASE num_nulls(%1$I) WHEN 0 THEN concat(%1$I) END::%2$s' END AS converted
        FROM rowrelay.columns(change) AS c JOIN pg_type AS t ON t.oid = to_regtype(c.column_type)
    ), differing AS (
        SELECT t.*, w.change_type AS wanted_type, w.collation AS wanted_collation,
               -- Whatever the column holds, the wanted type holds.
               t.collation = w.collation AND t.change_type = w.change_type
                   OR w.change_type = 'text' OR (t.change_type, w.change_type) = ('bigint', 'numeric') AS repairable
        FROM there AS t JOIN wanted AS w ON w.column_name = t.column_name
        WHERE (w.change_type, w.collation) <> (t.column_type, t.collation)
    )
    SELECT 1, format('%s has a column %I that %s has not', change, t.column_name, source),
           format('If it was renamed there: ALTER TABLE %1$s RENAME COLUMN %2$I TO ...; if it was dropped: ALTER TABLE %1$s DROP COLUMN %2$I. '
                  'Then run cdc_capture again.', change, t.column_name), NULL
    FROM there AS t
    WHERE NOT EXISTS (SELECT FROM wanted AS w WHERE w.column_name = t.column_name)
    UNION ALL
    SELECT 1, format('column %I of %s is %s and should be %s', d.column_name, change, d.column_type || d.collation, d.wanted_type || d.wanted_collation),
           format('ALTER TABLE %s ALTER COLUMN %I TYPE %s; then run cdc_capture again. What was written since %s was altered is captured '
                  'as the old type would have it: run rowrelay verify --repair, or resync.',
                  change, d.column_name, d.wanted_type || d.wanted_collation, source), NULL
    FROM differing AS d
    WHERE NOT d.repairable
    UNION ALL
    -- All of them in one statement, which reads the table once.
    SELECT 2, string_agg(format('column %I of %s is %s and should be %s', d.column_name, change, d.column_type || d.collation,
                                d.wanted_type || d.wanted_collation), '; ' ORDER BY d.column_name),
           'Run cdc_capture again: it alters the column. What was written since the table was altered may be captured as the old type '
               'would have it: run rowrelay verify --repair, or resync.',
           format('ALTER TABLE %s ', change)
               || string_agg(format('ALTER COLUMN %I TYPE %s USING %s', d.column_name, d.wanted_type || d.wanted_collation,
                                    format(d.converted, d.column_name, d.wanted_type)), ', ' ORDER BY d.column_name)
    FROM differing AS d
    WHERE d.repairable
    HAVING count(*) > 0
    UNION ALL
    SELECT 2, format('%s lacks column %I of %s', change, w.column_name, source),
           'Run cdc_capture again: it adds the column. Rows changed meanwhile were captured without it: update them again.',
           format('ALTER TABLE %s ADD COLUMN %I %s', change, w.column_name, w.change_type || w.collation)
    FROM wanted AS w
    WHERE NOT EXISTS (SELECT FROM there AS t WHERE w.column_name = t.column_name);
$$;

-- How many changes of the table are held back, because it had another name when they were made; 0 for a role that must not read them, and
-- where somebody else has put something on the table: to plan a query runs the functions of its indexes and statistics. The lock comes
-- first, and VOLATILE takes a new snapshot after it: what was put there while this one waited is seen.
CREATE OR REPLACE FUNCTION rowrelay.held_back(change regclass)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    changes bigint := 0;
BEGIN
    IF NOT has_table_privilege(change, 'SELECT') THEN
        RETURN 0;
    END IF;
    EXECUTE format('LOCK TABLE ONLY %s IN ACCESS SHARE MODE', change);
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = change AND attname = 'xid' AND atttypid = 'xid8'::regtype)
       AND NOT EXISTS (SELECT FROM rowrelay.interference(change, '{DELETE,UPDATE (changed_at)}')) THEN
        EXECUTE format('SELECT count(*) FROM ONLY %s WHERE xid = %L', change, '18446744073709551615') INTO changes;
    END IF;
    RETURN changes;
END;
$$;

-- The tables whose triggers write a change table, whatever they are called now. Without a schema it is looked for in all of them.
CREATE OR REPLACE FUNCTION rowrelay.captured_tables(change_schema name, change_name name)
RETURNS SETOF regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT DISTINCT coalesce(pg_partition_root(t.tgrelid), t.tgrelid)::regclass
    FROM pg_trigger AS t
    JOIN pg_proc AS p ON p.oid = t.tgfoid
    JOIN pg_namespace AS s ON s.oid = p.pronamespace
    WHERE NOT t.tgisinternal AND t.tgname IN ('cdc_insert', 'cdc_update', 'cdc_delete', 'cdc_truncate')
      AND p.proname = change_name || '_' || substr(t.tgname, 5) AND (change_schema IS NULL OR s.nspname = change_schema)
      -- One that has only this trigger was a partition, and is detached.
      AND (t.tgname <> 'cdc_truncate' OR EXISTS (SELECT FROM pg_trigger AS o WHERE o.tgrelid = t.tgrelid AND o.tgname = 'cdc_insert'));
$$;

-- The sequences behind action_id: its own, whose values are the action_ids ('i') or tell that there are new ones ('a'), and that of the
-- stream of several tables ('n').
CREATE OR REPLACE FUNCTION rowrelay.sequences(change regclass)
RETURNS TABLE (kind "char", sequence regclass)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    WITH own AS (
        SELECT d.deptype, d.objid
        FROM pg_depend AS d
        JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('i', 'a')
          AND d.refobjid = change AND a.attname = 'action_id'
    )
    SELECT own.deptype, own.objid::regclass FROM own
    UNION ALL
    SELECT d.deptype, d.refobjid::regclass
    FROM pg_attribute AS a
    JOIN pg_attrdef AS e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
    JOIN pg_depend AS d ON d.classid = 'pg_attrdef'::regclass AND d.objid = e.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
    JOIN pg_class AS s ON s.oid = d.refobjid AND s.relkind = 'S'
    WHERE a.attrelid = change AND a.attname = 'action_id' AND d.refobjid NOT IN (SELECT own.objid FROM own);
$$;

-- The sequence that action_id is drawn from, NULL if there is none.
CREATE OR REPLACE FUNCTION rowrelay.action_id_sequence(change regclass)
RETURNS regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.sequence FROM rowrelay.sequences(change) AS s WHERE s.kind IN ('i', 'n') LIMIT 1;
$$;

-- What else the change table needs.
CREATE OR REPLACE FUNCTION rowrelay.change_table_problems(source regclass, change regclass)
RETURNS TABLE (step int, problem text, hint text, repair text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT 0, format('%s is no permanent table with an action_id from a sequence as its primary key', change),
           'cdc_capture did not make it: name another change table.', NULL
    WHERE NOT EXISTS (
        SELECT FROM pg_class AS c
        JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE c.oid = change AND c.relkind = 'r' AND c.relpersistence = 'p' AND a.attname = 'action_id'
          AND rowrelay.action_id_sequence(change) IS NOT NULL)
    UNION ALL
    SELECT 1, format('%s has no index on (xid, action_id)', change),
           format('CREATE INDEX CONCURRENTLY ON %s (xid, action_id);', change), NULL
    WHERE NOT EXISTS (
        SELECT FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid
        JOIN pg_am AS m ON m.oid = c.relam
        JOIN pg_attribute AS first ON first.attrelid = i.indrelid AND first.attnum = i.indkey[0]
        JOIN pg_attribute AS second ON second.attrelid = i.indrelid AND second.attnum = i.indkey[1]
        WHERE i.indrelid = change AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree'
          AND first.attname = 'xid' AND second.attname = 'action_id')
    UNION ALL
    SELECT 1, format('%s belongs to %s and %s to %s', change, c.relowner::regrole, source, s.relowner::regrole),
           format('If it held the changes of %1$s before that got another owner: ALTER TABLE %2$s OWNER TO %3$s; then run cdc_capture again. '
                  'If another role made it: drop it, or name another change table.', source, change, s.relowner::regrole), NULL
    FROM pg_class AS c JOIN pg_class AS s ON s.oid = source
    WHERE c.oid = change AND c.relowner <> s.relowner
    UNION ALL
    SELECT 1, m.problem, m.hint || ' Then compare the tables: changes may have been lost or forged.', NULL
    FROM rowrelay.interference(change, '{DELETE,UPDATE (changed_at)}') AS m
    UNION ALL
    SELECT 1, m.problem, m.hint, NULL
    FROM rowrelay.sequences(change) AS own, rowrelay.interference(own.sequence, '{USAGE}') AS m
    UNION ALL
    SELECT 1, format('%s may not use %s, so that every write of %s fails', c.relowner::regrole, own.sequence, source),
           format('GRANT USAGE ON SEQUENCE %s TO %s;', own.sequence, c.relowner::regrole), NULL
    FROM pg_class AS c, rowrelay.sequences(change) AS own
    WHERE c.oid = source AND NOT has_sequence_privilege(c.relowner, own.sequence, 'USAGE')
    UNION ALL
    SELECT 1, format('column %I of %s refuses values', a.attname, change),
           CASE WHEN a.attnotnull THEN format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL;', change, a.attname)
                ELSE format('ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION;', change, a.attname) END, NULL
    FROM pg_attribute AS a
    WHERE a.attrelid = change AND a.attnum > 0 AND NOT a.attisdropped AND (a.attnotnull OR a.attgenerated <> '')
      AND a.attname <> ALL ('{action_id,action,changed_at,xid}'::name[])
    UNION ALL
    SELECT 2, format('the sequence of %s has CACHE %s: a later change of a row could get the smaller action_id', change, q.seqcache),
           'Run cdc_capture again: it sets CACHE 1.', format('ALTER SEQUENCE %s CACHE 1', q.seqrelid::regclass)
    FROM pg_sequence AS q
    WHERE q.seqrelid IN (SELECT s.sequence FROM rowrelay.sequences(change) AS s) AND q.seqcache <> 1
    UNION ALL
    SELECT 2, format('the sequence of %s does not count upwards only', change),
           'Run cdc_capture again: it sets INCREMENT 1 NO MAXVALUE NO CYCLE.',
           format('ALTER SEQUENCE %s INCREMENT 1 NO MAXVALUE NO CYCLE', q.seqrelid::regclass)
    FROM pg_sequence AS q
    WHERE q.seqrelid IN (SELECT s.sequence FROM rowrelay.sequences(change) AS s)
      AND (q.seqincrement < 1 OR q.seqcycle OR q.seqmax < 9223372036854775807)
    UNION ALL
    SELECT 2, format('column %s of %s has not the default %s', wanted.column_name, change,
                     btrim(regexp_replace(wanted.expression, '\s+', ' ', 'g'))),
           'Run cdc_capture again: it sets the default.',
           format('ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s', change, wanted.column_name, wanted.expression)
    FROM (
        VALUES ('changed_at', 'clock_timestamp()'), ('xid', 'pg_current_xact_id()')
        UNION ALL
        SELECT 'action_id', rowrelay.action_id_default(shared.sequence::text, own.sequence::text)
        FROM rowrelay.sequences(change) AS shared, rowrelay.sequences(change) AS own
        WHERE shared.kind = 'n' AND own.kind = 'a'
    ) AS wanted (column_name, expression)
    WHERE NOT EXISTS (
        SELECT FROM pg_attribute AS a
        JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = change AND a.attname = wanted.column_name AND pg_get_expr(d.adbin, d.adrelid) = wanted.expression);
$$;

-- How the triggers of the source table and their functions differ from those that cdc_capture makes.
CREATE OR REPLACE FUNCTION rowrelay.trigger_problems(source regclass, change_schema name, change_name name)
RETURNS TABLE (step int, problem text, hint text, repair text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    WITH pinned AS MATERIALIZED (
        SELECT ARRAY['search_path=pg_catalog, pg_temp', 'enable_seqscan=off'] || rowrelay.key_settings(source) AS settings
    ), wanted AS (
        SELECT f.event, f.function_name, f.body, format('%I.%I()', change_schema, f.function_name) AS function, c.relowner,
               t.timing, t.scope, t.type, t.old_rows, t.new_rows, t.partitioned,
               pinned.settings
        FROM pinned, rowrelay.trigger_functions(source, change_schema, change_name) AS f
        -- In pg_trigger.tgtype 2 is BEFORE, 4 INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE; 1 would be FOR EACH ROW.
        JOIN pg_class AS c ON c.oid = source
        JOIN (VALUES (false, 'insert', 'AFTER INSERT', 'REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT', 4, NULL, 'new_rows'),
                     (false, 'update', 'AFTER UPDATE', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT', 16,
                      'old_rows', 'new_rows'),
                     (false, 'delete', 'AFTER DELETE', 'REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT', 8, 'old_rows', NULL),
                     (false, 'truncate', 'BEFORE TRUNCATE', 'FOR EACH STATEMENT', 34, NULL, NULL),
                     (true, 'insert', 'AFTER INSERT', 'FOR EACH ROW', 5, NULL, NULL),
                     (true, 'update', 'AFTER UPDATE', 'FOR EACH ROW', 17, NULL, NULL),
                     (true, 'delete', 'AFTER DELETE', 'FOR EACH ROW', 9, NULL, NULL),
                     (true, 'truncate', 'BEFORE TRUNCATE', 'FOR EACH STATEMENT', 34, NULL, NULL))
            AS t (partitioned, event, timing, scope, type, old_rows, new_rows) ON t.event = f.event AND t.partitioned = (c.relkind = 'p')
    ), functions AS (
        SELECT w.*, p.oid AS function_oid,
               p.oid IS NOT NULL AND rowrelay.does_as_well(p.prosrc, w.body) AND p.prosecdef AND p.prorettype = 'trigger'::regtype
                   AND p.proconfig IN (w.settings, w.settings || ARRAY['array_nulls=on']) AS sound, p.proowner, p.proacl
        FROM wanted AS w
        LEFT JOIN pg_proc AS p ON p.proname = w.function_name AND p.pronargs = 0
            AND p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = change_schema)
    ), others AS (
        SELECT o AS name FROM rowrelay.captured_tables(change_schema, change_name) AS o WHERE o <> source
    ), triggers AS (
        SELECT f.*, place.owner, place.given, t.oid AS trigger_oid, t.tgfoid, t.tgenabled,
               t.tgtype = f.type AND t.tgqual IS NULL AND cardinality(t.tgattr::smallint[]) = 0
                   AND t.tgoldtable IS NOT DISTINCT FROM f.old_rows::name AND t.tgnewtable IS NOT DISTINCT FROM f.new_rows::name AS as_made
        FROM functions AS f
        -- A partition gets the triggers for each row from the table that it is of.
        JOIN LATERAL (
            SELECT source AS owner, false AS given
            UNION ALL
            SELECT p.relid, f.event <> 'truncate' FROM pg_partition_tree(source) AS p WHERE f.partitioned AND p.isleaf
        ) AS place ON place.owner <> source OR NOT f.partitioned OR f.event <> 'truncate'
        -- PostgreSQL 14 calls the triggers internal that a partition has been given.
        LEFT JOIN pg_trigger AS t ON t.tgrelid = place.owner AND (NOT t.tgisinternal OR t.tgparentid <> 0) AND t.tgname = 'cdc_' || f.event
    )
    SELECT 1, format('trigger cdc_%s of %s calls %s, not %s', t.event, t.owner, t.tgfoid::regprocedure, t.function),
           format('Is the table captured into another change table already? To end that, run SELECT cdc_uncapture(%L) in the same '
                  'transaction. Rename the trigger if it is one of your own.', source), NULL
    FROM triggers AS t
    WHERE t.tgfoid <> coalesce(t.function_oid, 0)
    UNION ALL
    SELECT 1, format('%I.%I holds the changes of %s, and %s is another table', change_schema, change_name, o.name, source),
           format('Where %1$s has been renamed, either rename it back, or give the change table to %2$s: SELECT cdc_uncapture(%3$L); '
                  'SELECT cdc_capture(%4$L, %5$L); then run rowrelay resync. What was written to %1$s under its new name is held back '
                  'until then. Where it has not: Name another change table.',
                  o.name, source, o.name::text, source::text, format('%I.%I', change_schema, change_name)), NULL
    FROM others AS o
    UNION ALL
    SELECT 1, format('function %s belongs to %s and %s to %s', f.function, f.proowner::regrole, source, f.relowner::regrole),
           format('ALTER FUNCTION %s OWNER TO %s; if it has been one of cdc_capture''s, otherwise drop it. Then run cdc_capture again.',
                  f.function, f.relowner::regrole), NULL
    FROM functions AS f
    WHERE f.proowner <> f.relowner
    UNION ALL
    SELECT 1, format('%s may attach function %s to tables of its own, and so forge changes', grantee.role, f.function),
           format('REVOKE ALL ON FUNCTION %s FROM %s;', f.function, grantee.role), NULL
    FROM functions AS f,
         aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a,
         LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END) AS grantee (role)
    WHERE a.grantee <> f.proowner AND NOT rowrelay.trusts(a.grantee)
    UNION ALL
    SELECT CASE WHEN strange.detached THEN 7 ELSE 1 END,
           CASE WHEN strange.detached THEN format('%s is no partition of %s any more, and has its trigger %I', strange.owner, source, strange.name)
                ELSE format('trigger %I of %s calls function %s', strange.name, strange.owner, strange.function) END,
           CASE WHEN strange.detached THEN 'Run cdc_capture again: it drops the trigger, which does nothing there.'
                ELSE format('DROP TRIGGER %I ON %s; Then compare the tables: it can have forged changes.', strange.name, strange.owner) END,
           CASE WHEN strange.detached THEN format('DROP TRIGGER %I ON %s', strange.name, strange.owner) END
    FROM (
        SELECT t.tgname AS name, t.tgrelid::regclass AS owner, f.function, f.partitioned AND t.tgname = 'cdc_truncate' AS detached
        FROM functions AS f JOIN pg_trigger AS t ON t.tgfoid = f.function_oid AND NOT t.tgisinternal
        WHERE (coalesce(pg_partition_root(t.tgrelid), t.tgrelid) <> source OR t.tgname <> 'cdc_' || f.event)
          AND t.tgrelid NOT IN (SELECT others.name FROM others)
    ) AS strange
    UNION ALL
    SELECT 3, CASE WHEN f.function_oid IS NULL THEN format('there is no function %s', f.function)
                   ELSE format('function %s is not as cdc_capture makes it for %s as it is now', f.function, source) END,
           'Run cdc_capture again: it replaces the function.',
           format('CREATE OR REPLACE FUNCTION %1$s RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
                  '%4$s AS %2$L; '
                  'REVOKE ALL ON FUNCTION %1$s FROM %5$s; ALTER FUNCTION %1$s OWNER TO %3$s',
                  f.function, f.body, f.relowner::regrole,
                  (SELECT string_agg('SET ' || replace(setting, '=', ' = '), ' ') FROM unnest(f.settings) AS setting),
                  rowrelay.default_grantees('f', change_schema))
    FROM functions AS f
    WHERE f.sound IS NOT TRUE AND NOT EXISTS (SELECT FROM others)
    UNION ALL
    SELECT CASE WHEN t.trigger_oid IS NULL AND t.owner <> source THEN 7 ELSE 4 END,
           CASE WHEN t.trigger_oid IS NULL AND t.owner <> source THEN format('partition %s is new: a TRUNCATE that names it is not captured', t.owner)
                WHEN t.trigger_oid IS NULL THEN format('%s has no trigger cdc_%s', t.owner, t.event)
                WHEN t.as_made IS NOT TRUE THEN format('trigger cdc_%s of %s is not as cdc_capture makes it', t.event, t.owner)
                WHEN t.tgenabled = 'D' THEN format('trigger cdc_%s of %s is disabled', t.event, t.owner)
                ELSE format('trigger cdc_%s of %s is not enabled ALWAYS', t.event, t.owner) END,
           'Run cdc_capture again: it repairs the trigger. What was written without it is not captured: compare the tables.',
           CASE WHEN NOT t.given THEN format('CREATE OR REPLACE TRIGGER cdc_%s %s ON %s %s EXECUTE FUNCTION %s; ',
                                             t.event, t.timing, t.owner, t.scope, t.function) ELSE '' END
               || format('ALTER TABLE %s ENABLE ALWAYS TRIGGER cdc_%s', t.owner, t.event)
    FROM triggers AS t
    WHERE (t.trigger_oid IS NULL OR t.as_made IS NOT TRUE OR t.tgenabled <> 'A') AND NOT EXISTS (SELECT FROM others)
    UNION ALL
    SELECT 6, format(CASE WHEN held.same THEN '%s changes in %I.%I were made while the table had another name, and are held back'
                     ELSE '%s changes in %I.%I were made to another table after it was renamed, and are held back' END,
                     held.changes, change_schema, change_name),
           format('Run cdc_capture again: it %s them.', CASE WHEN held.same THEN 'publishes' ELSE 'discards' END),
           format(CASE WHEN NOT held.same THEN 'DELETE FROM %I.%I WHERE xid = %L'
                       WHEN held.written IS NULL THEN 'UPDATE %I.%I SET xid = DEFAULT WHERE xid = %L'
                       -- The producer looks where this sequence has moved.
                       ELSE 'WITH freed AS (UPDATE %I.%I SET xid = DEFAULT WHERE xid = %L RETURNING 1) SELECT nextval(%L) FROM freed LIMIT 1' END,
                  change_schema, change_name, '18446744073709551615', held.written)
    FROM (
        -- A table without triggers is captured as a new one: what was written to the one before, under another name, is none of its changes.
        SELECT rowrelay.held_back(c.oid) AS changes,
               EXISTS (SELECT FROM rowrelay.captured_tables(change_schema, change_name) AS t WHERE t = source) AS same,
               (SELECT s.sequence FROM rowrelay.sequences(c.oid) AS s WHERE s.kind = 'a') AS written
        FROM pg_class AS c
        WHERE c.oid = to_regclass(format('%I.%I', change_schema, change_name)) AND c.relkind = 'r'
          -- One that another role has made is no change table of this one.
          AND c.relowner = (SELECT s.relowner FROM pg_class AS s WHERE s.oid = source)
    ) AS held
    WHERE held.changes > 0 AND NOT EXISTS (SELECT FROM others);
$$;

-- All of a table, in the order of repair; what has step 7 hinders nothing. A stream of several tables has a sequence for all of them,
-- action_ids.
CREATE OR REPLACE FUNCTION rowrelay.table_problems(source_name text, source regclass, change_table text, action_ids regclass)
RETURNS TABLE (step int, problem text, hint text, code text, repair text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    WITH renamed AS (
        SELECT t.tgrelid::regclass AS name, format('%I.%I', s.nspname, part[cardinality(part)]) AS change
        FROM parse_ident(change_table) AS part
        CROSS JOIN LATERAL rowrelay.captured_tables(
            -- The schema may be what was renamed.
            (SELECT n.nspname FROM pg_namespace AS n WHERE n.nspname = part[1] AND cardinality(part) = 2), part[cardinality(part)]) AS c
        JOIN pg_trigger AS t ON t.tgrelid = c AND t.tgname = 'cdc_insert'
        JOIN pg_proc AS p ON p.oid = t.tgfoid
        JOIN pg_namespace AS s ON s.oid = p.pronamespace
        JOIN pg_class AS r ON r.oid = t.tgrelid
        JOIN pg_namespace AS n ON n.oid = r.relnamespace
        WHERE source IS NULL
          -- The function says which name it was made for.
          AND position(format('TG_TABLE_NAME = %L AND TG_TABLE_SCHEMA = %L', r.relname, n.nspname) IN p.prosrc) = 0
    )
    SELECT p.step, p.problem, p.hint, p.code, p.repair
    FROM (
        SELECT 0 AS step, format('there is no table %s', source_name) AS problem, 'Look at its name and at the search_path.' AS hint,
               'undefined_table' AS code, NULL AS repair
        WHERE source IS NULL AND NOT EXISTS (SELECT FROM renamed)
        UNION ALL
        SELECT 0, format('there is no table %s any more: the table whose changes are in %s is called %s now', source_name, change_table, r.name),
               format('Rename it back, or go on under its new name: SELECT cdc_capture(%1$L, %2$L), and set SOURCE_TABLE=%3$s and '
                      'CHANGE_TABLE=%4$s. Changes until then are held back in the change table, and published after that.',
                      r.name::text, r.change, r.name, r.change),
               'undefined_table', NULL
        FROM renamed AS r
        UNION ALL
        SELECT 0, r.problem, r.hint, r.code, NULL FROM rowrelay.refusals(source, action_ids) AS r
        UNION ALL
        SELECT 0, format('there is no schema for a change table %s', change_table), 'A name is [schema.]table.', 'invalid_schema_name', NULL
        WHERE source IS NOT NULL AND NOT EXISTS (SELECT FROM rowrelay.change_table(source, change_table))
        UNION ALL
        SELECT found.step, found.problem, found.hint, found.code, found.repair
        FROM rowrelay.change_table(source, change_table) AS c
        CROSS JOIN LATERAL (
            SELECT 0 AS step, format('the name %s is too long for the functions named after it', c.change_name) AS problem,
                   'A change table has a name of 54 bytes at most.' AS hint, 'name_too_long' AS code, NULL AS repair
            WHERE octet_length(c.change_name) > 54
            UNION ALL
            SELECT 1, format('there is no change table %I.%I', c.change_schema, c.change_name), 'Run cdc_capture.', 'undefined_table',
                   rowrelay.change_table_definition(source, c.change_schema, c.change_name, action_ids)
            WHERE c.change_oid IS NULL
            UNION ALL
            SELECT 0, format('%s takes its action_ids from %s, not from %s', c.change_oid, own.sequence, action_ids),
                   'It was made for another stream, or for a stream of one table. Publish what it holds, then run cdc_uncapture, drop it, and begin '
                       'again with a backfill.',
                   'object_not_in_prerequisite_state', NULL
            FROM (SELECT rowrelay.action_id_sequence(c.change_oid) AS sequence) AS own
            WHERE own.sequence <> action_ids
            UNION ALL
            SELECT p.step, p.problem, p.hint, 'object_not_in_prerequisite_state', p.repair
            FROM rowrelay.column_problems(source, c.change_oid) AS p WHERE c.change_oid IS NOT NULL
            UNION ALL
            SELECT p.step, p.problem, p.hint, 'object_not_in_prerequisite_state', p.repair
            FROM rowrelay.change_table_problems(source, c.change_oid) AS p WHERE c.change_oid IS NOT NULL
            UNION ALL
            SELECT p.step, p.problem, p.hint, 'object_not_in_prerequisite_state', p.repair
            FROM rowrelay.trigger_problems(source, c.change_schema, c.change_name) AS p
        ) AS found
        WHERE source IS NOT NULL
    ) AS p
    ORDER BY p.step;
$$;

-- And of Rowrelay's own tables and functions.
CREATE OR REPLACE FUNCTION rowrelay.problems(source_name text, source regclass, change_table text, action_ids regclass)
RETURNS TABLE (step int, problem text, hint text, code text, repair text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.step, p.problem, p.hint, p.code, p.repair
    FROM (
        SELECT t.* FROM rowrelay.table_problems(source_name, source, change_table, action_ids) AS t
        UNION ALL
        SELECT 1, i.problem, i.hint, 'object_not_in_prerequisite_state', NULL FROM rowrelay.installation_problems() AS i
    ) AS p (step, problem, hint, code, repair)
    ORDER BY p.step;
$$;

-- The sequence of the stream of several tables that a table is in, NULL if it is in none. Any role may ask for it, and none needs to read
-- the list.
CREATE OR REPLACE FUNCTION rowrelay.action_ids_of(source regclass)
RETURNS regclass
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.action_ids FROM rowrelay.stream_table AS t JOIN rowrelay.stream AS s ON s.name = t.stream WHERE t.source_table = source;
$$;

-- The same with the sequence of the stream that the table is in.
CREATE OR REPLACE FUNCTION rowrelay.problems(source_name text, source regclass, change_table text)
RETURNS TABLE (step int, problem text, hint text, code text, repair text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.step, p.problem, p.hint, p.code, p.repair FROM rowrelay.problems(source_name, source, change_table, rowrelay.action_ids_of(source)) AS p
    ORDER BY p.step;
$$;

-- Every difference between the capture as it is and as cdc_capture makes it, and what to do; no row when it is sound. Names are as
-- in SQL, quoted where SQL needs that. It reads the catalogs only: any role may ask.
CREATE OR REPLACE FUNCTION cdc_check(source text, change_table text)
RETURNS TABLE (problem text, hint text)
LANGUAGE sql STABLE
AS $$
    SELECT p.problem, p.hint FROM rowrelay.problems(source, pg_catalog.to_regclass(source), change_table) AS p ORDER BY p.step;
$$;
