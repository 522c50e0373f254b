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
-- docs/design/capture.md has the proof.
--
-- A table keeps its triggers when it is renamed, moved to another schema, or changes places with another. What is written to it then
-- is no change of the table that the stream is about: it is held back in the change table, under a transaction id that no snapshot
-- shows, until cdc_capture says what is to become of it. Only then, the slow way, are the tables looked up by what they are called now.

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
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
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
        SELECT string_agg(format('%I', change_column), ', ' ORDER BY attnum) AS names,
               string_agg(format('o.%I', column_name), ', ' ORDER BY attnum) AS old_names,
               string_agg(format('n.%I', column_name), ', ' ORDER BY attnum) AS new_names,
               string_agg(format('r.%I', column_name), ', ' ORDER BY attnum) AS row_names,
               string_agg(format('CASE WHEN now."rowrelay action" IS NULL THEN touched.%1$I ELSE now.%1$I END', column_name), E',\n            '
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
        SELECT lists.*, keys.*, s.nspname AS source_schema, c.relname AS source_name,
               format('%I.%I', s.nspname, c.relname) AS source_table, format('%I.%I', change_schema, change_name) AS change_table
        FROM lists, keys, pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
        WHERE c.oid = source
    ), statements AS (
        SELECT pieces.*, form.*,
               format($sql$
        INSERT INTO %s (
            %s, action%s)$sql$, form.into_table, names, form.with_xid) AS insertion,
               -- OFFSET 0 and enable_seqscan = off keep the planner from reading the whole table: the plan lasts as long as the session,
               -- whatever the sizes it was made for.
               format($sql$
        LEFT JOIN LATERAL (
            SELECT true AS "rowrelay action", %s
            FROM ONLY %s AS r
            WHERE %s
            OFFSET 0) AS now ON true$sql$, row_names, form.from_table, match) AS as_it_is_now
        FROM pieces
        CROSS JOIN LATERAL (VALUES
            (false, change_table, source_table, '', ''),
            -- The tables stand for places in a text of format() that is written in a moment.
            (true, E'\x01', E'\x02', ', xid', E',\n            ''18446744073709551615''::xid8')
        ) AS form (held, into_table, from_table, with_xid, no_xid)
    ), anew AS (
        -- Each reads the rows as they are now.
        SELECT s.held, a.event, a.statement
        FROM statements AS s
        CROSS JOIN LATERAL (VALUES
            ('insert', format($sql$%1$s
        SELECT
            %2$s,
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE 'INSERT' END%4$s
        FROM new_rows AS touched%3$s$sql$, s.insertion, s.newest, s.as_it_is_now, s.no_xid)),
            ('update', format($sql$%1$s
        SELECT
            %3$s,
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE touched."rowrelay action" END%9$s
        FROM (
            SELECT DISTINCT ON (%7$s) v.*
            FROM (
                SELECT row_number() OVER () AS "rowrelay place", 'UPDATE'::text AS "rowrelay action", %8$s FROM old_rows AS o
                UNION ALL
                SELECT row_number() OVER (), 'INSERT', %2$s FROM new_rows AS n) AS v
            ORDER BY %7$s, v."rowrelay action" DESC, v."rowrelay place") AS touched%4$s
        ORDER BY now."rowrelay action" IS NOT NULL, touched."rowrelay place"$sql$,
                s.insertion, s.new_names, s.newest, s.as_it_is_now, s.new_key, s.old_key, s.version_key, s.old_names, s.no_xid)),
            ('delete', format($sql$%1$s
        SELECT
            %2$s,
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE 'UPDATE' END%4$s
        FROM old_rows AS touched%3$s$sql$, s.insertion, s.newest, s.as_it_is_now, s.no_xid)),
            ('truncate', format($sql$%1$s
        SELECT %2$s, 'DELETE'%4$s FROM ONLY %3$s AS o$sql$, s.insertion, s.old_names, s.from_table, s.no_xid))
        ) AS a (event, statement)
    ), parts AS (
        SELECT s.*, m.event, m.statement AS anew,
               format('TG_TABLE_NAME = %L AND TG_TABLE_SCHEMA = %L', s.source_name, s.source_schema) AS named_as_ever,
               -- The change table is looked for in the schema of this function, where it was made, whatever that is called now.
               format($sql$
        EXECUTE format(%1$L,
            (SELECT format('%%I.%%I', s.nspname, %2$L)
             FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid JOIN pg_namespace AS s ON s.oid = p.pronamespace
             WHERE t.tgrelid = TG_RELID AND t.tgname = TG_NAME),
            format('%%I.%%I', TG_TABLE_SCHEMA, TG_TABLE_NAME));
        PERFORM set_config('rowrelay.captured', 'changed', true);$sql$,
                   replace(replace(replace(h.statement, '%', '%%'), E'\x01', '%1$s'), E'\x02', '%2$s'), change_name) AS hold_back
        FROM statements AS s
        JOIN anew AS m ON NOT m.held
        JOIN anew AS h ON h.held AND h.event = m.event
        WHERE NOT s.held
    ), framed AS (
        SELECT parts.*,
               format($sql$
DECLARE
    captured text := coalesce(current_setting('rowrelay.captured', true), '');
BEGIN
    IF NOT (%s) THEN%s
        RETURN NULL;
    END IF;$sql$, named_as_ever, hold_back) AS head,
               $sql$
    IF FOUND AND captured = '' THEN
        captured := set_config('rowrelay.captured', 'changed', true);
    END IF;
    RETURN NULL;
END;
$sql$ AS foot
        FROM parts
    )
    SELECT s.event, (change_name || '_' || s.event)::name, CASE s.event
        -- Nearly every INSERT trusts, so this function switches sequential scans off only when it reads anew: a setting of the
        -- function is paid for by every call.
        WHEN 'insert' THEN format($sql$
DECLARE
    seqscan text;
BEGIN
    IF current_setting('rowrelay.captured', true) IS DISTINCT FROM 'changed' AND %4$s THEN%1$s
        SELECT %2$s, 'INSERT' FROM new_rows AS n;
    ELSE
        seqscan := current_setting('enable_seqscan');
        PERFORM set_config('enable_seqscan', 'off', true);
        IF %4$s THEN%3$s;
        ELSE%5$s
        END IF;
        PERFORM set_config('enable_seqscan', seqscan, true);
    END IF;
    RETURN NULL;
END;
$sql$, s.insertion, s.new_names, s.anew, s.named_as_ever, s.hold_back)

        WHEN 'update' THEN replace(s.head, E'\nBEGIN\n', E'\n    moved boolean;\nBEGIN\n') || format($sql$
    -- Did a row get another key? The two transition tables hold the rows in the same order. Mostly there is but one row.
    moved := CASE WHEN EXISTS (SELECT FROM new_rows OFFSET 1) THEN NULL
                  ELSE (SELECT ROW(%5$s) FROM new_rows AS n) IS DISTINCT FROM (SELECT ROW(%6$s) FROM old_rows AS o) END;
    IF moved IS NULL THEN
        moved := EXISTS (SELECT row_number() OVER (), %5$s FROM new_rows AS n
                         EXCEPT
                         SELECT row_number() OVER (), %6$s FROM old_rows AS o);
    END IF;
    IF moved THEN
        -- Each key once: there before means UPDATE or DELETE, else INSERT; the DELETEs first.%7$s;
    ELSIF captured = '' THEN%1$s
        SELECT %2$s, 'UPDATE' FROM new_rows AS n;
    ELSE%1$s
        SELECT
            %3$s,
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE 'UPDATE' END
        FROM new_rows AS touched%4$s;
    END IF;$sql$, s.insertion, s.new_names, s.newest, s.as_it_is_now, s.new_key, s.old_key, s.anew)
            || s.foot

        WHEN 'delete' THEN s.head || format($sql$
    -- A serializable transaction that looks into the change table would be in conflict with everyone who writes there. A DELETE of
    -- no row must not be what gives its transaction an id, and so a commit to be flushed.
    IF current_setting('transaction_isolation') <> 'serializable' THEN%1$s
        SELECT %2$s, 'DELETE' FROM old_rows AS o
        WHERE NOT EXISTS (SELECT FROM %4$s AS c WHERE c.xid = pg_current_xact_id_if_assigned());
    END IF;
    IF NOT FOUND THEN%3$s;
    END IF;$sql$, s.insertion, s.old_names, s.anew, s.change_table) || s.foot

        WHEN 'truncate' THEN replace(s.head, E'\nBEGIN\n', format($sql$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'TRUNCATE of %%.%% cannot be captured in a %% transaction',
            quote_ident(TG_TABLE_SCHEMA), quote_ident(TG_TABLE_NAME), current_setting('transaction_isolation')
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'Its snapshot may be too old to see all the rows that go, and their deletion would be lost.',
                  HINT = 'Use a READ COMMITTED transaction, or DELETE.';
    END IF;
$sql$)) || format($sql$
    -- The rows are still there, and the lock that TRUNCATE holds keeps everyone else out.%1$s;$sql$, s.anew)
            || s.foot
        END
    FROM framed AS s;
$$;
