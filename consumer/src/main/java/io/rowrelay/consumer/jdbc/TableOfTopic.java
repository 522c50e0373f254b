package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Which tables of the destination the topics of a stream of many tables are for: they are called after them. */
final class TableOfTopic {
    private static final String TABLES = """
            SELECT t.topic, format('%I.%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL (SELECT rowrelay.topic(?, c.oid::regclass)) AS t (topic)
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
              AND t.topic = ANY (?::text[])""";

    private TableOfTopic() {}

    /** By topic, the name of the table as in SQL; nothing for topics for which there is none. */
    static Map<String, String> find(Connection connection, String stream, Collection<String> topics)
            throws SQLException {
        Map<String, String> found = new HashMap<>();
        Query.list(
                connection,
                TABLES,
                row -> found.put(String.valueOf(row.getString(1)), String.valueOf(row.getString(2))),
                stream,
                topics.toArray(String[]::new));
        return found;
    }
}
