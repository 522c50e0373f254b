package io.rowrelay.admin.status;

import java.util.Locale;

/**
 * A number of rows, and how well it is known: to count a huge table would take longer than anybody wants to wait.
 *
 * @param number how many
 * @param exact whether all were counted; else counting ended there
 */
public record Count(long number, boolean exact) {
    /** What was counted to its end. */
    public static Count exact(long number) {
        return new Count(number, true);
    }

    /** The number counted; the true one is at least this. */
    public static Count atLeast(long number) {
        return new Count(number, false);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, exact ? "%,d" : "at least %,d", number);
    }
}
