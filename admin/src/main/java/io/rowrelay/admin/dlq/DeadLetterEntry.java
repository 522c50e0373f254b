package io.rowrelay.admin.dlq;

/**
 * A dead letter and what was done about it.
 *
 * @param letter the dead letter
 * @param handling what was done
 */
record DeadLetterEntry(DeadLetter letter, Handling handling) {
    /** How often the record has been replayed, before it became this dead letter and since. */
    int replays() {
        return letter.replays() + handling.replays();
    }

    /** Whether nothing has been done about it. */
    boolean isOpen() {
        return handling.state() == Handling.State.OPEN;
    }
}
