-- cdc_destination('employees') makes a table ready to be written by the consumer; cdc_grant_destination lets a role write it.
-- The schema rowrelay holds what is for the functions cdc_* only; naming it, they depend on nobody's search_path.

-- Tells whose an unmarked action_id is. 'ours': cdc_writer notes that a stream writes the table, so a copy of it lost the mark.
-- 'unknown': a stream has applied changes to a table that cdc_writer does not name. null: it is the table's own, or there is none.
-- Runs as its owner, so that the table's owner needs no right to what the consumer remembers.
CREATE OR REPLACE FUNCTION rowrelay.unmarked_action_id(destination regclass)
RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    home regnamespace;
    one text;
    answer text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute AS a
                   WHERE a.attrelid = destination AND a.attname = 'action_id' AND NOT a.attisdropped
                     AND a.atttypid = 'bigint'::regtype AND NOT a.attnotnull AND NOT a.atthasdef AND a.attidentity = '')
       OR EXISTS (SELECT FROM pg_attribute AS a
                  WHERE a.attrelid = destination AND a.attnum > 0 AND NOT a.attisdropped
                    AND col_description(a.attrelid, a.attnum) LIKE 'Rowrelay: the change that the row shows%') THEN
        RETURN NULL;
    END IF;
    -- Tables of the same owner only: reading another's could run what that one has put into it.
    FOR home IN
        SELECT w.relnamespace
        FROM pg_class AS w JOIN pg_class AS p ON p.relnamespace = w.relnamespace AND p.relowner = w.relowner
        WHERE w.relname = 'cdc_writer' AND p.relname = 'cdc_progress' AND w.relkind = 'r' AND p.relkind = 'r'
          AND pg_get_userbyid(w.relowner) = current_user
    LOOP
        EXECUTE format($look$
            WITH noted AS (
                SELECT w.stream, c.oid
                FROM %1$s.cdc_writer AS w
                JOIN pg_namespace AS n ON n.nspname = (parse_ident(w.destination_table))[1]
                JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = (parse_ident(w.destination_table))[2])
            SELECT CASE WHEN EXISTS (SELECT FROM noted WHERE oid = $1) THEN 'ours'
                        WHEN EXISTS (SELECT FROM %1$s.cdc_progress AS p WHERE p.stream NOT IN (SELECT stream FROM noted)) THEN 'unknown'
                   END$look$, home) INTO one USING destination;
        -- In the alphabet the surer one comes first.
        answer := least(answer, one);
    END LOOP;
    RETURN answer;
END;
$$;

