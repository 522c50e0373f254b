package io.rowrelay.admin.command;

/** How a command ended. */
public enum Outcome {
    /** It did its work. */
    DONE(0, "done"),
    /** It failed, or was refused; standard error says why. It can be run again. */
    FAILED(1, "failed or refused; standard error says why; running it again does no harm"),
    /** The command line or the configuration is wrong. */
    WRONG_CONFIGURATION(2, "wrong command line or configuration; standard error lists every mistake"),
    /** It did its work, and what it found needs a human: rows that differ or cannot arrive, or a problem. */
    NOT_EQUAL(3, "rows differ, or became dead letters, or doctor found problems (see output)"),
    /** Dead letters are open. */
    DEAD_LETTERS_LEFT(4, "dlq: dead letters are open, or some that were chosen could not be replayed");

    private final int exitCode;
    private final String meaning;

    Outcome(int exitCode, String meaning) {
        this.exitCode = exitCode;
        this.meaning = meaning;
    }

    /** The exit code of the process. */
    public int exitCode() {
        return exitCode;
    }

    String meaning() {
        return meaning;
    }
}
