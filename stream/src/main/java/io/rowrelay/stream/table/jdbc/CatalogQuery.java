package io.rowrelay.stream.table.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.table.DefinitionHash;

/**
 * The query that reads tables from the catalog, a row for each column. Functions and types are qualified, and operators have
 * operands of their very types, so that nothing in a search_path can stand in for them.
 *
 * <p>Parameters: the names of the tables as in SQL, a text[]; whether to print the expressions of defaults and generated
 * columns.
 */
final class CatalogQuery {
    /** Whether the column of a is marked as the consumer's, in a source that is a destination too. */
    static final String IS_MARKED = "coalesce(pg_catalog.col_description(a.attrelid, a.attnum)"
            + " LIKE 'Rowrelay: the change that the row shows%', false)";

    /** rowrelay.key_index of r, which is not there where nothing is installed. */
    private static final String KEY_INDEX = """
            (SELECT i.indexrelid FROM pg_catalog.pg_index i
             WHERE i.indrelid = r.oid AND i.indisunique AND i.indisvalid AND (i.indisprimary OR i.indimmediate) AND i.indpred IS NULL AND i.indexprs IS NULL
               AND NOT EXISTS (
                   SELECT FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY p(attnum, position)
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = p.attnum
                   WHERE p.position <= i.indnkeyatts AND NOT a.attnotnull)
             ORDER BY i.indisprimary DESC, i.indisreplident DESC, i.indexrelid LIMIT 1)""";

    private static final String TABLES = """
            WITH RECURSIVE asked AS MATERIALIZED (
                SELECT w.place, r.oid, n.nspname, r.relname, DEFINITION AS definition,
                       EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = r.oid AND k.condeferrable) AS deferrable,
                       KEY_INDEX AS key_index
                FROM pg_catalog.unnest(?::pg_catalog.text[]) WITH ORDINALITY w(name, place)
                JOIN pg_catalog.pg_class r ON r.oid = NAMED::pg_catalog.oid
                JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
            ), attribute AS MATERIALIZED (
                SELECT asked.place, a.*
                FROM asked JOIN pg_catalog.pg_attribute a ON a.attrelid = asked.oid AND a.attnum > 0 AND NOT a.attisdropped
            )""".replace("DEFINITION", DefinitionHash.sql("r.oid"))
            .replace("NAMED", RolePath.table("w.name"))
            .replace("KEY_INDEX", KEY_INDEX);

    /**
     * Each type that is declared, with what it is made of: inside are elements, attributes and ranges' subtypes, and all but
     * what domains are made of. Only the base type is neither inside nor a domain.
     */
    private static final String TYPES = """
            , part(declared, oid, modifier, inside, ranged) AS (
                SELECT DISTINCT atttypid, atttypid, -1, false, false FROM attribute
                UNION
                SELECT whole.declared, next.oid, next.modifier, whole.inside OR next.inside, whole.ranged OR next.ranged
                FROM part whole JOIN pg_catalog.pg_type t ON t.oid = whole.oid
                CROSS JOIN LATERAL (
                    SELECT t.typbasetype, t.typtypmod, false, false WHERE t.typtype = 'd'
                    UNION ALL
                    SELECT e.oid, -1, true, false FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid
                    UNION ALL
                    SELECT m.atttypid, -1, true, false FROM pg_catalog.pg_attribute m
                    WHERE m.attrelid = t.typrelid AND m.attnum > 0 AND NOT m.attisdropped AND t.typtype = 'c'
                    UNION ALL
                    SELECT g.rngsubtype, -1, true, true FROM pg_catalog.pg_range g
                    WHERE t.oid IN (g.rngtypid, g.rngmultitypid) AND t.typtype IN ('r', 'm')
                ) next(oid, modifier, inside, ranged)
            ), named AS MATERIALIZED (
                SELECT p.*, t.typtype, t.typname, t.typnotnull, t.typdelim, n.nspname,
                       CASE WHEN t.typrelid <> 0 THEN 'COMPOSITE' WHEN e.oid IS NOT NULL THEN 'ARRAY'
                            WHEN t.oid = 'pg_catalog.json'::pg_catalog.regtype THEN 'JSON'
                            WHEN t.oid = 'pg_catalog.jsonb'::pg_catalog.regtype THEN 'JSONB' ELSE 'SCALAR' END AS shape,
                       -- PostgreSQL prints the schema of a type only where the search_path does not lead to it.
                       CASE WHEN n.nspname <> 'pg_catalog' AND pg_catalog.pg_type_is_visible(coalesce(e.oid, t.oid))
                            THEN pg_catalog.quote_ident(n.nspname) || '.' ELSE '' END AS prefix
                FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.oid
                LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
                JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            )""";

    /**
     * JSON would lose, inside another value: where an array begins, how many dimensions an array of JSON arrays has, and
     * whether a value is a JSON null. A type with a cast of its own to json is printed by that cast, and the type's input
     * function does not understand the result. Ranges are printed as text. A type that is not PostgreSQL's own can get
     * such a cast at any time. So a composite with a part of such a type is kept as text, and so is an array of one whose text
     * is not parted by commas.
     */
    private static final String TEXT_ONLY = """
            EXISTS (SELECT FROM named p WHERE p.declared = a.atttypid AND NOT p.ranged
                    AND (p.inside AND p.shape IN ('ARRAY', 'JSON', 'JSONB')
                         OR p.inside AND p.nspname <> 'pg_catalog' AND p.typdelim <> ','
                         OR p.shape = 'COMPOSITE' AND OF_OTHERS
                         OR p.shape <> 'JSONB' AND EXISTS (
                             SELECT FROM pg_catalog.pg_cast c
                             WHERE c.castsource = p.oid AND c.casttarget = 'pg_catalog.json'::pg_catalog.regtype AND c.castmethod = 'f')))""";

