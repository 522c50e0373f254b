package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What goes before and behind the changes of a batch in their transaction, and how that ends. */
public interface BatchTransaction {
    /** Adds what has to be locked before the changes are written. */
    void lock(RoundTrips trips, List<ValidChange> changes) throws SQLException, OutageException;

    /**
     * Remembers beside the changes that they are applied.
     *
     * @param complete whether the destination has rejected none of them
     * @return a stamp, see {@link io.rowrelay.stream.apply.Applied#stamp}
     */
    @Nullable
    String remember(RoundTrips trips, boolean complete) throws SQLException, OutageException;

    /** Commits, or rolls back. */
    void end(Connection connection) throws SQLException;
}
