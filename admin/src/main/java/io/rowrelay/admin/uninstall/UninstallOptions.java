package io.rowrelay.admin.uninstall;

import io.rowrelay.admin.command.Arguments;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What is to be removed, and how.
 *
 * @param source whether from the source
 * @param destination whether from the destination
 * @param topics whether the topics are deleted
 * @param dryRun whether to print the SQL only
 * @param confirmed whether the user has said yes beforehand
 */
public record UninstallOptions(boolean source, boolean destination, boolean topics, boolean dryRun, boolean confirmed) {
    private static final String DRY_RUN = "--dry-run";
    private static final String SOURCE_ONLY = "--source-only";
    private static final String DESTINATION_ONLY = "--destination-only";
    private static final String TOPICS = "--delete-topics";
    private static final String YES = "--yes";

    /** What can be typed. */
    public static List<OptionSpec> typed() {
        return List.of(
                Arguments.flag(DRY_RUN, "Print the SQL that would be run, and run nothing."),
                Arguments.flag(SOURCE_ONLY, "Leave the destination alone, and do not connect to it."),
                Arguments.flag(DESTINATION_ONLY, "Leave the source alone, and do not connect to it."),
                Arguments.flag(
                        TOPICS, "Delete the topic, too, and the dead-letter topic unless another stream uses it."),
                Arguments.flag(YES, "Do not ask."));
    }

    /** What was typed. */
    public static UninstallOptions from(Arguments arguments) {
        if (arguments.has(SOURCE_ONLY) && arguments.has(DESTINATION_ONLY)) {
            throw arguments.wrong(SOURCE_ONLY + " and " + DESTINATION_ONLY + " leave nothing to do");
        }
        if (arguments.has(TOPICS) && (arguments.has(SOURCE_ONLY) || arguments.has(DESTINATION_ONLY))) {
            throw arguments.wrong(TOPICS + " needs both sides: whether daemons still use the topics is seen there");
        }
        return new UninstallOptions(
                !arguments.has(DESTINATION_ONLY),
                !arguments.has(SOURCE_ONLY),
                arguments.has(TOPICS),
                arguments.has(DRY_RUN),
                arguments.has(YES));
    }
}
