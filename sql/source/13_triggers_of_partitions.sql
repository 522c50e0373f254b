-- The texts of the functions that capture a partitioned table. Its triggers are for each row: PostgreSQL makes them in each partition, also in
-- one that is created or attached later, and they see what is written through any table of the tree. A row that moves to another
-- partition is a DELETE there and an INSERT here. The order of keys is that of a plain table: 14_cdc_triggers.sql says why a row is
-- read again, and what fills the holes {{...}}.

-- Captures one row as it is now. EXECUTE runs it ({{again_...}}), so that PostgreSQL plans it for this key: a plan for all keys would lock
-- every partition.
CREATE OR REPLACE FUNCTION rowrelay.read_again(written text, action text)
RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($sql${{insert}}
        SELECT
            {{newest}},
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE %L END{{held_xid}}
        FROM (SELECT {{%s}}) AS touched{{as_it_is_now}}$sql$, action, written);
$$;

CREATE OR REPLACE FUNCTION rowrelay.partition_triggers()
RETURNS TABLE (event text, anew text, body text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    VALUES ('insert', rowrelay.read_again('new_record', 'INSERT'),

    $body$
BEGIN{{hold_back_if_renamed}}
    -- PostgreSQL reads the row version from the table for the trigger: one that nothing has replaced, deleted or locked has no xmax.
    IF NEW.xmax = 0 THEN{{insert}}
        SELECT {{new_values}}, 'INSERT' FROM (SELECT {{new_record}}) AS n;
    ELSE{{again_insert}};
    END IF;
    RETURN NULL;
END;
$body$),
    ('update', $anew${{insert}}
        SELECT
            {{newest}},
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE touched."rowrelay action" END{{held_xid}}
        FROM (SELECT {{old_record}}) AS o CROSS JOIN (SELECT {{new_record}}) AS n
        CROSS JOIN LATERAL (SELECT ROW({{old_key}}) IS DISTINCT FROM ROW({{new_key}})) AS key ("rowrelay moved")
        CROSS JOIN LATERAL (
            SELECT 'UPDATE'::text AS "rowrelay action", {{old_columns}} WHERE key."rowrelay moved"
            UNION ALL
            SELECT CASE WHEN key."rowrelay moved" THEN 'INSERT' ELSE 'UPDATE' END, {{new_columns}}) AS touched{{as_it_is_now}}
        ORDER BY now."rowrelay action" IS NOT NULL$anew$,

    $body$
BEGIN{{hold_back_if_renamed}}
    IF (SELECT ROW({{old_key}}) FROM (SELECT {{old_record}}) AS o) IS DISTINCT FROM (SELECT ROW({{new_key}}) FROM (SELECT {{new_record}}) AS n) THEN{{again_delete}};{{again_insert}};
        RETURN NULL;
    END IF;
    IF NEW.xmax = 0 THEN{{insert}}
        SELECT {{new_values}}, 'UPDATE' FROM (SELECT {{new_record}}) AS n;
    ELSE{{again_update}};
    END IF;
    RETURN NULL;
END;
$body$),
    ('delete', rowrelay.read_again('old_record', 'UPDATE'),

    $body$
BEGIN{{hold_back_if_renamed}}
    -- A key is in one partition, so this one's counts tell whether it can be there again. They are never too small. They can be too large, by
    -- what earlier transactions did within the last second or so.
    IF pg_stat_get_xact_tuples_inserted(TG_RELID) + pg_stat_get_xact_tuples_updated(TG_RELID) = 0
            AND current_setting('track_counts') = 'on' THEN{{insert}}
        SELECT {{old_values}}, 'DELETE' FROM (SELECT {{old_record}}) AS o;
        RETURN NULL;
    END IF;
    IF current_setting('transaction_isolation') <> 'serializable' THEN{{insert}}
        SELECT {{old_values}}, 'DELETE' FROM (SELECT {{old_record}}) AS o
        WHERE NOT {{captured_before}};
    END IF;
    IF NOT FOUND THEN{{again_delete}};
    END IF;
    RETURN NULL;
END;
$body$),
    -- TRUNCATE has triggers for the statement only. It fires those of each partition that it empties.
    ('truncate', $anew${{insert}}
        SELECT {{old_values}}, 'DELETE'{{held_xid}} FROM ONLY {{source_table}} AS o$anew$,

    $body$
BEGIN
    -- A partition keeps this trigger when it is detached. Its rows are then no longer those of the table.
    IF NOT EXISTS (
            SELECT FROM pg_trigger AS mine
            JOIN pg_proc AS f ON f.oid = mine.tgfoid
            JOIN pg_proc AS whole ON whole.pronamespace = f.pronamespace AND whole.proname = {{insert_function}} AND whole.pronargs = 0
            JOIN pg_trigger AS t ON t.tgfoid = whole.oid AND t.tgrelid = pg_partition_root(TG_RELID)
            WHERE mine.tgrelid = TG_RELID AND mine.tgname = TG_NAME) THEN
        RETURN NULL;
    END IF;{{refuse_old_snapshot}}{{hold_back_if_renamed}}
    EXECUTE format({{anew_of_partition}}, format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME));
    RETURN NULL;
END;
$body$);
$$;
