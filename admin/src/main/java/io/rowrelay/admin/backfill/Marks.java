package io.rowrelay.admin.backfill;

import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;

/** Where the source remembers how far a stream's backfill has come. */
public interface Marks {
    /** Makes sure that only one backfill of the stream runs; returns whether no other does. */
    boolean lock() throws OutageException;

    /** What a backfill has left that did not come to its end. */
    Optional<Mark> find() throws OutageException;

    /** Remembers it instead of what was. */
    void save(Mark mark) throws OutageException;

    /** Remembers nothing. */
    void remove() throws OutageException;
}
