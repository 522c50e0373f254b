package io.rowrelay.admin.tables;

/** Another session holds a lock; try again a little later. Nothing has been written. */
public final class BusyException extends Exception {
    /** The message says what is held, in a few words. */
    public BusyException(String message, Throwable cause) {
        super(message, cause);
    }
}
