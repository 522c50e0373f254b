-- The text of the function that captures INSERTs. 14_cdc_triggers.sql says why it is as it is, and what fills the holes {{...}}.
--
-- Nearly every INSERT trusts its transition table, so this function switches sequential scans off only when it reads again: a setting
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
BEGIN
    IF current_setting('rowrelay.captured', true) IS DISTINCT FROM 'changed' AND {{named_as_ever}} THEN{{insert}}
        SELECT {{new_columns}}, 'INSERT' FROM new_rows AS n;
    ELSE
        seqscan := current_setting('enable_seqscan');
        PERFORM set_config('enable_seqscan', 'off', true);
        IF {{named_as_ever}} THEN{{anew}};
        ELSE{{hold_back}}
        END IF;
        PERFORM set_config('enable_seqscan', seqscan, true);
    END IF;
    RETURN NULL;
END;
$body$;
$$;
