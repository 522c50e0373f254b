package io.rowrelay.common.settings;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 20ms}, {@code 5s}, {@code 24h}, {@code 30d}; ISO-8601 ({@code PT20M}) as well. */
final class Durations {

    private static final Pattern SHORT_FORM = Pattern.compile("(-?[0-9]{1,18})\\s*(ms|s|m|h|d)");
    private static final ChronoUnit[] LARGEST_FIRST = {
        ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS, ChronoUnit.MILLIS
    };

    private Durations() {}

    static Optional<Duration> parse(String text) {
        Matcher shortForm = SHORT_FORM.matcher(text);
        try {
            return Optional.of(
                    shortForm.matches()
                            ? Duration.of(Long.parseLong(shortForm.group(1)), unit(shortForm.group(2)))
                            : Duration.parse(text));
        } catch (DateTimeException | ArithmeticException notADuration) {
            return Optional.empty();
        }
    }

    /** The short form with the largest unit that shows the duration without a fraction. */
    static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        long millis = duration.toMillis();
        for (ChronoUnit unit : LARGEST_FIRST) {
            long unitMillis = unit.getDuration().toMillis();
            if (millis % unitMillis == 0) {
                return millis / unitMillis + symbol(unit);
            }
        }
        throw new IllegalStateException("milliseconds divide every number of milliseconds");
    }

    private static ChronoUnit unit(String symbol) {
        for (ChronoUnit unit : LARGEST_FIRST) {
            if (symbol(unit).equals(symbol)) {
                return unit;
            }
        }
        throw new IllegalArgumentException(symbol);
    }

    private static String symbol(ChronoUnit unit) {
        return unit == ChronoUnit.MILLIS ? "ms" : unit.name().substring(0, 1).toLowerCase(Locale.ROOT);
    }
}
