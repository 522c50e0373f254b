package io.rowrelay.admin.command;

/** A command cannot do its work; the message says why and what to do, and is all that the user is shown. */
public final class CommandFailedException extends RuntimeException {
    public CommandFailedException(String message) {
        super(message);
    }
}
