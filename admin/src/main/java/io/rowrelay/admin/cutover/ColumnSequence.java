package io.rowrelay.admin.cutover;

import java.util.List;
import java.util.OptionalLong;

/**
 * A sequence that gives a column its values.
 *
 * @param column the column's name
 * @param name of the sequence, qualified and quoted
 * @param increment what is added each time, negative where it counts downwards
 * @param last the last value given out; empty before the first
 * @param creation statements that give the destination's column such a sequence; %1$s stands for its first value
 */
record ColumnSequence(String column, String name, long increment, OptionalLong last, List<String> creation) {
    ColumnSequence {
        creation = List.copyOf(creation);
    }

    /** Whether it has given out the value, or one behind it. */
    boolean hasPassed(long value) {
        return last.isPresent() && (increment > 0 ? last.getAsLong() >= value : last.getAsLong() <= value);
    }
}
