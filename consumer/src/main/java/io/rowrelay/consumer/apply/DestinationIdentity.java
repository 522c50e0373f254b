package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;

/** Which database the changes are applied to. */
@FunctionalInterface
public interface DestinationIdentity {
    /**
     * Returns a text that no other database has, without white space. A standby that is promoted, and a server that is restored
     * with its files, keep it.
     *
     * @throws OutageException when the database does not answer
     */
    String ask() throws OutageException;
}
