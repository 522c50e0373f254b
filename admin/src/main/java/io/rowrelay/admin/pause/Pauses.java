package io.rowrelay.admin.pause;

import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;

/** The note in the source that says whether a stream is paused. It outlives every restart. */
public interface Pauses {
    /** Who paused the stream and since when, as the end of a sentence; empty when nobody has. */
    Optional<String> now() throws OutageException;

    /** Pauses it, unless it is already. */
    void pause(String by) throws OutageException;

    /** Lets it go on. */
    void resume() throws OutageException;
}
