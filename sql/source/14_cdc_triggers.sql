-- The trigger functions that capture a table, as text: cdc_capture creates them, cdc_check compares them.
--
-- Why not simply copy the transition tables? Because AFTER STATEMENT triggers fire in an order of their own. A statement that runs
-- inside another (started by a row trigger, or by a function that the outer statement calls) is captured BEFORE the outer one, whose
-- older rows would then follow the newer ones. The parts of a MERGE or of a WITH fire in the order in which they are complete, not in
-- that of the rows: a row deleted and inserted again could end as deleted. A capture trusts its transition table if what it last did
-- to a key cannot have been overtaken by anything captured already:
--     INSERT, and UPDATE where each row kept its key: unless the transaction has captured rows that were changed or removed, which it
--         notes in the setting rowrelay.captured
--     DELETE: unless the transaction has captured anything of the table, which the change table tells
-- Otherwise it reads the rows anew by their keys. The transaction holds the lock on these keys, so it finds what it wrote last, and
-- whatever it writes after that is captured after that. A savepoint's rollback takes the note back together with the captured rows.
-- docs/capture.md has the proof.

-- What the trigger functions pin, beside the search_path, where the text of a key could hang on the session: two keys would else be
-- one, as arrays and ranges of floats are in a session that asks for few digits. Each setting is paid for by every call, so there
-- is none for the scalar types whose text, or bits, are the same everywhere.
CREATE OR REPLACE FUNCTION rowrelay.key_settings(source regclass)
RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN count(*) > 0 THEN ARRAY['extra_float_digits=3', 'DateStyle=iso, ymd'] ELSE '{}' END
    FROM rowrelay.columns(source) AS c
    LEFT JOIN pg_type AS t ON t.oid = to_regtype(c.column_type)
    WHERE c.key_position IS NOT NULL AND NOT c.same_if_equal AND t.typcategory IS DISTINCT FROM 'S'
      AND (t.oid = ANY ('{float4,float8,numeric,time,timetz,interval,money,inet,cidr,macaddr,macaddr8,bit,varbit,jsonb,pg_lsn,xid8}'::regtype[]))
          IS NOT TRUE;
$$;

