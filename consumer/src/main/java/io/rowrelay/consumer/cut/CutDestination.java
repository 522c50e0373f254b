package io.rowrelay.consumer.cut;

import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;

/** A destination to which a stream is applied in cuts. */
public interface CutDestination {
    /**
     * Takes the stream's lock; empty while another consumer holds it.
     *
     * @throws OutageException when the destination is out, or is not prepared for the stream
     */
    Optional<CutSession> tryOpen() throws OutageException;
}
