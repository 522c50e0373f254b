package io.rowrelay.admin.dlq;

import java.util.Locale;

/**
 * What would happen to a dead letter that is sent again.
 *
 * @param effect what
 * @param detail why, for a human
 */
record ReplayForecast(Effect effect, String detail) {
    /** The possible effects. */
    enum Effect {
        /** The destination takes it. */
        TAKEN("the destination takes it"),
        /** The destination shows a later change of the key: harmless, and without effect. */
        SUPERSEDED("superseded"),
        /** The same record lies on the topic twice, and the other one is sent. */
        DUPLICATE("duplicate"),
        /** The topic says otherwise, or it does not say which record it is. */
        ALTERED("is not the record that was rejected"),
        /** It would come back as a dead letter. */
        REJECTED("would be rejected again"),
        /** The consumer would take it for an outage, and everything would wait for it. */
        STOPS_THE_CONSUMER("would hold up the consumer"),
        /** It cannot be tried from here. */
        UNKNOWN("cannot be tried from here"),
        /** It does not hold the change. */
        REFERENCE("holds no change, only a reference to it"),
        /** What its row is now becomes a change: of a stream of many tables, where an old change has no place any more. */
        PRESENT_STATE("the present state of its row is sent"),
        /** It does not say which row of a stream of many tables it is about. */
        NAMES_NO_ROW("names no row"),
        /** It is of another stream. */
        FOREIGN("comes from another topic");

        private final String words;

        Effect(String words) {
            this.words = words;
        }

        /** As scripts read it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether sending it could help, if the user insists. */
        boolean canBeForced() {
            return switch (this) {
                case TAKEN, SUPERSEDED, ALTERED, REJECTED, STOPS_THE_CONSUMER, UNKNOWN -> true;
                case DUPLICATE, REFERENCE, PRESENT_STATE, NAMES_NO_ROW, FOREIGN -> false;
            };
        }

        /** Whether it is sent without anybody insisting. */
        boolean isSent() {
            return this == TAKEN || this == PRESENT_STATE;
        }

        /** Whether nothing is left to be done about the record. */
        boolean isSettled() {
            return this == TAKEN || this == DUPLICATE || this == SUPERSEDED;
        }
    }

    String text() {
        return detail.isEmpty() ? effect.words : effect.words + ": " + detail;
    }
}
