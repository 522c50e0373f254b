package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.record.PublishedChange;
import java.util.List;

/** The capture of one table, as a session of the source sees it. Belongs to the session. Not thread-safe. */
public interface TableCapture {
    /** Which table it is. */
    CapturedTable table();

    /**
     * Checks that every change of the table is being captured.
     *
     * @throws OutageException with data at risk, naming each difference
     */
    void check() throws OutageException;

    /**
     * Compares what was published with what the source knows of it.
     *
     * @param published what the table's topic held last, read after the session was opened
     * @throws RestoredSourceException when the source is not the one it was published from, or an earlier state of it
     */
    void compare(List<PublishedChange> published) throws OutageException;

    /** The same; what was published is asked for now. */
    default void compareWith(EventSink sink) throws OutageException, InterruptedException {
        compare(sink.recent(table()));
    }
}
