-- What capture needs to know of a table, and the tables it does not take.
-- The schema rowrelay holds what is for the functions cdc_* only; naming it, they depend on nobody's search_path.

-- What a column is called in the change table and in the record. Both carry fields of their own, the envelope; a column with such a
-- name gets one more underscore, and so does one that would then be taken for it: the rule can always be turned round.
-- In Java: io.rowrelay.stream.record.ColumnNames.
CREATE OR REPLACE FUNCTION rowrelay.change_column(column_name name)
RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN column_name ~ '^_*(action_id|action|changed_at|xid)$' THEN '_' ELSE '' END || column_name;
$$;

-- The type of a column in the change table: one that holds every value of the column and of the types that it is likely to be widened
-- to, and that prints them alike. So a write never fails, nor is a value rounded, while the change table does not know of that yet.
-- What JSON prints of a real is less than of the same double precision: the producer casts it back.
CREATE OR REPLACE FUNCTION rowrelay.change_type(type_id oid)
RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT CASE WHEN one.oid = ANY ('{int2,int4,int8}'::regtype[]) THEN 'bigint' || many.brackets
                WHEN one.oid = ANY ('{float4,float8}'::regtype[]) THEN 'double precision' || many.brackets
                WHEN one.oid = ANY ('{text,varchar}'::regtype[]) OR one.typtype = 'e' THEN 'text' || many.brackets
                WHEN one.oid = ANY ('{bit,varbit}'::regtype[]) THEN 'bit varying' || many.brackets
                ELSE format_type(type_id, -1) END
    FROM pg_type AS declared
    -- There is no index for typarray.
    LEFT JOIN pg_type AS element ON element.oid = declared.typelem AND element.typarray = declared.oid
    CROSS JOIN LATERAL (SELECT CASE WHEN element.oid IS NULL THEN '' ELSE '[]' END) AS many (brackets)
    JOIN pg_type AS one ON one.oid = coalesce(element.oid, declared.oid)
    WHERE declared.oid = type_id;
$$;

-- A function cannot be replaced by one with another result.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_proc WHERE oid = pg_catalog.to_regprocedure('rowrelay.columns(regclass)')::pg_catalog.oid
               AND 'plain_type' = ANY (proargnames)) THEN
        DROP FUNCTION rowrelay.columns(regclass);
    END IF;
END;
$$;

