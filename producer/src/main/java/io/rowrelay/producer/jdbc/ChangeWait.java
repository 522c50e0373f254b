package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for changes inside the server while nothing happens. Such a look costs a fraction of one over the network, so it can
 * look more often. Not thread-safe.
 *
 * <p>What it looks for is what {@link PageStatements#smallWindow} returns. Each look is a transaction of its own: while it
 * sleeps it holds no lock on a table.
 */
public final class ChangeWait {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeWait.class);
    /** Below the 100 ms from which statements are often logged. */
    private static final Duration LONGEST = Duration.ofMillis(80);
    /** With longer pauses than this it would save nothing. */
    private static final int LOOKS = 2;

    /** The block's own name for the snapshot. */
    private static final String READ = "wait.read";

    private final Connection connection;
    private final String wait;

    /** Looks every {@code interval}, first after one interval; gives up after {@code longest}. */
    public ChangeWait(Connection connection, List<ChangeTable> tables, Duration interval, Duration longest) {
        this.connection = connection;
        this.wait = statement(tables, interval, longest);
    }

    /** Empty where the interval is too long for it, or the role must not run code on the server. */
    public static Optional<ChangeWait> of(Connection connection, List<ChangeTable> tables, Duration interval)
            throws SQLException {
        return isPossible(connection, interval)
                ? Optional.of(new ChangeWait(connection, tables, interval, LONGEST))
                : Optional.empty();
    }

    /** The same for a stream of several tables, whose action_ids are those of a sequence. */
    static Optional<StreamWait> ofStream(Connection connection, long actionIds, Duration interval) throws SQLException {
        return isPossible(connection, interval)
                ? Optional.of(new StreamWait(connection, actionIds, interval, LONGEST))
                : Optional.empty();
    }

    private static boolean isPossible(Connection connection, Duration interval) throws SQLException {
        if (interval.multipliedBy(LOOKS).compareTo(LONGEST) > 0) {
            return false;
        }
        if (!allowed(connection)) {
            LOG.info(
                    "looking for changes over the network, which costs more CPU while nothing happens: the server"
                            + " could look by itself if the role had USAGE on the language plpgsql and EXECUTE on pg_sleep(float8)");
            return false;
        }
        return true;
    }

    /** Returns when there are changes after this snapshot, or when none have come for a while. */
    public void await(String snapshot) throws SQLException {
        // The block commits, so there must be no transaction around it. A session in which it fails is given up.
        connection.setAutoCommit(true);
        // Outside the block, whose text must always be the same, because the server counts statements by their text.
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT set_config('rowrelay.read', ?, false)")) {
            statement.setString(1, snapshot);
            statement.execute();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(wait);
        }
        connection.setAutoCommit(false);
    }

    private static boolean allowed(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce((SELECT has_language_privilege(oid, 'USAGE')"
                        + " FROM pg_catalog.pg_language WHERE lanname = 'plpgsql'), false)"
                        + " AND has_function_privilege('pg_catalog.pg_sleep(float8)', 'EXECUTE')")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /**
     * If no writing transaction has begun or ended, there is nothing to look for. The label keeps the variables apart
     * from columns of the same name.
     */
    private static String statement(List<ChangeTable> tables, Duration interval, Duration longest) {
        String block = """
                <<wait>>
                DECLARE
                    given CONSTANT text := current_setting('rowrelay.read');
                    read CONSTANT pg_snapshot := given;
                BEGIN
                    FOR look IN 1..%1$d LOOP
                        PERFORM pg_sleep(%2$s);
                        CONTINUE WHEN pg_current_snapshot()::text = wait.given;
                        EXIT WHEN %3$s;
                        COMMIT;
                    END LOOP;
                END
                """.formatted(
                        longest.dividedBy(interval),
                        interval.toNanos() / 1e9,
                        tables.stream()
                                .map(table -> WindowRule.hasChanges(table.name(), READ, WindowRule.NOW))
                                .collect(Collectors.joining(" OR ")));
        return "DO " + Identifiers.literal(block);
    }
}
