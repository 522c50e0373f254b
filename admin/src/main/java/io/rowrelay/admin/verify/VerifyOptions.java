package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.tables.DeletionGuard;
import io.rowrelay.common.settings.ValueTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a comparison is to do.
 *
 * @param where a condition in SQL on the rows to compare
 * @param repair whether to send the right state of what differs through the stream
 * @param chunk how many rows to compare at a time
 * @param values whether to show the values that differ
 * @param json whether the result is one JSON object
 * @param metrics the file to write the result to for Prometheus
 * @param confirmed whether the user has said yes to deletions beforehand
 * @param every how long after the beginning of one comparison the next one begins; only one without it
 */
public record VerifyOptions(
        Optional<String> where,
        boolean repair,
        int chunk,
        boolean values,
        boolean json,
        Optional<Path> metrics,
        boolean confirmed,
        Optional<Duration> every) {
    private static final String REPAIR = "--repair";
    private static final String CHUNK = "--chunk";
    private static final int USUAL_CHUNK = 10_000;
    private static final int LARGEST_CHUNK = 100_000;
    private static final String VALUES = "--show-values";
    private static final String METRICS = "--metrics";
    private static final String EVERY = "--every";
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    /** What can be typed. */
    public static List<OptionSpec> typed() {
        return List.of(
                Arguments.whereOption(),
                Arguments.flag(
                        REPAIR, "Send the right state of every row that differs through the stream, and look again."),
                DeletionGuard.yesOption(),
                Arguments.value(
                        CHUNK, Integer.class, "N", "Rows compared at a time, from 1 to 100000 (default: 10000)."),
                Arguments.flag(VALUES, "Show the values that differ, not only the names of their columns."),
                Arguments.jsonOption(),
                Arguments.value(METRICS, Path.class, "FILE", "Write the result to a file for Prometheus, too."),
                Arguments.value(
                        EVERY,
                        String.class,
                        "TIME",
                        "Compare again and again until SIGTERM, beginning so far apart: 30s, 15m, 1h."));
    }

    /** What was typed. */
    public static VerifyOptions from(Arguments arguments) {
        return new VerifyOptions(
                arguments.find(Arguments.WHERE),
                arguments.has(REPAIR),
                arguments.wholeNumber(CHUNK, USUAL_CHUNK, LARGEST_CHUNK),
                arguments.has(VALUES),
                arguments.has(Arguments.JSON),
                arguments.find(METRICS),
                DeletionGuard.confirmed(arguments),
                arguments.<String>find(EVERY).map(text -> every(arguments, text)));
    }

    private static Duration every(Arguments arguments, String text) {
        return ValueTypes.duration(SHORTEST, LONGEST)
                .parse(text)
                .orElseThrow(
                        () -> arguments.wrong(EVERY + " is " + text + ": a time from 1s to 30d, such as 15m or 1h"));
    }
}
