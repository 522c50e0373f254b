package io.rowrelay.admin.schema;

import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The statements that make objects of a database, printed by the server itself from its catalogs. */
final class DefinitionStatements {
    /** The oid of pg_class, which no version changes. */
    private static final long CLASSES = 1259;

    private static final String ALONE = """
            WITH need (classid, objid) AS (SELECT c::oid, o::oid FROM unnest(?::bigint[], ?::bigint[]) AS n (c, o))
            SELECT 'schema' AS kind, n.oid::regnamespace::text AS name, need.*, NULL::oid AS relation,
                   format('CREATE SCHEMA %s', n.oid::regnamespace) AS statement
            FROM need JOIN pg_namespace AS n ON n.oid = need.objid
            WHERE need.classid = 'pg_namespace'::regclass
            UNION ALL
            SELECT 'extension', quote_ident(e.extname), need.*, NULL,
                   format('CREATE EXTENSION %I SCHEMA %s', e.extname, e.extnamespace::regnamespace)
            FROM need JOIN pg_extension AS e ON e.oid = need.objid
            WHERE need.classid = 'pg_extension'::regclass
            UNION ALL
            SELECT 'function', p.oid::regprocedure::text, need.*, NULL, CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END
            FROM need JOIN pg_proc AS p ON p.oid = need.objid
            WHERE need.classid = 'pg_proc'::regclass
            UNION ALL
            SELECT 'sequence', s.seqrelid::regclass::text, need.*, NULL,
                   format('CREATE SEQUENCE %s AS %s ', s.seqrelid::regclass, format_type(s.seqtypid, NULL)) || format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', s.seqincrement, s.seqmin, s.seqmax,
                          s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END) || coalesce((
                       SELECT format('; ALTER SEQUENCE %s OWNED BY %s.%I', s.seqrelid::regclass, a.attrelid::regclass, a.attname)
                       FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                       WHERE d.classid = need.classid AND d.objid = need.objid AND d.deptype = 'a'
                         AND d.refclassid = 'pg_class'::regclass), '')
            FROM need JOIN pg_sequence AS s ON s.seqrelid = need.objid
            -- That of an identity column comes with its table.
            WHERE need.classid = 'pg_class'::regclass
              AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = need.classid AND d.objid = need.objid AND d.deptype = 'i')
            UNION ALL
            SELECT 'other', pg_describe_object(need.classid, need.objid, 0), need.*, NULL, NULL
            FROM need
            WHERE need.classid <> ALL ('{pg_namespace,pg_extension,pg_type,pg_proc,pg_class,pg_attrdef,pg_constraint,pg_trigger,
                                         pg_statistic_ext,pg_rewrite}'::regclass[])""";

    private static final String TYPES = """
            WITH need (classid, objid) AS (SELECT c::oid, o::oid FROM unnest(?::bigint[], ?::bigint[]) AS n (c, o))
            SELECT 'type', t.oid::regtype::text, need.*, NULL::oid, CASE t.typtype
                WHEN 'e' THEN (
                    SELECT format('CREATE TYPE %s AS ENUM (%s)', t.oid::regtype,
                                  string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder))
                    FROM pg_enum AS l
                    WHERE l.enumtypid = t.oid)
                WHEN 'd' THEN (
                    SELECT concat(format('CREATE DOMAIN %s AS %s', t.oid::regtype, format_type(t.typbasetype, t.typtypmod)),
                                  CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE ' || t.typcollation::regcollation END,
                                  ' DEFAULT ' || pg_get_expr(t.typdefaultbin, 'pg_type'::regclass),
                                  CASE WHEN t.typnotnull THEN ' NOT NULL' END,
                                  (SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.conname)
                                   FROM pg_constraint AS k
                                   WHERE k.contypid = t.oid AND k.contype = 'c'))
                    FROM pg_type AS b
                    WHERE b.oid = t.typbasetype)
                WHEN 'c' THEN (
                    SELECT format('CREATE TYPE %s AS (%s)', t.oid::regtype, string_agg(
                               concat(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)),
                                      CASE WHEN a.attcollation <> b.typcollation THEN ' COLLATE ' || a.attcollation::regcollation END),
                               ', ' ORDER BY a.attnum))
                    FROM pg_attribute AS a JOIN pg_type AS b ON b.oid = a.atttypid
                    WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
                WHEN 'r' THEN (
                    SELECT concat(format('CREATE TYPE %s AS RANGE (SUBTYPE = %s, SUBTYPE_OPCLASS = %I.%I, MULTIRANGE_TYPE_NAME = %s',
                                         t.oid::regtype, format_type(r.rngsubtype, NULL), n.nspname, c.opcname, r.rngmultitypid::regtype),
                                  CASE WHEN r.rngcollation <> 0 THEN ', COLLATION = ' || r.rngcollation::regcollation END,
                                  CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc END, ')')
                    FROM pg_range AS r JOIN pg_opclass AS c ON c.oid = r.rngsubopc JOIN pg_namespace AS n ON n.oid = c.opcnamespace
                    WHERE r.rngtypid = t.oid AND r.rngcanonical = 0)
                END
            FROM need JOIN pg_type AS t ON t.oid = need.objid LEFT JOIN pg_class AS c ON c.oid = t.typrelid
            -- Neither the types of rows nor those of arrays and multiranges.
            WHERE need.classid = 'pg_type'::regclass
              AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c' OR t.typtype = 'b' AND t.typelem = 0)""";