-- The columns that are captured, in their order. column_type is the column's own, change_column and change_type are what it has in the
-- change table. key_position is the position in the key, from 1, or NULL; equality its operator in the key's index.
-- same_if_equal: two values that are equal have the same text too. A domain counts as its base type, so that the change table never
-- rejects a value, nor stands in the way when a domain gets another constraint. Where the table is a destination too, the column that
-- the consumer keeps for itself is left out.
CREATE OR REPLACE FUNCTION rowrelay.columns(source regclass)
RETURNS TABLE (attnum smallint, column_name name, column_type text, collation_name text, same_if_equal boolean,
               key_position bigint, equality text, change_column text, change_type text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    WITH RECURSIVE typed AS (
        -- A virtual column is stored nowhere, and is not in a transition table either: who needs it computes it.
        SELECT a.attnum, a.attname, a.attcollation, a.atttypid AS type_id, a.atttypmod AS modifier
        FROM pg_attribute AS a
        WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v'
          AND coalesce(col_description(a.attrelid, a.attnum), '') NOT LIKE 'Rowrelay: the change that the row shows%'
        UNION ALL
        SELECT d.attnum, d.attname, d.attcollation, t.typbasetype, t.typtypmod
        FROM typed AS d JOIN pg_type AS t ON t.oid = d.type_id
        WHERE t.typtype = 'd'
    ), key AS (
        SELECT part.attnum, part.key_position, format('OPERATOR(%I.%s)', s.nspname, o.oprname) AS equality
        FROM pg_index AS i
        CROSS JOIN unnest(i.indkey::smallint[], i.indclass::oid[]) WITH ORDINALITY AS part (attnum, opclass, key_position)
        JOIN pg_opclass AS c ON c.oid = part.opclass
        JOIN pg_amop AS e ON e.amopfamily = c.opcfamily AND e.amopstrategy = 3
            AND e.amoplefttype = c.opcintype AND e.amoprighttype = c.opcintype
        JOIN pg_operator AS o ON o.oid = e.amopopr
        JOIN pg_namespace AS s ON s.oid = o.oprnamespace
        WHERE i.indexrelid = rowrelay.key_index(source) AND part.key_position <= i.indnkeyatts
    )
    SELECT a.attnum, a.attname, format_type(a.type_id, a.modifier),
           CASE WHEN a.attcollation <> t.typcollation THEN format('%I.%I', cs.nspname, c.collname) END,
           -- Not so for numeric (1.0 and 1.00), float (0 and -0), interval, text of a collation that ignores case, citext ...
           t.typtype = 'e' OR t.oid = ANY ('{int2,int4,int8,oid,bool,uuid,date,timestamp,timestamptz,bytea}'::regtype[]),
           key.key_position, key.equality,
           rowrelay.change_column(a.attname), rowrelay.change_type(a.type_id)
    FROM typed AS a
    JOIN pg_type AS t ON t.oid = a.type_id AND t.typtype <> 'd'
    LEFT JOIN pg_collation AS c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace AS cs ON cs.oid = c.collnamespace
    LEFT JOIN key ON key.attnum = a.attnum
    ORDER BY a.attnum;
$$;

-- Why the table cannot be captured, and what to do about it; no row when it can. In a stream of several tables, which then has the sequence
-- action_ids, it needs no key.
CREATE OR REPLACE FUNCTION rowrelay.refusals(source regclass, action_ids regclass)
RETURNS TABLE (problem text, hint text, code text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT refusal.problem, refusal.hint, refusal.code
    FROM pg_class AS c
    CROSS JOIN LATERAL (
        SELECT is_so, CASE WHEN is_so THEN ' Then compare the tables, and repair: rowrelay verify --repair.' ELSE '' END
        FROM (VALUES (EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = source AND NOT t.tgisinternal AND t.tgname = 'cdc_insert'))
             ) AS looked (is_so)
    ) AS captured (already, repair)
    CROSS JOIN LATERAL (
        SELECT format('%s is %s, not a table', source, CASE c.relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view'
                          WHEN 'f' THEN 'a foreign table' WHEN 'S' THEN 'a sequence' WHEN 'i' THEN 'an index'
                          ELSE format('of kind %s', c.relkind) END) AS problem,
               'Capture the table that holds the rows.' AS hint, 'wrong_object_type' AS code
        WHERE c.relkind NOT IN ('r', 'p')
        UNION ALL
        SELECT format('%s is a partition of %s: its triggers see no statement that names the parent', source, parent.name)
                   || CASE WHEN captured.already THEN ', so what is written through it is not captured' ELSE '' END,
               format('Capture %s, which captures its partitions; or ALTER TABLE %s DETACH PARTITION %s; makes it a table of its own.',
                      pg_partition_root(source), parent.name, source) || captured.repair,
               'feature_not_supported'
        FROM (SELECT i.inhparent::regclass AS name FROM pg_inherits AS i WHERE i.inhrelid = source LIMIT 1) AS parent
        WHERE c.relispartition
        UNION ALL
        SELECT format('partition %s of %s is %s', part.relid, source, CASE p.relkind WHEN 'f' THEN 'a foreign table, whose rows others can write'
                      ELSE 'unlogged: a crash empties it, and no trigger sees that' END),
               'Detach it, or make it an ordinary table.', 'wrong_object_type'
        FROM pg_partition_tree(source) AS part JOIN pg_class AS p ON p.oid = part.relid
        WHERE c.relkind = 'p' AND (p.relkind = 'f' OR p.relkind = 'r' AND p.relpersistence <> 'p')
        UNION ALL
        SELECT format('%s is part of an inheritance tree: a statement on a parent writes children without their triggers', source)
                   || CASE WHEN captured.already THEN ', so such writes are not captured' ELSE '' END,
               'Take it out with ALTER TABLE ... NO INHERIT ...' || captured.repair, 'feature_not_supported'
        WHERE c.relkind = 'r' AND NOT c.relispartition
          AND EXISTS (SELECT FROM pg_inherits AS i WHERE source IN (i.inhrelid, i.inhparent))
        UNION ALL
        SELECT format('%s is %s', source, CASE c.relpersistence WHEN 't' THEN 'temporary'
                          ELSE 'unlogged: a crash empties it, and no trigger sees that' END),
               CASE c.relpersistence WHEN 't' THEN 'Capture a permanent table.' ELSE format('ALTER TABLE %s SET LOGGED;', source) END,
               'wrong_object_type'
        WHERE c.relkind = 'r' AND c.relpersistence <> 'p'
        UNION ALL
        SELECT format('%s has no primary key, so its rows cannot be told apart', source),
               format('Give it one with ALTER TABLE %s ADD PRIMARY KEY (...), or a unique index over columns that are NOT NULL. Or capture it into a '
                      'stream of several tables (cdc_stream), whose consumer compares whole rows.', source),
               'invalid_table_definition'
        WHERE c.relkind IN ('r', 'p') AND rowrelay.key_index(source) IS NULL AND action_ids IS NULL
        UNION ALL
        SELECT format('the primary key of %s is deferrable: two writers could change one key in one order and be captured in the other', source),
               format('Drop constraint %I and add it again as NOT DEFERRABLE.', k.conname), 'invalid_table_definition'
        FROM pg_constraint AS k
        WHERE k.conrelid = source AND k.contype = 'p' AND k.condeferrable
        UNION ALL
        SELECT format('the name of column %s of %s is too long', a.attname, source),
               'The change table gives it one more underscore, and a name has 63 bytes at most.', 'name_too_long'
        FROM pg_attribute AS a
        WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped AND octet_length(rowrelay.change_column(a.attname)) > 63
        UNION ALL
        SELECT format('%s is written by subscription %s, whose apply worker fires no statement triggers', source, s.subname),
               'Capture the table at the publisher.', 'feature_not_supported'
        FROM pg_subscription_rel AS r JOIN pg_subscription AS s ON s.oid = r.srsubid
        WHERE r.srrelid = source
        UNION ALL
        SELECT format('%s forces row-level security on its owner %s, so capture would not see every row', r.oid::regclass, o.rolname),
               format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY, or give the owner BYPASSRLS.', r.oid::regclass),
               'object_not_in_prerequisite_state'
        FROM pg_class AS r JOIN pg_roles AS o ON o.oid = c.relowner
        WHERE (r.oid = source OR r.oid IN (SELECT part.relid FROM pg_partition_tree(source) AS part))
          AND r.relrowsecurity AND r.relforcerowsecurity AND NOT o.rolbypassrls AND NOT o.rolsuper
    ) AS refusal
    WHERE c.oid = source;
$$;

-- What does not travel though the table can be captured.
CREATE OR REPLACE FUNCTION rowrelay.limits(source regclass)
RETURNS TABLE (problem text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT format('column %I of %s is a virtual generated column: it is stored nowhere, and not captured', a.attname, source),
           'Let the destination generate it too; a plain column stays NULL there.'
    FROM pg_attribute AS a
    WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = 'v'
    UNION ALL
    SELECT format('column %I of %s is of type %s: where its numbers name large objects, only the numbers are captured', a.attname, source,
                  format_type(a.atttypid, a.atttypmod)),
           'No trigger sees the contents of a large object: keep them in a column of type bytea, or copy them by other means.'
    FROM pg_attribute AS a
    JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped AND 'oid'::regtype IN (t.oid, t.typbasetype)
    UNION ALL
    SELECT format('a TRUNCATE of partition %s of %s fails: %s may not read it', p.oid::regclass, source, c.relowner::regrole),
           format('GRANT USAGE ON SCHEMA %s TO %s; GRANT SELECT ON %s TO %2$s;', p.relnamespace::regnamespace, c.relowner::regrole, p.oid::regclass)
    FROM pg_class AS c, pg_partition_tree(source) AS part JOIN pg_class AS p ON p.oid = part.relid
    WHERE c.oid = source AND c.relkind = 'p' AND part.isleaf
      AND NOT (has_table_privilege(c.relowner, p.oid, 'SELECT') AND has_schema_privilege(c.relowner, p.relnamespace, 'USAGE'))
    UNION ALL
    SELECT format('column action_id of %s is captured like any other', source),
           format('If the table is a destination too and the column is the consumer''s own, run SELECT cdc_destination(%L) first.', source::text)
    FROM pg_attribute AS a
    WHERE a.attrelid = source AND a.attname = 'action_id' AND a.atttypid = 'bigint'::regtype AND NOT a.attnotnull AND NOT a.atthasdef
      AND col_description(a.attrelid, a.attnum) IS NULL AND EXISTS (SELECT FROM pg_class WHERE relname = 'cdc_tombstone' AND relkind = 'r');
$$;
