package io.rowrelay.admin.command;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    private static final String RATE = "--rate";
    private static final int LARGEST_RATE = 1_000_000;

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

    /** An option whose value may be left out; the fallback stands for it then. */
    public static OptionSpec valueOrFallback(String name, String label, String fallback, String description) {
        return OptionSpec.builder(name)
                .type(Integer.class)
                .arity("0..1")
                .fallbackValue(fallback)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** What is typed without an option's name, any number of it. */
    public static PositionalParamSpec positionals(String label, String description) {
        return PositionalParamSpec.builder()
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
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
        return value(
                CHUNK, Integer.class, "N", "Rows written in one transaction at most, from 1 to 10000 (default: 1000).");
    }

    /** {@code --rate ROWS}, for commands that write many rows beside an application. */
    public static OptionSpec rateOption() {
        return value(
                RATE,
                Integer.class,
                "ROWS",
                "Rows written in a second at most, from 1 to 1000000 (default: as fast as it goes).");
    }

    /** Whether the option was given. */
    public boolean has(String option) {
        return given.hasMatchedOption(option);
    }

    /** What was typed without an option's name. */
    public List<String> positionals() {
        return given.matchedPositionals().stream()
                .distinct()
                .flatMap(positional -> positional.stringValues().stream())
                .toList();
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
     * The value of {@link #rateOption}, or empty for as fast as it goes.
     *
     * @throws ParameterException when it is out of range
     */
    public Optional<Integer> rate() {
        return has(RATE) ? Optional.of(wholeNumber(RATE, LARGEST_RATE, LARGEST_RATE)) : Optional.empty();
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

    /**
     * An option that is a number of seconds, or empty where it was not given.
     *
     * @throws ParameterException when it is out of range
     */
    public OptionalInt seconds(String option, int most) {
        Optional<Integer> seconds = find(option);
        if (seconds.isEmpty()) {
            return OptionalInt.empty();
        }
        if (seconds.get() < 0 || seconds.get() > most) {
            throw wrong(option + " is " + seconds.get() + ": from 0 to " + most + " seconds");
        }
        return OptionalInt.of(seconds.get());
    }

    /** What a body throws when the command line is wrong in a way that its options could not tell. */
    public ParameterException wrong(String message) {
        return new ParameterException(given.commandSpec().commandLine(), message);
    }
}
