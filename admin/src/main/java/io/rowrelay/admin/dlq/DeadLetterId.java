package io.rowrelay.admin.dlq;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a dead letter lies in its topic, typed as {@code 0:17}.
 *
 * @param partition of the dead-letter topic
 * @param offset in the partition
 */
record DeadLetterId(int partition, long offset) implements Comparable<DeadLetterId> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})");
    private static final Comparator<DeadLetterId> ORDER =
            Comparator.comparingInt(DeadLetterId::partition).thenComparingLong(DeadLetterId::offset);

    static Optional<DeadLetterId> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new DeadLetterId(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(DeadLetterId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return partition + ":" + offset;
    }
}
