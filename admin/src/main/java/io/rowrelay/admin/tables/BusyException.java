package io.rowrelay.admin.tables;

/** Somebody else holds what is needed; the same is to be tried again a little later. Nothing has been written. */
public final class BusyException extends Exception {
    /** The message says what is held, in a few words. */
    public BusyException(String message, Throwable cause) {
        super(message, cause);
    }
}