CREATE OR REPLACE FUNCTION rowrelay.trigger_functions(source regclass, change_schema name, change_name name)
RETURNS TABLE (event text, function_name name, body text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    WITH columns AS (
        SELECT c.*,
               -- The text of a float has as many digits as the session asks for (extra_float_digits), so its bits stand for it.
               CASE WHEN c.same_if_equal THEN '%s.%I'
                    WHEN c.column_type = 'double precision' THEN 'pg_catalog.float8send(%s.%I)'
                    WHEN c.column_type = 'real' THEN 'pg_catalog.float4send(%s.%I)'
                    ELSE '%s.%I::pg_catalog.text COLLATE pg_catalog."C"' END AS identity
        FROM rowrelay.columns(source) AS c
    ), lists AS (
        SELECT string_agg(format('%I', column_name), ', ' ORDER BY attnum) AS names,
               string_agg(format('o.%I', column_name), ', ' ORDER BY attnum) AS old_names,
               string_agg(format('n.%I', column_name), ', ' ORDER BY attnum) AS new_names,
               string_agg(format('r.%I', column_name), ', ' ORDER BY attnum) AS row_names,
               string_agg(format('CASE WHEN now.action IS NULL THEN touched.%1$I ELSE now.%1$I END', column_name), E',\n            '
                          ORDER BY attnum) AS newest
        FROM columns
    ), keys AS (
        SELECT string_agg(format(identity, 'o', column_name), ', ' ORDER BY key_position) AS old_key,
               string_agg(format(identity, 'n', column_name), ', ' ORDER BY key_position) AS new_key,
               string_agg(format(identity, 'v', column_name), ', ' ORDER BY key_position) AS version_key,
               string_agg(format('r.%1$I %2$s touched.%1$I', column_name, equality)
                          || CASE WHEN same_if_equal THEN ''
                             ELSE ' AND ' || format(identity, 'r', column_name) || ' OPERATOR(pg_catalog.=) '
                                  || format(identity, 'touched', column_name) END,
                          E'\n              AND ' ORDER BY key_position) AS match
        FROM columns
        WHERE key_position IS NOT NULL
    ), pieces AS (
        SELECT lists.*, keys.*, format('%I.%I', s.nspname, c.relname) AS source_table, format('%I.%I', change_schema, change_name) AS change_table
        FROM lists, keys, pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
        WHERE c.oid = source
    ), statements AS (
        SELECT pieces.*,
               $sql$
DECLARE
    captured text := coalesce(current_setting('rowrelay.captured', true), '');
BEGIN$sql$ AS head,
               format($sql$
        INSERT INTO %s (
            %s, action)$sql$, change_table, names) AS insertion,
               -- OFFSET 0 and enable_seqscan = off keep the planner from reading the whole table: the plan lasts as long as the session,
               -- whatever the sizes it was made for.
               format($sql$
        LEFT JOIN LATERAL (
            SELECT true AS action, %s
            FROM ONLY %s AS r
            WHERE %s
            OFFSET 0) AS now ON true$sql$, row_names, source_table, match) AS as_it_is_now,
               $sql$
    IF FOUND AND captured = '' THEN
        captured := set_config('rowrelay.captured', 'changed', true);
    END IF;
    RETURN NULL;
END;
$sql$ AS foot
        FROM pieces
    )
    SELECT f.event, (change_name || '_' || f.event)::name, f.body
    FROM statements AS s
    CROSS JOIN LATERAL (VALUES
        -- Nearly every INSERT trusts, so this function switches sequential scans off only when it reads anew: a setting of the
        -- function is paid for by every call.
        ('insert', format($sql$
DECLARE
    seqscan text;
BEGIN
    IF coalesce(current_setting('rowrelay.captured', true), '') = '' THEN%1$s
        SELECT %2$s, 'INSERT' FROM new_rows AS n;
    ELSE
        seqscan := current_setting('enable_seqscan');
        PERFORM set_config('enable_seqscan', 'off', true);%1$s
        SELECT
            %3$s,
            CASE WHEN now.action IS NULL THEN 'DELETE' ELSE 'INSERT' END
        FROM new_rows AS touched%4$s;
        PERFORM set_config('enable_seqscan', seqscan, true);
    END IF;
    RETURN NULL;
END;
$sql$, s.insertion, s.new_names, s.newest, s.as_it_is_now)),

        ('update', replace(s.head, 'BEGIN', E'    moved boolean;\nBEGIN') || format($sql$
    -- Did a row get another key? The two transition tables hold the rows in the same order. Mostly there is but one row.
    moved := CASE WHEN EXISTS (SELECT FROM new_rows OFFSET 1) THEN NULL
                  ELSE (SELECT ROW(%5$s) FROM new_rows AS n) IS DISTINCT FROM (SELECT ROW(%6$s) FROM old_rows AS o) END;
    IF moved IS NULL THEN
        moved := EXISTS (SELECT row_number() OVER (), %5$s FROM new_rows AS n
                         EXCEPT
                         SELECT row_number() OVER (), %6$s FROM old_rows AS o);
    END IF;
    IF moved THEN
        -- Each key once: there before means UPDATE or DELETE, else INSERT; the DELETEs first.%1$s
        SELECT
            %3$s,
            CASE WHEN now.action IS NULL THEN 'DELETE' ELSE touched.action END
        FROM (
            SELECT DISTINCT ON (%7$s) v.*
            FROM (
                SELECT row_number() OVER () AS action_id, 'UPDATE'::text AS action, %8$s FROM old_rows AS o
                UNION ALL
                SELECT row_number() OVER (), 'INSERT', %2$s FROM new_rows AS n) AS v
            ORDER BY %7$s, v.action DESC, v.action_id) AS touched%4$s
        ORDER BY now.action IS NOT NULL, touched.action_id;
    ELSIF captured = '' THEN%1$s
        SELECT %2$s, 'UPDATE' FROM new_rows AS n;
    ELSE%1$s
        SELECT
            %3$s,
            CASE WHEN now.action IS NULL THEN 'DELETE' ELSE 'UPDATE' END
        FROM new_rows AS touched%4$s;
    END IF;$sql$, s.insertion, s.new_names, s.newest, s.as_it_is_now, s.new_key, s.old_key, s.version_key, s.old_names)
            || s.foot),

        ('delete', s.head || format($sql$
    -- A serializable transaction that looks into the change table would be in conflict with everyone who writes there. A DELETE of
    -- no row must not be what gives its transaction an id, and so a commit to be flushed.
    IF current_setting('transaction_isolation') <> 'serializable' THEN%1$s
        SELECT %2$s, 'DELETE' FROM old_rows AS o
        WHERE NOT EXISTS (SELECT FROM %5$s AS c WHERE c.xid = pg_current_xact_id_if_assigned());
    END IF;
    IF NOT FOUND THEN%1$s
        SELECT
            %3$s,
            CASE WHEN now.action IS NULL THEN 'DELETE' ELSE 'UPDATE' END
        FROM old_rows AS touched%4$s;
    END IF;$sql$, s.insertion, s.old_names, s.newest, s.as_it_is_now, s.change_table) || s.foot),

        ('truncate', s.head || format($sql$
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'TRUNCATE of %%.%% cannot be captured in a %% transaction',
            quote_ident(TG_TABLE_SCHEMA), quote_ident(TG_TABLE_NAME), current_setting('transaction_isolation')
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'Its snapshot may be too old to see all the rows that go, and their deletion would be lost.',
                  HINT = 'Use a READ COMMITTED transaction, or DELETE.';
    END IF;
    -- The rows are still there, and the lock that TRUNCATE holds keeps everyone else out.%1$s
        SELECT %2$s, 'DELETE' FROM ONLY %3$s AS o;$sql$, s.insertion, s.old_names, s.source_table)
            || s.foot)
    ) AS f (event, body);
$$;
