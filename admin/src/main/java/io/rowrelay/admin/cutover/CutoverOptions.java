package io.rowrelay.admin.cutover;

import io.rowrelay.admin.command.Arguments;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/**
 * How far to go.
 *
 * @param dryRun whether to look only
 * @param margin how many values of each sequence to leave out
 */
public record CutoverOptions(boolean dryRun, int margin) {
    private static final String DRY_RUN = "--dry-run";
    private static final String MARGIN = "--margin";
    private static final int LARGEST_MARGIN = 1_000_000_000;

    /** What can be typed. */
    public static List<OptionSpec> typed() {
        return List.of(
                Arguments.flag(DRY_RUN, "Look only: set no sequence."),
                Arguments.value(
                        MARGIN,
                        Integer.class,
                        "N",
                        "Let sequences of the destination go on so many values behind those of the source, for writers that"
                                + " have not stopped yet (default: 0)."));
    }

    /** What was typed. */
    public static CutoverOptions from(Arguments arguments) {
        int margin = arguments.has(MARGIN) ? arguments.wholeNumber(MARGIN, 1, LARGEST_MARGIN) : 0;
        return new CutoverOptions(arguments.has(DRY_RUN), margin);
    }
}
