-- The text of the function that captures TRUNCATE. 14_cdc_triggers.sql says why it is as it is, and what fills the holes {{...}}.
CREATE OR REPLACE FUNCTION rowrelay.truncate_trigger(OUT event text, OUT anew text, OUT body text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'truncate', $anew${{insert}}
        SELECT {{old_values}}, 'DELETE'{{held_xid}} FROM ONLY {{source_table}} AS o$anew$,

    $body$
BEGIN{{refuse_old_snapshot}}{{hold_back_if_renamed}}
    -- The rows are still there, and the lock that TRUNCATE holds keeps everyone else out.{{anew}};
    RETURN NULL;
END;
$body$;
$$;
