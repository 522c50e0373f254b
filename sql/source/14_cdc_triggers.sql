-- The trigger functions that capture a table, as text: cdc_capture creates them, cdc_check compares them. Each is written in a file
-- of its own, 13_trigger_*.sql, with holes for what hangs on the table.
--
-- Why not simply copy the transition tables? Because AFTER STATEMENT triggers fire in an order of their own. A statement that runs
-- inside another (started by a row trigger, or by a function that the outer statement calls) is captured BEFORE the outer one, whose
-- older rows would then follow the newer ones. The parts of a MERGE or of a WITH fire in the order in which they are complete, not in
-- that of the rows: a row deleted and inserted again could end as deleted. A capture trusts its transition table if what it last did
-- to a key cannot have been overtaken by anything captured already:
--     INSERT: if the transaction has updated and deleted no row of the table, as the session's statistics tell; otherwise as the next
--     UPDATE of several rows which kept their keys, and DELETE: if the transaction has captured nothing of the table, as the change
--         table tells
-- A role that may only write the table can change neither. It could reset a note in a setting of the session, and so lose a change.
-- Otherwise it reads the rows again by their keys. The transaction holds the lock on these keys, so it finds what it wrote last, and
-- whatever it writes after that is captured after that.
-- docs/design/capture.md has the proof.
--
-- A table keeps its triggers when it is renamed, moved to another schema, or swapped with another. A write to it then
-- is no change of the table that the stream is about: it is held back in the change table, under a transaction id that no snapshot
-- shows, until cdc_capture says what is to become of it. Only then, the slow way, are the tables looked up by what they are called now.

-- What the trigger functions pin, beside the search_path, where the text of a key could hang on the session: two keys would else be
-- one, as arrays and ranges of floats are in a session that asks for few digits. Each setting is paid for by every call, so there
-- is none for the scalar types whose text, or bits, are the same everywhere. Arrays of enums are read back from their text, where a
-- session could make a word of NULL.
CREATE OR REPLACE FUNCTION rowrelay.key_settings(source regclass)
RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (
        SELECT CASE WHEN count(*) > 0 THEN ARRAY['extra_float_digits=3', 'DateStyle=iso, ymd'] ELSE '{}' END
        FROM rowrelay.columns(source) AS c
        LEFT JOIN pg_type AS t ON t.oid = to_regtype(c.column_type)
        WHERE c.key_position IS NOT NULL AND NOT c.same_if_equal AND t.typcategory IS DISTINCT FROM 'S'
          AND (t.oid = ANY ('{float4,float8,numeric,time,timetz,interval,money,inet,cidr,macaddr,macaddr8,bit,varbit,jsonb,pg_lsn,xid8}'::regtype[]))
              IS NOT TRUE
    ) || (
        SELECT CASE WHEN count(*) > 0 THEN ARRAY['array_nulls=on'] ELSE '{}' END
        FROM rowrelay.columns(source) AS c JOIN pg_type AS t ON t.oid = to_regtype(c.column_type)
        WHERE c.change_type = 'text[]' AND t.typnamespace <> 'pg_catalog'::regnamespace
    );
$$;

