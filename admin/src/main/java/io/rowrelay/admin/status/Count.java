package io.rowrelay.admin.status;

import java.util.Locale;

/**
 * A number of rows, and how well it is known: to count a huge table would take longer than anybody wants to wait.
 *
 * @param number how many
 * @param precision how well it is known
 */
public record Count(long number, Precision precision) {

    /** How well a number is known. */
    public enum Precision {
        EXACT,
        /** Counting ended there. */
        AT_LEAST
    }

    /** What was counted to its end. */
    public static Count exact(long number) {
        return new Count(number, Precision.EXACT);
    }

    /** The number counted; the true one is at least this. */
    public static Count atLeast(long number) {
        return new Count(number, Precision.AT_LEAST);
    }

    @Override
    public String toString() {
        String digits = String.format(Locale.ROOT, "%,d", number);
        return switch (precision) {
            case EXACT -> digits;
            case AT_LEAST -> "at least " + digits;
        };
    }
}
