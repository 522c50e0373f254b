package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.jdbc.DeadLetterTable;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.record.SeenDeadLetters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the destination knows of the stream's dead letters. To be used by one thread, which is not the loop's. */
public final class JdbcDeadLetterCounts {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcDeadLetterCounts.class);
    private static final String DOING = "counting dead letters, for which cdc_grant_destination gives the rights";

    private final HikariDataSource pool;
    private final String stream;
    private boolean reported;

    /** The pool stays the caller's to close. */
    public JdbcDeadLetterCounts(HikariDataSource pool, String stream) {
        this.pool = pool;
        this.stream = stream;
    }

    /** Where reading the topic of that identity ended, by partition. */
    public Map<Integer, Long> readTo(String topicId) throws OutageException {
        try (Connection connection = pool.getConnection()) {
            return DeadLetterTable.of(connection, stream).readTo(topicId);
        } catch (SQLException failure) {
            throw SqlFailures.outage(DOING, failure);
        }
    }

    /** Notes what was read, and counts. */
    public DeadLetterCounts take(String topicId, List<SeenDeadLetters> letters) throws OutageException {
        try (Connection connection = pool.getConnection()) {
            DeadLetterTable table = DeadLetterTable.of(connection, stream);
            if (table.canRemember()) {
                table.remember(topicId, letters);
            } else if (!reported) {
                reported = true;
                LOG.warn(
                        "the destination has no table cdc_dead_letter_seen, so each count reads the whole dead-letter topic: "
                                + Programs.DESTINATION_SCRIPTS);
            }
            return table.count(topicId, letters);
        } catch (SQLException failure) {
            throw SqlFailures.outage(DOING, failure);
        }
    }
}