-- A template with its holes filled. What fills one is not looked through for holes: a column can have any name.
CREATE OR REPLACE FUNCTION rowrelay.fill(template text, holes jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(CASE WHEN part.number % 2 = 1 THEN part.text ELSE holes ->> part.text END, '' ORDER BY part.number)
    FROM string_to_table(replace(template, '}}', '{{'), '{{') WITH ORDINALITY AS part (text, number);
$$;

-- The columns of a table in the lists that the statements of its trigger functions are made of, by the name of the hole.
CREATE OR REPLACE FUNCTION rowrelay.column_lists(source regclass)
RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    WITH columns AS (
        SELECT c.*, row_number() OVER (ORDER BY c.attnum) AS place, count(*) OVER () AS count,
               -- As the change table holds it. To what is not PostgreSQL's own its owner can add a cast, which would run here with the
               -- rights of the table's owner: so enums are printed by their output function, arrays of them through that.
               CASE WHEN c.change_type = c.column_type OR t.typnamespace = 'pg_catalog'::regnamespace THEN '%s'
                    ELSE 'CASE pg_catalog.num_nulls(%1$s) WHEN 0 THEN pg_catalog.concat(%1$s) END'
                         || CASE c.change_type WHEN 'text' THEN '' ELSE '::pg_catalog.text[]' END END AS captured,
               -- The text of a float has as many digits as the session asks for (extra_float_digits), so its bits stand for it.
               CASE WHEN c.same_if_equal THEN '%s.%I'
                    WHEN c.column_type = 'double precision' THEN 'pg_catalog.float8send(%s.%I)'
                    WHEN c.column_type = 'real' THEN 'pg_catalog.float4send(%s.%I)'
                    WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN '%s.%I::pg_catalog.text COLLATE pg_catalog."C"'
                    ELSE 'pg_catalog.concat(%s.%I) COLLATE pg_catalog."C"' END AS identity
        FROM rowrelay.columns(source) AS c
        JOIN pg_type AS t ON t.oid = to_regtype(c.column_type)
    ), lists AS (
        SELECT string_agg(format('%I', change_column), ', ' ORDER BY attnum) AS columns,
               string_agg(format('o.%I', column_name), ', ' ORDER BY attnum) AS old_columns,
               string_agg(format('n.%I', column_name), ', ' ORDER BY attnum) AS new_columns,
               string_agg(format('r.%I', column_name), ', ' ORDER BY attnum) AS row_columns,
               string_agg(format('OLD.%1$I AS %1$I', column_name), ', ' ORDER BY attnum) AS old_record,
               string_agg(format('NEW.%1$I AS %1$I', column_name), ', ' ORDER BY attnum) AS new_record,
               -- The same where they are parameters.
               string_agg(format('$%s::%s AS %I', place + count, column_type, column_name), ', ' ORDER BY attnum) AS held_old_record,
               string_agg(format('$%s::%s AS %I', place, column_type, column_name), ', ' ORDER BY attnum) AS held_new_record,
               string_agg(format('NEW.%I', column_name), ', ' ORDER BY attnum) || ', '
                   || string_agg(format('OLD.%I', column_name), ', ' ORDER BY attnum) AS parameters,
               string_agg(format(captured, format('o.%I', column_name)), ', ' ORDER BY attnum) AS old_values,
               string_agg(format(captured, format('n.%I', column_name)), ', ' ORDER BY attnum) AS new_values,
               string_agg(format('CASE WHEN now."rowrelay action" IS NULL THEN %s ELSE %s END',
                                 format(captured, format('touched.%I', column_name)), format(captured, format('now.%I', column_name))),
                          E',\n            ' ORDER BY attnum) AS newest
        FROM columns
    ), keys AS (
        SELECT string_agg(format(identity, 'o', column_name), ', ' ORDER BY key_position) AS old_key,
               string_agg(format(identity, 'n', column_name), ', ' ORDER BY key_position) AS new_key,
               string_agg(format(identity, 'v', column_name), ', ' ORDER BY key_position) AS version_key,
               string_agg(format('r.%1$I %2$s touched.%1$I', column_name, equality)
                          || CASE WHEN same_if_equal THEN ''
                             ELSE ' AND ' || format(identity, 'r', column_name) || ' OPERATOR(pg_catalog.=) '
                                  || format(identity, 'touched', column_name) END,
                          E'\n              AND ' ORDER BY key_position) AS same_key
        FROM columns
        WHERE key_position IS NOT NULL
    )
    SELECT to_jsonb(lists) || to_jsonb(keys) FROM lists, keys;
$$;

-- Whether the text of a trigger function does for the table what the wanted one does. An enum that became a text is still printed, which
-- does no harm; one that is to be printed and is not does.
CREATE OR REPLACE FUNCTION rowrelay.does_as_well(body text, wanted text)
RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT body = wanted
        OR regexp_replace(body, printed, '\1', 'g') = regexp_replace(wanted, printed, '\1', 'g')
           AND NOT EXISTS (SELECT FROM regexp_matches(wanted, '(' || replace(printed, '\1', '\2') || ')', 'g') AS m WHERE position(m[1] IN body) = 0)
    FROM (VALUES ('CASE pg_catalog\.num_nulls\(([^)]+)\) WHEN 0 THEN pg_catalog\.concat\(\1\) END(?:::pg_catalog\.text\[\])?')) AS p (printed);
$$;

-- Holes of which each stands for a statement, or a part of one, and begins with its line break. To be filled themselves.
CREATE OR REPLACE FUNCTION rowrelay.statement_holes(holes jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_object(
        'insert', rowrelay.fill($sql$
        INSERT INTO {{change_table}} (
            {{columns}}, action{{xid}})$sql$, holes),
        -- OFFSET 0 and enable_seqscan = off keep the planner from reading the whole table: the plan lasts as long as the session,
        -- whatever the sizes it was made for.
        'as_it_is_now', rowrelay.fill($sql$
        LEFT JOIN LATERAL (
            SELECT true AS "rowrelay action", {{row_columns}}
            FROM {{only}}{{source_table}} AS r
            WHERE {{same_key}}
            OFFSET 0) AS now ON true$sql$, holes));
$$;

-- What a trigger does while the table has another name: it holds the changes back, and looks the tables up by what they are called now. The
-- change table is looked for in the schema of the function, where it was made.
CREATE OR REPLACE FUNCTION rowrelay.hold_back(condition text, statement text, change_name name, source_now text, parameters text)
RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT format($sql$
    IF %1$s THEN
        EXECUTE format(%2$L,
            (SELECT format('%%I.%%I', s.nspname, %3$L)
             FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid JOIN pg_namespace AS s ON s.oid = p.pronamespace
             WHERE t.tgrelid = TG_RELID AND t.tgname = TG_NAME),
            %4$s)%5$s;
        RETURN NULL;
    END IF;$sql$, condition, statement, change_name, source_now, ' USING ' || parameters);
$$;

CREATE OR REPLACE FUNCTION rowrelay.trigger_functions(source regclass, change_schema name, change_name name)
RETURNS TABLE (event text, function_name name, body text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    WITH here AS (
        SELECT c.relkind = 'p' AS partitioned, rowrelay.key_index(source) IS NOT NULL AS keyed, s.nspname AS source_schema, c.relname AS source_name,
               list.holes || jsonb_build_object(
                   'old_rows', CASE c.relkind WHEN 'p' THEN format('(SELECT %s)', list.holes ->> 'old_record') ELSE 'old_rows' END,
                   'new_rows', CASE c.relkind WHEN 'p' THEN format('(SELECT %s)', list.holes ->> 'new_record') ELSE 'new_rows' END,
                   'source_table', format('%I.%I', s.nspname, c.relname),
                   'change_table', format('%I.%I', change_schema, change_name),
                   'only', CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END,
                   'xid', '', 'held_xid', '') AS holes
        FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
        CROSS JOIN LATERAL (SELECT rowrelay.column_lists(source)) AS list (holes)
        WHERE c.oid = source
    ), templates AS (
        SELECT t.* FROM here, rowrelay.insert_trigger() AS t WHERE NOT here.partitioned AND here.keyed
        UNION ALL SELECT t.* FROM here, rowrelay.update_trigger() AS t WHERE NOT here.partitioned AND here.keyed
        UNION ALL SELECT t.* FROM here, rowrelay.delete_trigger() AS t WHERE NOT here.partitioned AND here.keyed
        UNION ALL SELECT t.* FROM here, rowrelay.truncate_trigger() AS t WHERE NOT here.partitioned
        UNION ALL SELECT t.* FROM here, rowrelay.partition_triggers() AS t WHERE here.partitioned AND (here.keyed OR t.event = 'truncate')
        UNION ALL SELECT t.* FROM here, rowrelay.keyless_triggers() AS t WHERE NOT here.keyed
    ), held AS (
        -- The same as the text of a format() whose arguments are the tables.
        SELECT jsonb_object_agg(hole.key, replace(hole.value, '%', '%%')) || jsonb_build_object(
                   'source_table', '%2$s', 'change_table', '%1$s',
                   'new_record', replace(here.holes ->> 'held_new_record', '%', '%%'),
                   'old_record', replace(here.holes ->> 'held_old_record', '%', '%%'),
                   'new_rows', CASE WHEN here.partitioned THEN format('(SELECT %s)', replace(here.holes ->> 'held_new_record', '%', '%%'))
                                    ELSE 'new_rows' END,
                   'old_rows', CASE WHEN here.partitioned THEN format('(SELECT %s)', replace(here.holes ->> 'held_old_record', '%', '%%'))
                                    ELSE 'old_rows' END,
                   'xid', ', xid', 'held_xid', E',\n            ''18446744073709551615''::xid8') AS holes
        FROM here, jsonb_each_text(here.holes) AS hole
        GROUP BY here.holes, here.partitioned
    ), filled AS (
        SELECT here.*, here.holes || rowrelay.statement_holes(here.holes) AS now_holes,
               held.holes || rowrelay.statement_holes(held.holes) AS held_holes
        FROM here, held
    ), again AS (
        SELECT jsonb_object_agg('again_' || a.event, format(E'\n        EXECUTE %L USING %s',
                   rowrelay.fill(rowrelay.read_again(a.written, a.action), f.now_holes || jsonb_build_object(
                       'old_record', f.holes -> 'held_old_record', 'new_record', f.holes -> 'held_new_record')),
                   f.holes ->> 'parameters')) AS holes
        FROM filled AS f,
             (VALUES ('insert', 'new_record', 'INSERT'), ('update', 'new_record', 'UPDATE'), ('delete', 'old_record', 'UPDATE'))
                 AS a (event, written, action)
    )
    SELECT t.event, (change_name || '_' || t.event)::name,
           rowrelay.fill(t.body, f.now_holes || again.holes || jsonb_build_object(
               -- Reads the rows as they are now.
               'anew', rowrelay.fill(t.anew, f.now_holes),
               'anew_of_partition', quote_literal(rowrelay.fill(replace(t.anew, '%', '%%'), f.now_holes || jsonb_build_object(
                   'insert', replace(f.now_holes ->> 'insert', '%', '%%'),
                   'old_values', replace(f.now_holes ->> 'old_values', '%', '%%'),
                   'source_table', '%s'))),
               'captured_before', rowrelay.fill(
                   'EXISTS (SELECT FROM {{change_table}} AS c WHERE c.xid = pg_current_xact_id_if_assigned())', f.now_holes),
               'insert_function', quote_literal(change_name || '_insert'),
               'refuse_old_snapshot', $sql$
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'TRUNCATE of %.% cannot be captured in a % transaction',
            quote_ident(TG_TABLE_SCHEMA), quote_ident(TG_TABLE_NAME), current_setting('transaction_isolation')
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'Its snapshot may be too old to see all the rows that go, and their deletion would be lost.',
                  HINT = 'Use a READ COMMITTED transaction, or DELETE.';
    END IF;$sql$,
               'hold_back_if_renamed', rowrelay.hold_back(
                   CASE WHEN f.partitioned
                        THEN format('pg_partition_root(TG_RELID) IS DISTINCT FROM to_regclass(%L)', f.holes ->> 'source_table')
                        ELSE format('NOT (TG_TABLE_NAME = %L AND TG_TABLE_SCHEMA = %L)', f.source_name, f.source_schema) END,
                   rowrelay.fill(replace(t.anew, '%', '%%'), f.held_holes),
                   change_name,
                   CASE WHEN f.partitioned AND t.event <> 'truncate' THEN 'pg_partition_root(TG_RELID)'
                        ELSE 'format(''%I.%I'', TG_TABLE_SCHEMA, TG_TABLE_NAME)' END,
                   CASE WHEN f.partitioned AND t.event <> 'truncate' THEN f.holes ->> 'parameters' END)))
    FROM templates AS t, filled AS f, again;
$$;
