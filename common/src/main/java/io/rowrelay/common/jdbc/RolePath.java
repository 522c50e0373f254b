package io.rowrelay.common.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/**
 * Finds tables on the search_path that a role has by itself, and nothing else. A role that may create functions or operators in
 * one of its schemas, such as {@code public}, could put one there that fits a call better than PostgreSQL's own. That one would
 * run with the rights of the role that calls it. So each session remembers the schemas of its path, and resolves all other names
 * in pg_catalog only. Safe for any thread.
 */
public final class RolePath {
    /**
     * The first that a session runs. What stands before the second statement must name each function and type with its schema,
     * and use no operator.
     */
    static final String PIN = "SELECT pg_catalog.set_config('rowrelay.search_path',"
            + " pg_catalog.current_schemas(false)::pg_catalog.text, false); SET search_path = pg_catalog, pg_temp;";

    /** An SQL expression for the schemas, a name[], also in a session that nobody has pinned. */
    public static final String SCHEMAS =
            "coalesce(nullif(current_setting('rowrelay.search_path', true), '')::name[], current_schemas(false))";

    /** A table of ours in braces; what is in quotes is somebody else's. */
    private static final Pattern MARKED = Pattern.compile("\"[^\"]*\"|'[^']*'|\\{(cdc_\\w+)\\}");

    /**
     * An SQL condition on a row {@code r} of pg_roles: objects with a name of Rowrelay's are Rowrelay's only where they belong to
     * such a role. The rule of rowrelay.trusts in sql/source/00_rights.sql, and the session's own role, which gains nothing by it. It
     * stands here again since that function may not be there, where nothing is installed or half of it is removed. A test
     * compares them.
     */
    public static final String TRUSTED = """
            (r.rolsuper OR r.rolname = current_user
             OR r.oid IN (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = current_database()
                          UNION ALL SELECT n.nspowner FROM pg_catalog.pg_namespace n WHERE n.nspname = 'rowrelay'))""";

    /** A table of another role in a schema that comes first could have a trigger, which would run as the role that writes it. */
    private static final String FOUND = """
            SELECT quote_ident(n.nspname), CASE WHEN NOT %s THEN quote_ident(r.rolname) END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
            WHERE c.oid = %s""".formatted(TRUSTED, table("?"));

    private record Found(String schema, Optional<String> stranger) {}

    private static final Map<PGConnection, Map<String, String>> KNOWN =
            Collections.synchronizedMap(new WeakHashMap<>());

    private RolePath() {}

    /**
     * An SQL expression for the table of a name, a regclass, NULL where there is none. The expression for the name can be a
     * parameter; it is as in SQL, with or without a schema.
     */
    public static String table(String name) {
        return """
                (SELECT found.oid FROM (SELECT %1$s::text) AS asked (name), LATERAL (
                     SELECT to_regclass(asked.name) AS oid, 0 AS place
                     UNION ALL
                     SELECT to_regclass(format('%%I.%%s', schema.name, asked.name)), schema.place
                     FROM unnest(%2$s) WITH ORDINALITY AS schema (name, place)
                     WHERE cardinality(parse_ident(asked.name)) = 1) AS found
                 WHERE found.oid IS NOT NULL ORDER BY found.place LIMIT 1)""".formatted(name, SCHEMAS);
    }

    /**
     * Prepares a statement that names tables in braces, such as {@code {cdc_offset}}: the one of that name on the role's path.
     * The session looks each up once.
     *
     * @throws SQLException of the state that PostgreSQL has for it, where there is none
     */
    public static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        return connection.prepareStatement(qualified(connection, sql));
    }

    /** The statement with the names of such tables qualified. */
    public static String qualified(Connection connection, String sql) throws SQLException {
        Matcher marked = MARKED.matcher(sql);
        StringBuilder text = new StringBuilder();
        int copied = 0;
        while (marked.find()) {
            String table = marked.group(1);
            if (table != null) {
                text.append(sql, copied, marked.start())
                        .append(schema(connection, table))
                        .append('.')
                        .append(table);
                copied = marked.end();
            }
        }
        return text.append(sql, copied, sql.length()).toString();
    }

    /**
     * The schema on the role's path that has a table, quoted.
     *
     * @throws SQLException also where the table is of a role that others cannot trust
     */
    public static String schema(Connection connection, String table) throws SQLException {
        Map<String, String> known =
                KNOWN.computeIfAbsent(connection.unwrap(PGConnection.class), session -> new ConcurrentHashMap<>());
        String schema = known.get(table);
        if (schema == null) {
            Found found = Query.first(
                            connection,
                            FOUND,
                            row -> new Found(row.getString(1), Optional.ofNullable(row.getString(2))),
                            table)
                    .orElseThrow(() -> SqlFailures.missingTable(table));
            if (found.stranger().isPresent()) {
                throw SqlFailures.tableOfAnother(
                        found.schema() + "." + table, found.stranger().get());
            }
            schema = found.schema();
            known.put(table, schema);
        }
        return schema;
    }
}
