-- The text of the function that captures DELETEs. 14_cdc_triggers.sql says why it is as it is, and what fills the holes {{...}}.
CREATE OR REPLACE FUNCTION rowrelay.delete_trigger(OUT event text, OUT anew text, OUT body text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'delete', $anew${{insert}}
        SELECT
            {{newest}},
            CASE WHEN now."rowrelay action" IS NULL THEN 'DELETE' ELSE 'UPDATE' END{{held_xid}}
        FROM old_rows AS touched{{as_it_is_now}}$anew$,

    $body$
BEGIN{{hold_back_if_renamed}}
    -- A serializable transaction that looks into the change table would be in conflict with everyone who writes there. A DELETE of
    -- no row must not be what gives its transaction an id, and so a commit to be flushed.
    IF current_setting('transaction_isolation') <> 'serializable' THEN{{insert}}
        SELECT {{old_values}}, 'DELETE' FROM old_rows AS o
        WHERE NOT {{captured_before}};
    END IF;
    IF NOT FOUND THEN{{anew}};
    END IF;
    RETURN NULL;
END;
$body$;
$$;
