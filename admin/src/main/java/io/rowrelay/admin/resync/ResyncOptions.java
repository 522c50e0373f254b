package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.tables.DeletionGuard;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/**
 * How a resync goes about it.
 *
 * @param where a condition in SQL on the rows to bring in step; all rows without it
 * @param dryRun whether to look only, and write nothing
 * @param chunk how many rows to write in one transaction
 * @param rowsPerSecond how many rows to write in a second at most
 * @param waiting whether to wait until the destination shows the result
 * @param confirmed whether the user has said yes to deletions beforehand
 */
public record ResyncOptions(
        Optional<String> where,
        boolean dryRun,
        int chunk,
        Optional<Integer> rowsPerSecond,
        boolean waiting,
        boolean confirmed) {
    private static final String DRY_RUN = "--dry-run";
    private static final String NO_WAIT = "--no-wait";

    /** What can be typed. */
    public static List<OptionSpec> typed() {
        return List.of(
                Arguments.whereOption(),
                Arguments.flag(DRY_RUN, "Look only: say what would be done, and write nothing."),
                Arguments.chunkOption(),
                Arguments.rateOption(),
                Arguments.flag(NO_WAIT, "End once everything is written, before the destination shows it."),
                DeletionGuard.yesOption());
    }

    /** What was typed. */
    public static ResyncOptions from(Arguments arguments) {
        return new ResyncOptions(
                arguments.find(Arguments.WHERE),
                arguments.has(DRY_RUN),
                arguments.chunk(),
                arguments.rate(),
                !arguments.has(NO_WAIT),
                DeletionGuard.confirmed(arguments));
    }
}
