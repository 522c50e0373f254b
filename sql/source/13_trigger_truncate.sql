-- The text of the function that captures TRUNCATE. 14_cdc_triggers.sql says why it is as it is, and what fills the holes {{...}}.
CREATE OR REPLACE FUNCTION rowrelay.truncate_trigger(OUT event text, OUT anew text, OUT body text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'truncate', $anew${{insert}}
        SELECT {{old_values}}, 'DELETE'{{held_xid}} FROM ONLY {{source_table}} AS o$anew$,

    $body$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'TRUNCATE of %.% cannot be captured in a % transaction',
            quote_ident(TG_TABLE_SCHEMA), quote_ident(TG_TABLE_NAME), current_setting('transaction_isolation')
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'Its snapshot may be too old to see all the rows that go, and their deletion would be lost.',
                  HINT = 'Use a READ COMMITTED transaction, or DELETE.';
    END IF;{{hold_back_if_renamed}}
    -- The rows are still there, and the lock that TRUNCATE holds keeps everyone else out.{{anew}};
    RETURN NULL;
END;
$body$;
$$;