-- The column in which the consumer keeps which change a row shows, and whether it is marked; no row where there is none.
-- In Java: io.rowrelay.stream.table.FenceColumn.
CREATE OR REPLACE FUNCTION rowrelay.fence(destination regclass)
RETURNS TABLE (column_name name, marked boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.attname, f.marked
    FROM (
        SELECT a.attname, coalesce(col_description(a.attrelid, a.attnum), '') LIKE 'Rowrelay: the change that the row shows%' AS marked
        FROM pg_attribute AS a
        WHERE a.attrelid = destination AND a.attnum > 0 AND NOT a.attisdropped
    ) AS f
    WHERE f.marked OR f.attname = 'action_id' AND rowrelay.unmarked_action_id(destination) = 'ours'
    ORDER BY f.marked DESC
    LIMIT 1;
$$;

-- Why the consumer could not write the table, and what to do about it.
CREATE OR REPLACE FUNCTION rowrelay.destination_refusals(destination regclass)
RETURNS TABLE (problem text, hint text, code text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT format('%s is not a table', destination), 'Name the table that holds the rows.', 'wrong_object_type'
    FROM pg_class AS c
    WHERE c.oid = destination AND c.relkind NOT IN ('r', 'p')
    UNION ALL
    SELECT format('%s has no primary key, so a change cannot find its row', destination),
           format('Give it the key of the source: ALTER TABLE %s ADD PRIMARY KEY (...), or a unique index over columns that are NOT NULL.',
                  destination), 'invalid_table_definition'
    FROM pg_class AS c
    WHERE c.oid = destination AND c.relkind IN ('r', 'p') AND rowrelay.key_index(destination) IS NULL
    UNION ALL
    SELECT format('the primary key of %s is deferrable, which INSERT ... ON CONFLICT cannot use', destination),
           format('Drop constraint %I and add it again as NOT DEFERRABLE.', k.conname), 'invalid_table_definition'
    FROM pg_constraint AS k
    WHERE k.conrelid = destination AND k.contype = 'p' AND k.condeferrable;
$$;

-- The same for an action_id that nothing marks, of which nothing tells whose it is.
CREATE OR REPLACE FUNCTION rowrelay.unmarked_refusal(destination regclass)
RETURNS TABLE (problem text, hint text, code text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT format('column action_id of %s may be the consumer''s or the table''s own: nothing marks it, and a stream has applied changes to a'
                      || ' table that cdc_writer does not tell', destination),
           format('Restart the consumers of this destination, which note there what they write, and run this again. Or say whose it is. The'
                      || ' consumer''s: COMMENT ON COLUMN %1$s.action_id IS %2$L; the table''s own: ALTER TABLE %1$s ADD COLUMN _action_id bigint;'
                      || ' COMMENT ON COLUMN %1$s._action_id IS %2$L;',
                  destination, 'Rowrelay: the change that the row shows'),
           'object_not_in_prerequisite_state'
    WHERE rowrelay.unmarked_action_id(destination) = 'unknown';
$$;

-- Says so where cdc_destination takes an action_id for the consumer's that nothing marked.
CREATE OR REPLACE FUNCTION rowrelay.tell_of_action_id(destination regclass)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
BEGIN
    IF rowrelay.unmarked_action_id(destination) = 'ours' THEN
        RAISE NOTICE 'column action_id of % is the consumer''s: a stream writes the table', destination;
    END IF;
END;
$$;

-- Constraints that may refuse a row: changes of different keys arrive in another order than they were made in.
CREATE OR REPLACE FUNCTION rowrelay.destination_warnings(destination regclass)
RETURNS TABLE (problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT format('unique index %s of %s', i.indexrelid::regclass, destination)
    FROM pg_index AS i
    WHERE i.indrelid = destination AND (i.indisunique OR i.indisexclusion)
      AND i.indexrelid <> rowrelay.key_index(destination)
    UNION ALL
    SELECT format('foreign key %I of %s', k.conname, k.conrelid::regclass)
    FROM pg_constraint AS k
    WHERE k.contype = 'f' AND destination IN (k.conrelid, k.confrelid) AND k.conparentid = 0
    ORDER BY 1;
$$;

CREATE OR REPLACE FUNCTION rowrelay.prepare_destination(destination regclass, refusal text, hint text, code text, statements text[], warnings text[])
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off SET lock_timeout = '2s'
AS $$
DECLARE
    line text;
BEGIN
    IF refusal IS NOT NULL THEN
        PERFORM rowrelay.refuse(refusal, hint, code);
    END IF;
    PERFORM rowrelay.run(statements);
    FOREACH line IN ARRAY warnings LOOP
        RAISE WARNING '% may refuse rows', line
            USING DETAIL = 'Changes of different keys arrive in another order than they were made in.',
                  HINT = 'Drop it here. The source has enforced it.';
    END LOOP;
EXCEPTION WHEN lock_not_available THEN
    RAISE EXCEPTION '% has been in use by open transactions for 2 s', destination
        USING ERRCODE = 'lock_not_available', HINT = 'Nothing is changed. Run it again when they have ended.';
END;
$$;

-- Adds a column for the change that a row shows (NULL: from before any), and lets the consumer write identity columns. Another call
-- changes nothing. The column is called action_id, or with underscores before that where the table has such a column for itself.
CREATE OR REPLACE FUNCTION cdc_destination(destination regclass)
RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.tell_of_action_id(destination);
    SELECT rowrelay.prepare_destination(destination, r.problem, r.hint, r.code,
        ARRAY(
            SELECT format(CASE WHEN f.column_name IS NULL THEN 'ALTER TABLE %1$s ADD COLUMN %2$I bigint; ' ELSE '' END
                          || 'COMMENT ON COLUMN %1$s.%2$I IS %3$L', destination, coalesce(f.column_name, free.column_name),
                          'Rowrelay: the change that the row shows')
            FROM (
                SELECT repeat('_', n) || 'action_id' AS column_name
                FROM generate_series(0, 50) AS n
                WHERE NOT EXISTS (SELECT FROM pg_attribute AS a
                                  WHERE a.attrelid = destination AND a.attname = repeat('_', n) || 'action_id' AND NOT a.attisdropped)
                ORDER BY n
                LIMIT 1
            ) AS free
            LEFT JOIN rowrelay.fence(destination) AS f ON true
            WHERE f.marked IS NOT TRUE
            UNION ALL
            SELECT format('ALTER TABLE %s ALTER COLUMN %I SET GENERATED BY DEFAULT', destination, a.attname)
            FROM pg_attribute AS a
            WHERE a.attrelid = destination AND a.attidentity = 'a' AND NOT a.attisdropped),
        ARRAY(SELECT w.problem FROM rowrelay.destination_warnings(destination) AS w))
    FROM (VALUES (1)) AS one
    LEFT JOIN (SELECT i.problem, i.hint, 'object_not_in_prerequisite_state' AS code FROM rowrelay.installation_problems() AS i
               UNION ALL SELECT * FROM rowrelay.destination_refusals(destination)
               UNION ALL SELECT * FROM rowrelay.unmarked_refusal(destination) LIMIT 1) AS r ON true;
    SELECT rowrelay.warn_of_hazards(destination);
$$;

CREATE OR REPLACE FUNCTION rowrelay.grant_consumer(written regclass[], letters regclass, seen regclass, role regrole)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.run(array_agg(format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s', w, role))) FROM unnest(written) AS w;
    -- To count dead letters.
    SELECT rowrelay.run(ARRAY[
        format('GRANT SELECT ON %s TO %s', letters, role),
        format('GRANT SELECT, INSERT, UPDATE ON %s TO %s', seen, role)]);
    SELECT rowrelay.grant_use(written, '{}', role);
    SELECT rowrelay.grant_replica_role(role);
$$;

-- What the consumer's role needs, and no more: cdc_grant_destination('employees', 'consumer_role').
CREATE OR REPLACE FUNCTION cdc_grant_destination(destination regclass, role name)
RETURNS void
LANGUAGE sql VOLATILE
AS $$
    SELECT rowrelay.grant_consumer(
        ARRAY[destination, 'cdc_tombstone'::pg_catalog.regclass, 'cdc_progress'::pg_catalog.regclass, 'cdc_writer'::pg_catalog.regclass,
              'cdc_key_lock'::pg_catalog.regclass],
        'cdc_dead_letter'::pg_catalog.regclass, 'cdc_dead_letter_seen'::pg_catalog.regclass,
        pg_catalog.quote_ident(role)::pg_catalog.regrole);
$$;