    private static final String RELATIONS = """
            WITH need (classid, objid) AS (SELECT c::oid, o::oid FROM unnest(?::bigint[], ?::bigint[]) AS n (c, o))
            SELECT CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, c.oid::regclass::text, need.*, c.oid, CASE
                WHEN c.relkind = 'v' THEN format('CREATE VIEW %s AS %s', c.oid::regclass, rtrim(pg_get_viewdef(c.oid), ';'))
                WHEN c.relkind = 'm' THEN format('CREATE MATERIALIZED VIEW %s AS %s WITH NO DATA', c.oid::regclass,
                                                 rtrim(pg_get_viewdef(c.oid), ';'))
                WHEN c.relispartition OR c.relkind <> 'f' AND parent.name IS NULL THEN concat(
                    format('CREATE TABLE %s ', c.oid::regclass),
                    CASE WHEN c.relispartition THEN format('PARTITION OF %s %s', parent.name, pg_get_expr(c.relpartbound, c.oid))
                         ELSE format('(%s)', (SELECT string_agg(concat(
                                                   format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)),
                                                   CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation END,
                                                   CASE WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(g.adbin, g.adrelid),
                                                                                              CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END) END,
                                                   (SELECT format(' GENERATED %s AS IDENTITY (%s)', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', s.seqincrement, s.seqmin, s.seqmax,
                                                          s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END))
                                                    FROM pg_depend AS d JOIN pg_sequence AS s ON s.seqrelid = d.objid
                                                    WHERE a.attidentity <> '' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                                                      AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i'),
                                                   CASE WHEN a.attnotnull AND NOT EXISTS (
                                                            SELECT FROM pg_constraint AS k
                                                            WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum] AND NOT k.convalidated)
                                                        THEN ' NOT NULL' END), ', ' ORDER BY a.attnum)
                                        FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
                                        LEFT JOIN pg_attrdef AS g ON g.adrelid = a.attrelid AND g.adnum = a.attnum AND a.attgenerated <> ''
                                        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                          AND coalesce(col_description(a.attrelid, a.attnum), '') NOT LIKE 'Rowrelay: the change that the row shows%')) END,
                    CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) END,
                    ' WITH (' || (SELECT string_agg(format('%s = %L', o.option_name, o.option_value), ', ')
                                  FROM pg_options_to_table(c.reloptions) AS o) || ')')
                END
            FROM need JOIN pg_class AS c ON c.oid = need.objid
            LEFT JOIN LATERAL (SELECT i.inhparent::regclass FROM pg_inherits AS i WHERE i.inhrelid = c.oid LIMIT 1) AS parent (name) ON true
            WHERE need.classid = 'pg_class'::regclass AND c.relkind IN ('r', 'p', 'f', 'v', 'm')""";

