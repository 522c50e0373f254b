package io.rowrelay.stream.kafka;

import io.rowrelay.stream.record.SeenDeadLetters;

/** Offsets in their order, as ranges. Not thread-safe. */
final class LetterRanges {
    private final StringBuilder closed = new StringBuilder();
    private int ranges;
    private long first = -1;
    private long next = -1;

    void add(long offset) {
        if (first < 0) {
            first = offset;
        } else if (offset != next && ranges < SeenDeadLetters.MOST_RANGES - 1) {
            close();
            first = offset;
        }
        next = offset + 1;
    }

    private void close() {
        closed.append('[').append(first).append(',').append(next).append("),");
        ranges++;
    }

    /** The ranges as PostgreSQL writes an int8multirange. */
    @Override
    public String toString() {
        return first < 0 ? "{}" : "{" + closed + "[" + first + "," + next + ")}";
    }
}
