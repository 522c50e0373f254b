package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.jdbc.Standby;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.producer.capture.ServedStream;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import io.rowrelay.stream.window.jdbc.UnpublishedChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Counts the changes that wait while the loop does not read them: in a standby, while the stream is paused, or while the loop
 * waits for something else. One thread steps it, not the loop's.
 */
public final class BacklogCount implements Task {
    /** Enough for an alert; a look stays short whatever waits. */
    private static final long MOST = 100_000;

    private final HikariDataSource pool;
    private final ServedStream served;
    private final BooleanSupplier needed;
    private final Consumer<UnpublishedChanges> found;

    /** Counts where {@code needed} says so, and hands over what it has found. The pool stays the caller's to close. */
    public BacklogCount(
            HikariDataSource pool, ServedStream served, BooleanSupplier needed, Consumer<UnpublishedChanges> found) {
        this.pool = pool;
        this.served = served;
        this.needed = needed;
        this.found = found;
    }

    @Override
    public int step() throws OutageException {
        if (!needed.getAsBoolean()) {
            return 0;
        }
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                prepare(connection);
                return count(connection);
            } finally {
                connection.rollback();
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage(
                    "counting what waits in stream " + served.configured().name(), failure);
        }
    }

    /** The plans must not depend on estimates. */
    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off");
        }
    }

    /** Counts nothing on a hot standby, which shows an older state. */
    private int count(Connection connection) throws SQLException {
        Stream stream = served.served().orElse(served.configured());
        Optional<StoredCheckpoint> stored = CheckpointReader.read(connection, stream.name());
        if (stored.isEmpty() || Standby.is(connection)) {
            return 0;
        }
        UnpublishedChanges all = UnpublishedChanges.NONE;
        for (CapturedTable table : stream.tables()) {
            // The registry's names are whole.
            Optional<String> name = stream.inCuts()
                    ? Optional.of(table.changeTable())
                    : ChangeTableCatalog.find(connection, table.sourceTable(), table.changeTable());
            if (name.isEmpty()) {
                return 0;
            }
            all = all.and(UnpublishedChanges.measure(
                    connection, name.get(), stored.get().checkpoint(), MOST));
        }
        found.accept(all);
        return 1;
    }
}
