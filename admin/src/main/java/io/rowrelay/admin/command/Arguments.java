package io.rowrelay.admin.command;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What was typed behind a command's name, read by the names of its options. */
public final class Arguments {
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

    /** {@code --chunk N}, for commands that write in many short transactions. */
    public static OptionSpec chunkOption() {
        return value(CHUNK, Integer.class, "N", "Rows written in one transaction, from 1 to 10000 (default: 1000).");
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
        int chunk = given.matchedOptionValue(CHUNK, 1_000);
        if (chunk < 1 || chunk > LARGEST_CHUNK) {
            throw wrong(CHUNK + " is " + chunk + ": from 1 to " + LARGEST_CHUNK);
        }
        return chunk;
    }

    /** What a body throws when the command line is wrong in a way that its options could not tell. */
    public ParameterException wrong(String message) {
        return new ParameterException(given.commandSpec().commandLine(), message);
    }
}
