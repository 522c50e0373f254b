package io.rowrelay.admin.command;

import java.time.Duration;
import java.util.Locale;

/** Times as people read them. */
public final class Ages {
    private Ages() {}

    /** {@code 0.2 s}, {@code 5 min 3 s}, {@code 3 h 12 min}, {@code 2 d 4 h}. */
    public static String text(Duration age) {
        if (age.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", age.toMillis() / 1000.0);
        }
        if (age.compareTo(Duration.ofHours(1)) < 0) {
            return age.toMinutes() + " min " + age.toSecondsPart() + " s";
        }
        return age.compareTo(Duration.ofDays(1)) < 0
                ? age.toHours() + " h " + age.toMinutesPart() + " min"
                : age.toDays() + " d " + age.toHoursPart() + " h";
    }
}
