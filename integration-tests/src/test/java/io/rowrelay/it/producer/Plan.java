package io.rowrelay.it.producer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What EXPLAIN (ANALYZE, BUFFERS) says.
 *
 * @param text all of it
 * @param buffers how many buffers the whole statement looked at
 */
record Plan(String text, int buffers) {
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

    /** The outermost node comes first, and its counts are those of all below it. */
    static Plan of(String text) {
        Matcher first = BUFFERS.matcher(text.lines().limit(4).reduce("", String::concat));
        return new Plan(text, first.find() ? number(first.group(1)) + number(first.group(2)) : 0);
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
