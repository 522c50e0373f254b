package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;

/** The database whose changes are captured. */
public interface SourceDatabase {
    /**
     * Tries to become the stream's one active producer.
     *
     * @return the session that holds the stream's lock, or empty while another producer holds it
     * @throws OutageException when the database is out of reach, a standby, or its capture is not sound
     * @throws RestoredSourceException when it is not the database that the checkpoint was written against
     */
    Optional<SourceSession> tryOpen() throws OutageException;

    /**
     * Describes the producer that held the lock at the last attempt if it has made no progress for long although changes wait;
     * empty when it works, has nothing to do, or nothing is known of it.
     */
    Optional<String> idlePeer();
}
