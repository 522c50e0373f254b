package io.rowrelay.stream.cut;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A window of a stream, as one session of a producer has numbered it. What an interrupted session had sent of a window is sent again
 * under the epoch of the next one.
 *
 * @param epoch the producer's session; grows with each, from 1 on
 * @param number the window of the session, from 1 on, without gaps
 */
public record WindowId(long epoch, long number) implements Comparable<WindowId> {
    private static final Comparator<WindowId> ORDER =
            Comparator.comparingLong(WindowId::epoch).thenComparingLong(WindowId::number);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18}):([0-9]{1,18})");

    public WindowId {
        if (epoch < 1 || number < 1) {
            throw new IllegalArgumentException("no window: " + epoch + ":" + number);
        }
    }

    /** Reads what {@link #toString} prints; empty where it is something else. */
    public static Optional<WindowId> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long epoch = Long.parseLong(parts.group(1));
        long number = Long.parseLong(parts.group(2));
        return epoch < 1 || number < 1 ? Optional.empty() : Optional.of(new WindowId(epoch, number));
    }

    /** The one after it. */
    public WindowId next() {
        return new WindowId(epoch, number + 1);
    }

    @Override
    public int compareTo(WindowId other) {
        return ORDER.compare(this, other);
    }

    /** As the header has it, such as 3:17. */
    @Override
    public String toString() {
        return epoch + ":" + number;
    }
}
