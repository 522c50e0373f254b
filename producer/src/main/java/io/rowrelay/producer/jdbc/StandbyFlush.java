package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether standbys have on their disks what has been read. It compares with the end of the WAL after the read: everything that
 * the read saw as committed lies before it. Not thread-safe.
 */
final class StandbyFlush {
    /** A logical subscriber is listed among the standbys, but nobody can fail over to it. */
    private static final String LOOK = """
            SELECT wal.lsn::text, pg_has_role('pg_read_all_stats', 'USAGE'), count(r.pid),
                   count(DISTINCT CASE WHEN r.flush_lsn >= wal.lsn AND (given.names IS NULL OR r.application_name = ANY (given.names))
                                       THEN CASE WHEN given.names IS NULL THEN r.pid::text ELSE r.application_name END END),
                   string_agg(format('%s %s behind', r.application_name,
                                     coalesce(pg_size_pretty(greatest(pg_wal_lsn_diff(wal.lsn, r.flush_lsn), 0)), 'an unknown size')),
                              ', ' ORDER BY r.application_name)
            FROM (SELECT coalesce(?::pg_lsn, pg_current_wal_insert_lsn()) OFFSET 0) AS wal(lsn)
            CROSS JOIN (SELECT ?::text[]) AS given(names)
            LEFT JOIN pg_catalog.pg_stat_replication r
              ON NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
            GROUP BY wal.lsn""";

    private final Connection connection;
    private final FlushRule rule;
    private @Nullable String target;

    StandbyFlush(Connection connection, FlushRule rule) {
        this.connection = connection;
        this.rule = rule;
    }

    /** Empty where no standby is waited for. */
    static Optional<StandbyFlush> of(Connection connection, FlushRule rule) {
        return rule.isSet() ? Optional.of(new StandbyFlush(connection, rule)) : Optional.empty();
    }

    /** Says which standbys are missing; empty if none is, or none is waited for. */
    static Optional<String> missing(Optional<StandbyFlush> flush) throws OutageException {
        try {
            return flush.isEmpty() ? Optional.empty() : flush.get().missing();
        } catch (SQLException failure) {
            throw SqlFailures.outage("asking the source database how far its standbys are", failure);
        }
    }

    /** Says which standbys are missing; empty if none is. A change that is read later needs another call. */
    Optional<String> missing() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setString(1, target);
            statement.setArray(
                    2,
                    rule.names().isEmpty()
                            ? null
                            : connection.createArrayOf("text", rule.names().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Optional<String> missing = missing(row);
                target = missing.isPresent() ? row.getString(1) : null;
                connection.commit();
                return missing;
            }
        }
    }

    private Optional<String> missing(ResultSet row) throws SQLException {
        String waits =
                "changes wait until standbys of the source have flushed them (PUBLISH_AFTER_FLUSH_BY=" + rule + "): ";
        if (!row.getBoolean(2)) {
            return Optional.of(
                    waits + "the role may not see how far they are; GRANT pg_read_all_stats TO it, or pg_monitor");
        }
        int attached = row.getInt(3);
        if (row.getInt(4) >= rule.count()) {
            return Optional.empty();
        }
        return Optional.of(attached == 0 ? waits + "no standby is attached" : waits + row.getString(5));
    }
}