    private static final String OF_OTHERS = """
            EXISTS (SELECT FROM named o WHERE o.declared = a.atttypid AND NOT o.ranged AND o.nspname <> 'pg_catalog'
                    AND o.typtype <> 'd' AND o.shape = 'SCALAR')""";

    private static final String COLUMNS = """

            SELECT a.place, r.oid::pg_catalog.int8 AS oid, pg_catalog.format('%I.%I', r.nspname, r.relname) AS sql_name,
                   r.definition, r.deferrable,
                   a.attnum, a.attname, pg_catalog.quote_ident(a.attname) AS sql_column, a.attnotnull, a.atthasdef, a.attidentity, a.attgenerated,
                   CASE WHEN ?::pg_catalog.bool AND a.atthasdef THEN (
                       SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid)
                       FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END AS expression,
                   IS_MARKED AS marked,
                   own.prefix || pg_catalog.format_type(a.atttypid, a.atttypmod) AS declared,
                   own.prefix || pg_catalog.format_type(a.atttypid, -1) AS unmodified,
                   own.typtype = 'd' AS is_domain,
                   EXISTS (SELECT FROM named p WHERE p.declared = a.atttypid AND NOT p.inside AND p.typnotnull) AS refuses_null,
                   base.prefix || pg_catalog.format_type(base.oid, m.modifier) AS base, base.nspname AS base_schema, base.typname AS base_name,
                   m.modifier, base.shape, TEXT_ONLY AS text_only, OF_OTHERS AS of_others, enums.labels, enums.names AS enums,
                   key.position, key.operators, ordering.encoding
            FROM asked r JOIN attribute a ON a.place = r.place
            JOIN named own ON own.declared = a.atttypid AND own.oid = a.atttypid AND NOT own.inside
            JOIN named base ON base.declared = a.atttypid AND base.typtype <> 'd' AND NOT base.inside
            CROSS JOIN LATERAL (SELECT CASE WHEN own.typtype = 'd' THEN base.modifier ELSE a.atttypmod END AS modifier) m
            LEFT JOIN LATERAL (
                SELECT pg_catalog.array_agg(e.enumlabel::pg_catalog.text ORDER BY p.oid, e.enumsortorder) AS labels,
                       pg_catalog.array_agg(pg_catalog.format('%I.%I', p.nspname, p.typname) ORDER BY p.oid, e.enumsortorder) AS names
                FROM named p JOIN pg_catalog.pg_enum e ON e.enumtypid = p.oid
                WHERE p.declared = a.atttypid AND p.typtype = 'e') enums ON true
            LEFT JOIN LATERAL (
                SELECT k.position, (
                    SELECT pg_catalog.array_agg(pg_catalog.format('OPERATOR(%I.%s)', s.nspname, o.oprname) ORDER BY f.amopstrategy)
                    FROM pg_catalog.pg_amop f JOIN pg_catalog.pg_operator o ON o.oid = f.amopopr
                    JOIN pg_catalog.pg_namespace s ON s.oid = o.oprnamespace
                    WHERE f.amopfamily = c.opcfamily AND f.amoplefttype = c.opcintype AND f.amoprighttype = c.opcintype
                      AND f.amopstrategy BETWEEN 1 AND 5) AS operators
                FROM pg_catalog.pg_index i
                CROSS JOIN ROWS FROM (pg_catalog.unnest(i.indkey::pg_catalog.int2[]), pg_catalog.unnest(i.indclass::pg_catalog.oid[]))
                    WITH ORDINALITY k(attnum, class, position)
                JOIN pg_catalog.pg_opclass c ON c.oid = k.class
                WHERE i.indexrelid = r.key_index AND k.position <= i.indnkeyatts AND k.attnum = a.attnum) key ON true
            LEFT JOIN LATERAL (
                SELECT CASE WHEN c.collname IN ('C', 'POSIX') OR c.collprovider = 'b' OR c.collname = 'default' AND DATABASE_ORDERS_BYTES
                            THEN pg_catalog.getdatabaseencoding() END AS encoding
                FROM pg_catalog.pg_collation c WHERE c.oid = a.attcollation) ordering ON true
            ORDER BY a.place, a.attnum""";

    /** As all built-in collations (b) do: what a locale's order is depends on the machine and changes with its releases. */
    private static final String DATABASE_ORDERS_BYTES = """
            (SELECT CASE coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c')
                    WHEN 'b' THEN true WHEN 'c' THEN d.datcollate IN ('C', 'POSIX') ELSE false END
             FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())""";

    static final String SQL = TABLES
            + TYPES
            + COLUMNS.replace("IS_MARKED", IS_MARKED)
                    .replace("TEXT_ONLY", TEXT_ONLY)
                    .replace("OF_OTHERS", OF_OTHERS)
                    .replace("DATABASE_ORDERS_BYTES", DATABASE_ORDERS_BYTES);

    private CatalogQuery() {}
}
