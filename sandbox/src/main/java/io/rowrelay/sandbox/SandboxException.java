package io.rowrelay.sandbox;

/** Something that the user of the sandbox is told in one message, without a stack trace. */
final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SandboxException(String message) {
        super(message);
    }
}
