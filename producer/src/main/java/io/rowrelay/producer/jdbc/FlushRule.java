package io.rowrelay.producer.jdbc;

import io.rowrelay.common.settings.ValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which standbys must have a change on their disks before it is published: a number of them, or all of these.
 *
 * @param count how many; 0 where none has to
 * @param names their application_name; empty where any will do
 */
public record FlushRule(int count, List<String> names) {
    /** Nobody is waited for. */
    public static final FlushRule NONE = new FlushRule(0, List.of());

    private static final int LONGEST_NAME = 63;

    public FlushRule {
        names = List.copyOf(names);
    }

    /** A number of standbys, or the names of some. */
    public static ValueType<FlushRule> type() {
        return ValueType.open(
                "a number of standbys from 0 to 99, or the application_name of each, separated by commas, such as west,east",
                FlushRule::parse);
    }

    private static Optional<FlushRule> parse(String text) {
        if (text.matches("[0-9]{1,2}")) {
            return Optional.of(new FlushRule(Integer.parseInt(text), List.of()));
        }
        List<String> names =
                Arrays.stream(text.split(",", -1)).map(String::strip).distinct().toList();
        boolean allowed = names.stream()
                .allMatch(name -> name.matches("[^0-9\\p{Cntrl}][^\\p{Cntrl}]*") && name.length() <= LONGEST_NAME);
        return allowed ? Optional.of(new FlushRule(names.size(), names)) : Optional.empty();
    }

    /** Whether anybody is waited for. */
    boolean isSet() {
        return count > 0;
    }

    @Override
    public String toString() {
        return names.isEmpty() ? Integer.toString(count) : String.join(",", names);
    }
}
