-- The text of the function that captures INSERTs. 14_cdc_triggers.sql says why it is as it is, and what fills the holes {{...}}.
CREATE OR REPLACE FUNCTION rowrelay.insert_trigger(OUT event text, OUT anew text, OUT body text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'insert', $anew${{insert}}
        SELECT
            {{newest}},
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE 'INSERT' END{{held_xid}}
        FROM new_rows AS touched{{as_it_is_now}}$anew$,

    $body$
BEGIN{{hold_back_if_renamed}}
    -- The counts are never too small. They can be too large, by what earlier transactions did within the last second or so.
    IF pg_stat_get_xact_tuples_updated(TG_RELID) + pg_stat_get_xact_tuples_deleted(TG_RELID) = 0
            AND current_setting('track_counts') = 'on' THEN{{insert}}
        SELECT {{new_values}}, 'INSERT' FROM new_rows AS n;
        RETURN NULL;
    END IF;
    -- As in a DELETE, a serializable transaction does not look into the change table.
    IF current_setting('transaction_isolation') <> 'serializable' THEN{{insert}}
        SELECT {{new_values}}, 'INSERT' FROM new_rows AS n
        WHERE NOT {{captured_before}};
    END IF;
    IF NOT FOUND THEN{{anew}};
    END IF;
    RETURN NULL;
END;
$body$;
$$;