    private static final String PARTS = """
            WITH need (classid, objid) AS (SELECT c::oid, o::oid FROM unnest(?::bigint[], ?::bigint[]) AS n (c, o))
            SELECT 'default', pg_describe_object(need.classid, need.objid, 0), need.*, d.adrelid,
                   format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', d.adrelid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid))
            FROM need JOIN pg_attrdef AS d ON d.oid = need.objid
            JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = ''
            WHERE need.classid = 'pg_attrdef'::regclass
            UNION ALL
            SELECT CASE k.contype WHEN 'f' THEN 'foreign key' ELSE 'constraint' END, quote_ident(k.conname), need.*, k.conrelid,
                   format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
            FROM need JOIN pg_constraint AS k ON k.oid = need.objid
            WHERE need.classid = 'pg_constraint'::regclass AND k.contypid = 0 AND k.conparentid = 0 AND k.conislocal
            UNION ALL
            -- One of a partitioned table makes those of its partitions.
            SELECT 'index', i.indexrelid::regclass::text, need.*, i.indrelid,
                   regexp_replace(pg_get_indexdef(i.indexrelid), '^(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|[^ "]+) ON )ONLY ', '\\1')
            FROM need JOIN pg_index AS i ON i.indexrelid = need.objid
            WHERE need.classid = 'pg_class'::regclass AND i.indisvalid
              AND NOT EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)
              AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = need.classid AND d.objid = need.objid
                                AND d.refclassid = 'pg_constraint'::regclass AND d.deptype = 'i')
            UNION ALL
            SELECT 'trigger', quote_ident(t.tgname), need.*, t.tgrelid, concat(
                       pg_get_triggerdef(t.oid),
                       CASE WHEN t.tgenabled = 'D' THEN format('; ALTER TABLE %s DISABLE TRIGGER %I', t.tgrelid::regclass, t.tgname) END)
            FROM need JOIN pg_trigger AS t ON t.oid = need.objid
            WHERE need.classid = 'pg_trigger'::regclass
            UNION ALL
            SELECT 'statistics', pg_describe_object(need.classid, need.objid, 0), need.*, s.stxrelid, pg_get_statisticsobjdef(s.oid)
            FROM need JOIN pg_statistic_ext AS s ON s.oid = need.objid
            WHERE need.classid = 'pg_statistic_ext'::regclass""";

    /** What comes with an extension is not made by itself. */
    private static final String NO_MEMBERS = """
            SELECT kind, name, classid::bigint, objid::bigint, relation::bigint, statement
            FROM (%s) AS found (kind, name, classid, objid, relation, statement)
            WHERE NOT EXISTS (SELECT FROM pg_depend AS e
                              WHERE e.classid = found.classid AND e.objid = found.objid AND e.deptype = 'e')""";

    private DefinitionStatements() {}

    /** Those of the objects that have one; the others come with another object. */
    static Map<ObjectAddress, ObjectDefinition> read(Connection connection, List<ObjectAddress> objects)
            throws SQLException {
        Long[] catalogs = objects.stream().map(ObjectAddress::catalog).toArray(Long[]::new);
        Long[] numbers = objects.stream().map(ObjectAddress::number).toArray(Long[]::new);
        Map<ObjectAddress, ObjectDefinition> definitions = new HashMap<>();
        for (String query : List.of(ALONE, TYPES, RELATIONS, PARTS)) {
            for (ObjectDefinition each : Query.list(
                    connection, NO_MEMBERS.formatted(query), DefinitionStatements::definition, catalogs, numbers)) {
                definitions.put(each.address(), each);
            }
        }
        return definitions;
    }

    private static ObjectDefinition definition(ResultSet row) throws SQLException {
        ObjectAddress address = new ObjectAddress(row.getLong(3), row.getLong(4));
        long relation = row.getLong(5);
        return new ObjectDefinition(
                address,
                ObjectKind.of(row.getString(1)),
                row.getString(2),
                row.wasNull() ? Optional.empty() : Optional.of(new ObjectAddress(CLASSES, relation)),
                Optional.ofNullable(row.getString(6)));
    }
}
