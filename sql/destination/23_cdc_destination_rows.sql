-- cdc_destination_rows('shop', 'customers', 'orders') lets a stream of several tables be applied row by row, by any number of consumers;
-- cdc_grant_destination lets a role write each of the tables.

-- Prepares tables as cdc_destination does, and notes in cdc_writer that the stream writes them: each under a name of its own, that of its
-- topic with a slash behind the stream. In Java: io.rowrelay.stream.TableStream. Another call changes nothing.
CREATE OR REPLACE FUNCTION cdc_destination_rows(stream text, VARIADIC tables regclass[])
RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    destination pg_catalog.regclass;
BEGIN
    LOCK TABLE cdc_applied IN SHARE MODE;
    IF EXISTS (SELECT FROM cdc_applied AS a WHERE a.stream OPERATOR(pg_catalog.=) cdc_destination_rows.stream) THEN
        PERFORM rowrelay.refuse(
            pg_catalog.format('stream %s is applied in cuts here', pg_catalog.quote_literal(stream)),
            'To apply it row by row from now on, run rowrelay uninstall for it first, which lets the rows stay.',
            'object_not_in_prerequisite_state');
    END IF;
    FOREACH destination IN ARRAY tables LOOP
        PERFORM cdc_destination(destination);
        INSERT INTO cdc_writer (stream, destination_table)
        SELECT pg_catalog.overlay(rowrelay.topic(cdc_destination_rows.stream, destination), '/',
                                  pg_catalog.length(cdc_destination_rows.stream) OPERATOR(pg_catalog.+) 1, 1),
               pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
        WHERE c.oid OPERATOR(pg_catalog.=) destination::pg_catalog.oid
        ON CONFLICT DO NOTHING;
    END LOOP;
END;
$$;
