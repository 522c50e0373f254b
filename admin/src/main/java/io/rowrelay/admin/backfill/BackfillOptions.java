package io.rowrelay.admin.backfill;

import io.rowrelay.admin.command.Arguments;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/**
 * How a backfill goes about it.
 *
 * @param where a condition in SQL on the rows to send
 * @param chunk how many rows to write in one transaction at most
 * @param rowsPerSecond how many rows to write in a second at most
 * @param restart whether to begin anew where one has not come to its end
 * @param waiting whether to wait until the destination has got everything
 * @param json whether the result is one JSON object
 */
public record BackfillOptions(
        Optional<String> where,
        int chunk,
        Optional<Integer> rowsPerSecond,
        boolean restart,
        boolean waiting,
        boolean json) {
    private static final String RESTART = "--restart";
    private static final String NO_WAIT = "--no-wait";

    /** What can be typed. */
    public static List<OptionSpec> typed() {
        return List.of(
                Arguments.whereOption(),
                Arguments.chunkOption(),
                Arguments.rateOption(),
                Arguments.flag(RESTART, "Begin anew, where a backfill that has not come to its end would go on."),
                Arguments.flag(NO_WAIT, "End once everything is written, before the destination has got it."),
                Arguments.jsonOption());
    }

    /** What was typed. */
    public static BackfillOptions from(Arguments arguments) {
        return new BackfillOptions(
                arguments.find(Arguments.WHERE),
                arguments.chunk(),
                arguments.rate(),
                arguments.has(RESTART),
                !arguments.has(NO_WAIT),
                arguments.has(Arguments.JSON));
    }

    /** Rows read at a time: also what may be written at once before a pause. */
    int page() {
        return Math.min(chunk, rowsPerSecond.orElse(chunk));
    }
}
