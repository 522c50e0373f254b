package io.rowrelay.admin.schema;

import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The definitions of tables, as their database has them, and of all that they need. */
public final class SourceSchema {
    /** As pg_dump prints values. */
    private static final String PRINTING = "SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres;"
            + " SET LOCAL extra_float_digits = 1; SET LOCAL quote_all_identifiers = off";

    private static final String REMARKS = """
            WITH wanted AS (
                SELECT coalesce(part.relid, asked.oid)::oid AS oid
                FROM unnest(?::bigint[]) AS asked (oid)
                LEFT JOIN LATERAL pg_partition_tree(asked.oid::oid::regclass) AS part ON true
            )
            SELECT format('foreign key %I of %s is left out: %s is not in the stream', k.conname, k.conrelid::regclass,
                          k.confrelid::regclass)
            FROM pg_constraint AS k
            WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid IN (SELECT oid FROM wanted)
              AND k.confrelid NOT IN (SELECT oid FROM wanted)
            UNION ALL
            SELECT format('row-level security of %s is not copied: whoever may read the table in the destination sees all its rows',
                          c.oid::regclass)
            FROM pg_class AS c
            WHERE c.oid IN (SELECT oid FROM wanted) AND c.relrowsecurity
            ORDER BY 1""";

    private final Set<String> tables;
    private final TableColumns columns;
    private final DependencyGraph graph;
    private final Map<ObjectAddress, ObjectDefinition> definitions;
    private final List<String> remarks;

    private SourceSchema(
            Set<String> tables,
            TableColumns columns,
            DependencyGraph graph,
            Map<ObjectAddress, ObjectDefinition> definitions,
            List<String> remarks) {
        this.tables = tables;
        this.columns = columns;
        this.graph = graph;
        this.definitions = definitions;
        this.remarks = remarks;
    }

    /** Reads those of tables by their oids, with all their partitions. In the transaction of the connection. */
    public static SourceSchema read(Connection connection, List<Long> oids) throws SQLException {
        print(connection);
        Object asked = oids.toArray(Long[]::new);
        Set<String> tables = new LinkedHashSet<>(Query.list(connection, """
                SELECT coalesce(part.relid, asked.oid::oid::regclass)::text
                FROM unnest(?::bigint[]) AS asked (oid)
                LEFT JOIN LATERAL pg_partition_tree(asked.oid::oid::regclass) AS part ON true
                ORDER BY 1""", row -> row.getString(1), asked));
        DependencyGraph graph = DependencyGraph.read(connection, oids);
        return new SourceSchema(
                tables,
                TableColumns.read(connection, tables),
                graph,
                DefinitionStatements.read(connection, graph.objects()),
                Query.list(connection, REMARKS, row -> row.getString(1), asked));
    }

    /** Lets the server print values as every other server reads them. Until the end of the transaction. */
    static void print(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(PRINTING);
        }
    }

    Set<String> tables() {
        return tables;
    }

    TableColumns columns() {
        return columns;
    }

    List<String> remarks() {
        return remarks;
    }

    /** All, each behind what it needs. */
    List<ObjectDefinition> inOrder() {
        return graph.inOrder(definitions);
    }

    /** The definition of an object, if it has one of its own. */
    Optional<ObjectDefinition> definition(ObjectAddress address) {
        return Optional.ofNullable(definitions.get(address));
    }

    /** These objects and all that they need. */
    Set<ObjectAddress> withNeeds(List<ObjectDefinition> wanted) {
        Set<ObjectAddress> all = new HashSet<>();
        wanted.forEach(each -> all.addAll(graph.closure(each.address())));
        return all;
    }
}
