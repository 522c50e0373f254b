package io.rowrelay.admin.pause;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;

/** The stream's row in cdc_offset, which says whether the stream is paused. It outlives every restart. */
record PauseRow(Database source, String stream) {
    /** The end of a sentence that says by whom and since when the stream is paused; empty when it is not. */
    Optional<String> paused() throws OutageException {
        return source.read("asking whether stream " + stream + " is paused", connection -> {
            return Query.first(connection, """
                    SELECT CASE WHEN paused_at IS NOT NULL
                                THEN format('by %s since %s', paused_by, date_trunc('second', paused_at)) END
                    FROM {cdc_offset} WHERE stream = ?""", row -> Optional.ofNullable(row.getString(1)), stream)
                    .orElseThrow(() -> new CommandFailedException("cdc_offset knows no stream " + stream
                            + ": check STREAM; a stream is known once its producer has run"));
        });
    }

    /** Pauses the stream, unless it is already. */
    void pause(String by) throws OutageException {
        source.change("pausing stream " + stream, connection -> Query.update(connection, """
                UPDATE {cdc_offset} SET paused_at = clock_timestamp(), paused_by = ?
                WHERE stream = ? AND paused_at IS NULL""", by, stream));
    }

    /** Lets it go on. */
    void resume() throws OutageException {
        source.change(
                "resuming stream " + stream,
                connection -> Query.update(
                        connection,
                        "UPDATE {cdc_offset} SET paused_at = NULL, paused_by = NULL WHERE stream = ?",
                        stream));
    }
}
