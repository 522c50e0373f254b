package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --where SQL}, for commands that can take a part of the table. */
public final class WhereOption {
    private static final String WHERE = "--where";

    /** Set by picocli. */
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = WHERE,
            paramLabel = "SQL",
            description =
                    "Only rows for which this condition on their columns is true. Functions and operators that are not PostgreSQL's own need their schema: OPERATOR(public.=).")
    private Optional<String> where = Optional.empty();

    /** The condition. */
    public Optional<String> condition() {
        return where;
    }

    /** Tries a condition: the error message, or nothing. */
    @FunctionalInterface
    public interface Check {
        Optional<String> refusal(String condition) throws OutageException;
    }

    /**
     * Tries the condition where one was typed.
     *
     * @throws ParameterException with what PostgreSQL says against it
     */
    public void check(Check check) throws OutageException {
        Optional<String> refusal = where.isEmpty() ? Optional.empty() : check.refusal(where.get());
        if (refusal.isPresent() && command != null) {
            throw new ParameterException(command.commandLine(), WHERE + ": " + refusal.get());
        }
    }

    /** Refuses a condition that is for several tables. */
    public void requireOneTable(int tables) {
        if (condition().isPresent() && tables != 1) {
            throw new CommandFailedException("--where is a condition on the rows of one table: name that with --table");
        }
    }
}
