package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.DeadLetterTable;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.record.SeenDeadLetters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What the destination knows of the stream's dead letters. To be used by one thread, which is not the loop's. */
public final class JdbcDeadLetterCounts {
    private static final String DOING = "counting dead letters, for which cdc_grant_destination gives the rights";

    private final HikariDataSource pool;
    private final String stream;

    /** The pool stays the caller's to close. */
    public JdbcDeadLetterCounts(HikariDataSource pool, String stream) {
        this.pool = pool;
        this.stream = stream;
    }

    /** Where reading the topic of that identity ended, by partition. */
    public Map<Integer, Long> readTo(String topicId) throws OutageException {
        try (Connection connection = pool.getConnection()) {
            return new DeadLetterTable(connection, stream).readTo(topicId);
        } catch (SQLException failure) {
            throw SqlFailures.outage(DOING, failure);
        }
    }

    /** Notes what was read, and counts. */
    public DeadLetterCounts take(String topicId, List<SeenDeadLetters> letters) throws OutageException {
        try (Connection connection = pool.getConnection()) {
            DeadLetterTable table = new DeadLetterTable(connection, stream);
            table.remember(topicId, letters);
            return table.count(topicId, letters);
        } catch (SQLException failure) {
            throw SqlFailures.outage(DOING, failure);
        }
    }
}
