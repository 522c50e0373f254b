package io.rowrelay.admin.command;

import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What was typed behind a command's name, read by the names of its options. */
public final class Arguments {
    public static final String WHERE = "--where";
    public static final String JSON = "--json";
    private static final String CHUNK = "--chunk";
    private static final int LARGEST_CHUNK = 10_000;

    private final ParseResult given;

    Arguments(ParseResult given) {
        this.given = given;
    }

    /** An option that is there or not. */
    public static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).description(description).build();
    }

    /** An option with a value. */
    public static OptionSpec value(String name, Class<?> type, String label, String description) {
        return OptionSpec.builder(name)
                .type(type)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** The stream's name, for whoever has a configuration for each stream: that it is the right one is made sure of. */
    public static PositionalParamSpec streamArgument() {
        return PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(String.class)
                .paramLabel("STREAM")
                .description("The stream: sets STREAM where the configuration does not, else has to be the same.")
                .build();
    }

    /** {@code --where SQL}, for commands that can take a part of the table. */
    public static OptionSpec whereOption() {
        return value(WHERE, String.class, "SQL", "Only rows for which this condition on their columns is true.");
    }

    /** {@code --json}, for commands whose result scripts read. */
    public static OptionSpec jsonOption() {
        return flag(JSON, "Print the result as one JSON object, and everything else to standard error.");
    }

    /** {@code --chunk N}, for commands that write in many short transactions. */
    public static OptionSpec chunkOption() {
        return value(CHUNK, Integer.class, "N", "Rows written in one transaction, from 1 to 10000 (default: 1000).");
    }

    /** Whether the option was given. */
    public boolean has(String option) {
        return given.hasMatchedOption(option);
    }

    /** The option's value as it was declared, or empty where the option was not given. */
    public <T> Optional<T> find(String option) {
        return Optional.ofNullable(given.matchedOptionValue(option, null));
    }

    /**
     * The value of {@link #chunkOption}, or its default.
     *
     * @throws ParameterException when it is out of range
     */
    public int chunk() {
        return wholeNumber(CHUNK, 1_000, LARGEST_CHUNK);
    }

    /**
     * The value of an option that is an Integer, or what is usual.
     *
     * @throws ParameterException when it is less than 1 or more than the largest
     */
    public int wholeNumber(String option, int usual, int largest) {
        int number = given.matchedOptionValue(option, usual);
        if (number < 1 || number > largest) {
            throw wrong(option + " is " + number + ": from 1 to " + largest);
        }
        return number;
    }

    /** What a body throws when the command line is wrong in a way that its options could not tell. */
    public ParameterException wrong(String message) {
        return new ParameterException(given.commandSpec().commandLine(), message);
    }
}
