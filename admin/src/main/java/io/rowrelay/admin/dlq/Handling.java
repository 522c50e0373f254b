package io.rowrelay.admin.dlq;

import java.util.Locale;

/**
 * What has been done about a dead letter.
 *
 * @param state what
 * @param replays how often it was sent to the stream's topic
 */
record Handling(State state, int replays) {
    /** Nothing yet. */
    static final Handling NONE = new Handling(State.OPEN, 0);

    /** What can have been done. */
    enum State {
        OPEN,
        REPLAYED,
        DISCARDED;

        /** As the table has it, and as it is shown. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
