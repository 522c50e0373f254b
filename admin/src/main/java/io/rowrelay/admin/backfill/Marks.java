package io.rowrelay.admin.backfill;

import io.rowrelay.common.runtime.TransientFailureException;
import java.util.Optional;

/** Where the source remembers how far a stream's backfill has come. */
public interface Marks {
    /** Makes sure that only one backfill of the stream runs; returns whether no other does. */
    boolean lock() throws TransientFailureException;

    /** What a backfill has left that did not come to its end. */
    Optional<Mark> find() throws TransientFailureException;

    /** Remembers it instead of what was. */
    void save(Mark mark) throws TransientFailureException;

    /** Remembers nothing. */
    void remove() throws TransientFailureException;
}
