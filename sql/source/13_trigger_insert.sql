-- The text of the function that captures INSERTs. 14_cdc_triggers.sql says why it is as it is, and what fills the holes {{...}}.
--
-- Nearly every INSERT trusts its transition table, so this function switches sequential scans off only when it looks further: a setting
-- of the function is paid for by every call.
CREATE OR REPLACE FUNCTION rowrelay.insert_trigger(OUT event text, OUT anew text, OUT body text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'insert', $anew${{insert}}
        SELECT
            {{newest}},
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE 'INSERT' END{{held_xid}}
        FROM new_rows AS touched{{as_it_is_now}}$anew$,

    $body$
DECLARE
    seqscan text;
    -- They count too much, not too little: also what the transactions before did, until the session reports it within a second.
    again boolean := pg_stat_get_xact_tuples_updated(TG_RELID) + pg_stat_get_xact_tuples_deleted(TG_RELID) > 0
        OR current_setting('track_counts') <> 'on';
BEGIN
    IF again OR NOT ({{named_as_ever}}) THEN
        seqscan := current_setting('enable_seqscan');
        PERFORM set_config('enable_seqscan', 'off', true);
        IF NOT ({{named_as_ever}}) THEN{{hold_back}}
            again := NULL;
        ELSE
            again := current_setting('transaction_isolation') = 'serializable' OR {{captured_before}};
            IF again THEN{{anew}};
            END IF;
        END IF;
        PERFORM set_config('enable_seqscan', seqscan, true);
    END IF;
    IF NOT again THEN{{insert}}
        SELECT {{new_columns}}, 'INSERT' FROM new_rows AS n;
    END IF;
    RETURN NULL;
END;
$body$;
$$;
