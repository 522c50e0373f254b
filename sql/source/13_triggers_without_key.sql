-- The texts of the functions that capture a table without a key, in a stream of several tables. They write what they see, and read nothing
-- again: each image of a row that goes, and each that comes, is written once, and in which order does not matter. The consumer takes
-- away one row for each image that goes, and adds one for each that comes. 14_cdc_triggers.sql says what fills the holes {{...}}.
CREATE OR REPLACE FUNCTION rowrelay.keyless_triggers()
RETURNS TABLE (event text, anew text, body text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT image.event, image.anew, $body$
BEGIN{{hold_back_if_renamed}}{{anew}};
    RETURN NULL;
END;
$body$
    FROM (VALUES ('insert', $anew${{insert}}
        SELECT {{new_values}}, 'INSERT'{{held_xid}} FROM {{new_rows}} AS n$anew$),
                 ('update', $anew${{insert}}
        SELECT {{old_values}}, 'DELETE'{{held_xid}} FROM {{old_rows}} AS o
        UNION ALL
        SELECT {{new_values}}, 'INSERT'{{held_xid}} FROM {{new_rows}} AS n$anew$),
                 ('delete', $anew${{insert}}
        SELECT {{old_values}}, 'DELETE'{{held_xid}} FROM {{old_rows}} AS o$anew$)) AS image (event, anew);
$$;
