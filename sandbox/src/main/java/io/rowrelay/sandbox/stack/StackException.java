package io.rowrelay.sandbox.stack;

/** A stack cannot be started, for a reason that the message says in full: its reader needs no stack trace. */
public final class StackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StackException(String message) {
        super(message);
    }
}
