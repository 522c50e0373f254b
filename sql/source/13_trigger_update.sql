-- The text of the function that captures UPDATEs. 14_cdc_triggers.sql says why it is as it is, and what fills the holes {{...}}.
CREATE OR REPLACE FUNCTION rowrelay.update_trigger(OUT event text, OUT anew text, OUT body text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'update', $anew${{insert}}
        SELECT
            {{newest}},
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE touched."rowrelay action" END{{held_xid}}
        FROM (
            SELECT DISTINCT ON ({{version_key}}) v.*
            FROM (
                SELECT row_number() OVER () AS "rowrelay place", 'UPDATE'::text AS "rowrelay action", {{old_columns}} FROM old_rows AS o
                UNION ALL
                SELECT row_number() OVER (), 'INSERT', {{new_columns}} FROM new_rows AS n) AS v
            ORDER BY {{version_key}}, v."rowrelay action" DESC, v."rowrelay place") AS touched{{as_it_is_now}}
        ORDER BY now."rowrelay action" IS NOT NULL, touched."rowrelay place"$anew$,

    $body$
DECLARE
    moved boolean;
    many boolean;
BEGIN{{hold_back_if_renamed}}
    -- Did a row get another key? The two transition tables hold the rows in the same order. Mostly there is but one row.
    moved := CASE WHEN EXISTS (SELECT FROM new_rows OFFSET 1) THEN NULL
                  ELSE (SELECT ROW({{new_key}}) FROM new_rows AS n) IS DISTINCT FROM (SELECT ROW({{old_key}}) FROM old_rows AS o) END;
    many := moved IS NULL;
    IF many THEN
        moved := EXISTS (SELECT row_number() OVER (), {{new_key}} FROM new_rows AS n
                         EXCEPT
                         SELECT row_number() OVER (), {{old_key}} FROM old_rows AS o);
    END IF;
    IF moved THEN
        -- Each key once: there before means UPDATE or DELETE, else INSERT; the DELETEs first.{{anew}};
    ELSE
        -- One row is read again sooner than anything is looked up. As in a DELETE, a serializable transaction does not look into the
        -- change table.
        IF many AND current_setting('transaction_isolation') <> 'serializable' THEN{{insert}}
            SELECT {{new_values}}, 'UPDATE' FROM new_rows AS n
            WHERE NOT {{captured_before}};
        END IF;
        IF NOT FOUND THEN{{insert}}
            SELECT
                {{newest}},
                CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE 'UPDATE' END
            FROM new_rows AS touched{{as_it_is_now}};
        END IF;
    END IF;
    RETURN NULL;
END;
$body$;
$$;
