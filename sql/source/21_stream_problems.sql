-- Checks hundreds of tables of a stream at once. The check of one table reads its capture word by word, some 40 ms; so what was found sound
-- is checked again only when a row of the catalogs has changed that it hangs on.

-- What the soundness of each table hangs on, in one value. A row of a catalog stands in it with its transaction and its address: together
-- they never come again, so nobody can alter a capture and have the same value, not even by altering it back. All rows are in it that
-- rowrelay.table_problems reads, except those of Rowrelay's own tables, and of what changes that were held back hang on: that the table
-- got another name.
CREATE OR REPLACE FUNCTION rowrelay.fingerprints(stream_name text)
RETURNS TABLE (source_table regclass, fingerprint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE tables AS MATERIALIZED (
        SELECT t.source_table::oid AS source, t.change_table::oid AS change, s.relkind, s.relowner, s.relnamespace AS source_home,
               c.relnamespace AS change_home, c.relname AS change_name, k.action_ids::oid AS action_ids
        FROM rowrelay.stream AS k
        JOIN rowrelay.stream_table AS t ON t.stream = k.name
        JOIN pg_class AS s ON s.oid = t.source_table
        LEFT JOIN pg_class AS c ON c.oid = t.change_table
        WHERE k.name = stream_name
    ), relations AS MATERIALIZED (
        SELECT t.source, 's' AS kind, t.source AS relation FROM tables AS t
        UNION ALL
        SELECT t.source, 'p', p.relid FROM tables AS t, pg_partition_tree(t.source) AS p WHERE t.relkind = 'p' AND p.relid <> t.source
        UNION ALL
        SELECT t.source, 'c', t.change FROM tables AS t
    ), sequences AS MATERIALIZED (
        SELECT t.source, d.objid AS sequence, concat(d.refobjsubid, d.deptype, d.xmin, d.ctid) AS version
        FROM tables AS t
        JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.change AND d.classid = 'pg_class'::regclass
        JOIN pg_sequence AS q ON q.seqrelid = d.objid
        UNION ALL
        SELECT t.source, t.action_ids, 'n' FROM tables AS t
    ), functions AS MATERIALIZED (
        SELECT t.source, p.oid, concat(p.xmin, p.ctid) AS version
        FROM tables AS t CROSS JOIN unnest('{insert,update,delete,truncate}'::text[]) AS event
        JOIN pg_proc AS p ON p.proname = (t.change_name || '_' || event)::name AND p.pronamespace = t.change_home
    ), attributes AS MATERIALIZED (
        SELECT r.source, a.attrelid, a.attnum, a.atttypid, a.attcollation, a.attisdropped, concat(a.xmin, a.ctid) AS version
        FROM relations AS r JOIN pg_attribute AS a ON a.attrelid = r.relation AND a.attnum > 0
        WHERE r.kind <> 'p'
    ), types AS (
        -- PostgreSQL's own never change.
        SELECT DISTINCT a.source, a.atttypid AS oid FROM attributes AS a WHERE NOT a.attisdropped AND a.atttypid >= 16384
        UNION
        SELECT t.source, part.oid
        FROM types AS t JOIN pg_type AS y ON y.oid = t.oid CROSS JOIN unnest(ARRAY[y.typbasetype, y.typelem]) AS part (oid)
        WHERE part.oid >= 16384
    ), versions (source, kind, id, version) AS (
        SELECT r.source, r.kind, c.oid::bigint, concat(c.xmin, c.ctid) FROM relations AS r JOIN pg_class AS c ON c.oid = r.relation
        UNION ALL
        SELECT a.source, 'attribute', a.attrelid::bigint * 2000 + a.attnum, a.version FROM attributes AS a
        UNION ALL
        SELECT r.source, 'default', d.oid::bigint, concat(d.xmin, d.ctid) FROM relations AS r JOIN pg_attrdef AS d ON d.adrelid = r.relation
        WHERE r.kind = 'c'
        UNION ALL
        SELECT r.source, 'index', i.indexrelid::bigint, concat(i.xmin, i.ctid) FROM relations AS r JOIN pg_index AS i ON i.indrelid = r.relation
        WHERE r.kind <> 'p'
        UNION ALL
        SELECT r.source, 'inherits', i.inhparent::bigint, concat(i.xmin, i.ctid) FROM relations AS r JOIN pg_inherits AS i ON i.inhrelid = r.relation
        UNION ALL
        SELECT r.source, 'inherited', i.inhrelid::bigint, concat(i.xmin, i.ctid) FROM relations AS r JOIN pg_inherits AS i ON i.inhparent = r.relation
        UNION ALL
        SELECT r.source, 'constraint', k.oid::bigint, concat(k.xmin, k.ctid) FROM relations AS r JOIN pg_constraint AS k ON k.conrelid = r.relation
        WHERE r.kind <> 'p'
        UNION ALL
        SELECT r.source, 'rule', w.oid::bigint, concat(w.xmin, w.ctid) FROM relations AS r JOIN pg_rewrite AS w ON w.ev_class = r.relation
        WHERE r.kind = 'c'
        UNION ALL
        SELECT r.source, 'statistics', x.oid::bigint, concat(x.xmin, x.ctid) FROM relations AS r JOIN pg_statistic_ext AS x ON x.stxrelid = r.relation
        WHERE r.kind = 'c'
        UNION ALL
        -- The comment that marks the consumer's column, where the table is a destination too.
        SELECT r.source, 'comment', d.objsubid::bigint, concat(d.xmin, d.ctid)
        FROM relations AS r JOIN pg_description AS d ON d.objoid = r.relation AND d.classoid = 'pg_class'::regclass
        WHERE r.kind = 's'
        UNION ALL
        SELECT r.source, 'subscription', s.srsubid::bigint, concat(s.xmin, s.ctid)
        FROM relations AS r JOIN pg_subscription_rel AS s ON s.srrelid = r.relation
        WHERE r.kind = 's'
        UNION ALL
        -- That of a foreign key to the change table is one, too.
        SELECT r.source, 'trigger on it', g.oid::bigint, concat(g.xmin, g.ctid) FROM relations AS r JOIN pg_trigger AS g ON g.tgrelid = r.relation
        WHERE r.kind = 'c'
        UNION ALL
        -- Whatever table they are on.
        SELECT f.source, 'trigger', g.oid::bigint, concat(g.xmin, g.ctid) FROM functions AS f JOIN pg_trigger AS g ON g.tgfoid = f.oid
        UNION ALL
        SELECT f.source, 'function', f.oid::bigint, f.version FROM functions AS f
        UNION ALL
        SELECT q.source, 'sequence', q.sequence::bigint,
               concat(q.version, c.xmin, c.ctid, p.xmin, p.ctid, has_sequence_privilege(t.relowner, c.oid, 'USAGE'))
        FROM sequences AS q JOIN tables AS t ON t.source = q.source
        JOIN pg_class AS c ON c.oid = q.sequence JOIN pg_sequence AS p ON p.seqrelid = q.sequence
        UNION ALL
        SELECT t.source, 'type', y.oid::bigint, concat(y.xmin, y.ctid, n.xmin, n.ctid)
        FROM types AS t JOIN pg_type AS y ON y.oid = t.oid JOIN pg_namespace AS n ON n.oid = y.typnamespace
        UNION ALL
        SELECT a.source, 'collation', a.attnum::bigint, concat(c.oid, c.xmin, c.ctid, n.xmin, n.ctid)
        FROM attributes AS a JOIN pg_collation AS c ON c.oid = a.attcollation JOIN pg_namespace AS n ON n.oid = c.collnamespace
        WHERE a.attcollation >= 16384
        UNION ALL
        SELECT r.source, 'operator', o.oid::bigint, concat(e.oid, o.xmin, o.ctid, n.xmin, n.ctid)
        FROM relations AS r JOIN pg_index AS i ON i.indrelid = r.relation
        CROSS JOIN unnest(i.indclass::oid[]) AS class JOIN pg_opclass AS c ON c.oid = class
        JOIN pg_amop AS e ON e.amopfamily = c.opcfamily JOIN pg_operator AS o ON o.oid = e.amopopr JOIN pg_namespace AS n ON n.oid = o.oprnamespace
        WHERE r.kind = 's' AND i.indisunique AND class >= 16384
        UNION ALL
        SELECT t.source, 'schema', n.oid::bigint, concat(n.xmin, n.ctid) FROM tables AS t JOIN pg_namespace AS n ON n.oid IN (t.source_home, t.change_home)
        UNION ALL
        SELECT t.source, 'owner', t.relowner::bigint, concat(r.rolsuper, r.rolbypassrls) FROM tables AS t JOIN pg_roles AS r ON r.oid = t.relowner
    ), everybody (version) AS MATERIALIZED (
        -- How Rowrelay makes a capture, and whom it trusts.
        SELECT concat(
            (SELECT string_agg(concat(p.oid, p.xmin, p.ctid), ',' ORDER BY p.oid) FROM pg_proc AS p WHERE p.pronamespace = 'rowrelay'::regnamespace),
            (SELECT concat(n.xmin, n.ctid) FROM pg_namespace AS n WHERE n.nspname = 'rowrelay'),
            (SELECT d.datdba FROM pg_database AS d WHERE d.datname = current_database()),
            (SELECT string_agg(r.oid::text, ',' ORDER BY r.oid) FROM pg_roles AS r WHERE r.rolsuper))
    )
    SELECT v.source::regclass,
           md5(e.version || string_agg(concat(v.kind, v.id, ' ', v.version), ',' ORDER BY v.kind COLLATE "C", v.id, v.version COLLATE "C"))
    FROM versions AS v, everybody AS e
    GROUP BY v.source, e.version;
$$;

-- Lists what is wrong with the captures of a stream, as cdc_check does for one table, and with Rowrelay's own tables, for which there is no
-- source_table; no row when all is sound. A role that may (cdc_grant_stream) notes what was sound.
CREATE OR REPLACE FUNCTION rowrelay.stream_problems(stream_name text)
RETURNS TABLE (source_table regclass, problem text, hint text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    notes CONSTANT boolean := has_column_privilege('rowrelay.stream_table', 'fingerprint', 'UPDATE')
                              AND current_setting('transaction_read_only') = 'off';
    changed record;
    wrong record;
    sound boolean;
BEGIN
    RETURN QUERY SELECT NULL::regclass, i.problem, i.hint FROM rowrelay.installation_problems() AS i;
    FOR changed IN
        SELECT t.source_table AS source, s.action_ids, f.fingerprint,
               CASE WHEN EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.change_table) THEN t.change_table::text
                    ELSE rowrelay.default_change_table(t.source_table) END AS change
        FROM rowrelay.stream AS s
        JOIN rowrelay.stream_table AS t ON t.stream = s.name
        JOIN rowrelay.fingerprints(stream_name) AS f ON f.source_table = t.source_table
        WHERE s.name = stream_name AND t.fingerprint IS DISTINCT FROM f.fingerprint
        ORDER BY t.source_table::text
    LOOP
        sound := true;
        FOR wrong IN
            SELECT p.problem, p.hint FROM rowrelay.table_problems(changed.source::text, changed.source, changed.change, changed.action_ids) AS p
            WHERE p.step < 7
        LOOP
            sound := false;
            source_table := changed.source;
            problem := wrong.problem;
            hint := wrong.hint;
            RETURN NEXT;
        END LOOP;
        IF sound AND notes THEN
            UPDATE rowrelay.stream_table AS t SET fingerprint = changed.fingerprint WHERE t.source_table = changed.source;
        END IF;
    END LOOP;
END;
$$;
