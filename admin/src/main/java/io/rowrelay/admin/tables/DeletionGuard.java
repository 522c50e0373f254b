package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.common.runtime.OutageException;

/**
 * Keeps a command from deleting rows of the destination that another stream has put there: no row says whose it is. Where
 * several streams write the table, a condition has to name the rows of this one.
 */
public final class DeletionGuard {
    /** What {@code --yes} means. */
    public static final String YES = "Do not ask before rows are deleted that only the destination has.";

    private final DestinationWriters writers;
    private final String table;
    private final boolean bounded;
    private final boolean confirmed;
    private final Console console;

    /**
     * For one run.
     *
     * @param bounded whether a condition names the rows of this stream
     * @param confirmed whether the user has said yes beforehand
     */
    public DeletionGuard(StreamTables tables, boolean bounded, boolean confirmed, Console console)
            throws OutageException {
        this.writers = tables.writers();
        this.table = tables.settings().destinationTable();
        this.bounded = bounded;
        this.confirmed = confirmed;
        this.console = console;
    }

    /**
     * Refuses where rows of other streams are certain to be in the table. To be called before anything is written.
     *
     * @throws CommandFailedException that names the streams and says what to do
     */
    public void refuseForeignRows() {
        if (!bounded && !writers.others().isEmpty()) {
            throw new CommandFailedException(
                    othersWrite() + ", and no row says whose it is: rows of the other stream would be"
                            + " deleted. Say which rows belong to this stream with --where SQL. A stream that writes the table no"
                            + " more: DELETE FROM cdc_writer WHERE stream = '...' in the destination.");
        }
    }

    /** Says what rows of other streams do to a comparison. */
    public void mentionForeignRows() {
        if (!bounded && !writers.others().isEmpty()) {
            console.say(
                    othersWrite() + ": the rows of the other stream count as extra. Compare those of this stream with"
                            + " --where SQL.");
        }
    }

    private String othersWrite() {
        return table + " is written by stream " + String.join(" and ", writers.others()) + " as well";
    }

    /** Asks, unless that has been answered, where nobody knows whether all the rows are of this stream. */
    public boolean permits(String what) {
        return bounded
                || confirmed
                || writers.unknown().isEmpty()
                || console.confirm("Stream " + String.join(" and ", writers.unknown()) + " may write " + table
                        + " as well: cdc_writer in the destination does not say. " + what);
    }
}
