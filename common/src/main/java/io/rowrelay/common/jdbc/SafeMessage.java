package io.rowrelay.common.jdbc;

import java.sql.SQLException;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What may be shown of a failure of PostgreSQL to those who may not see rows: readiness, status, the log above DEBUG.
 *
 * <p>Shown are the SQLSTATE, the names of table, column, constraint, type and function, and the server's MESSAGE where it is made
 * of such names: in the states below, and while no function of the user's runs, which can raise what it likes under any state.
 * What a message about data (class 22) or syntax has between quotes is left out. DETAIL, HINT and CONTEXT never show. The whole is
 * in the log at DEBUG, with the exception.
 */
final class SafeMessage {
    private static final Pattern VALUES = Pattern.compile("\".*\"|\\b0x[0-9a-fA-F]+", Pattern.DOTALL);
    private static final Pattern DRIVERS_VALUE = Pattern.compile(":.*", Pattern.DOTALL);

    /** The line of CONTEXT that names a function, the innermost first. */
    private static final Pattern FUNCTION =
            Pattern.compile("^(?:PL/\\w+|SQL) function ((?:\"[^\"\\n]+\"|[^\\s(\"])+)", Pattern.MULTILINE);

    /** Blocks that the daemons send, and the functions of Rowrelay's own schema. */
    private static final Pattern OURS = Pattern.compile("inline_code_block|\"?rowrelay\"?\\..*");

    private SafeMessage() {}

    /** On one line or more, without the SQLSTATE. */
    static String of(SQLException failure) {
        String state = failure.getSQLState();
        ServerErrorMessage said = failure instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        if (said == null) {
            String message = String.valueOf(failure.getMessage());
            // The driver's own words, or ours. Its own about data end with the value.
            return SqlFailures.isOfData(state) ? DRIVERS_VALUE.matcher(message).replaceFirst("") : message;
        }
        boolean undisturbed = isUndisturbed(said);
        String message = String.valueOf(said.getMessage());
        String shown = undisturbed && SqlFailures.hasMessageOfNames(state)
                ? mayQuoteValues(state) ? VALUES.matcher(message).replaceAll("\"...\"") : message
                : "a message that can hold values of rows, so it is in the log at DEBUG only";
        return said.getSeverity() + ": " + shown + names(said, undisturbed ? "" : function(said), shown);
    }

    /** Whether no function of the user's was running, as far as the server tells. */
    static boolean isUndisturbed(ServerErrorMessage said) {
        String context = context(said);
        return context.isEmpty()
                || context.startsWith("while ")
                || OURS.matcher(function(said)).matches();
    }

    private static String function(ServerErrorMessage said) {
        Matcher function = FUNCTION.matcher(context(said));
        return function.find() ? function.group(1) : "";
    }

    private static String context(ServerErrorMessage said) {
        return said.getWhere() == null ? "" : said.getWhere();
    }

    /** A syntax error can be one in a value: those of tsvector, jsonpath, hstore and others have a syntax. */
    private static boolean mayQuoteValues(@Nullable String state) {
        return SqlFailures.isOfData(state) || SqlFailures.isSyntaxError(state);
    }

    /** Those that the message does not have itself. */
    private static String names(ServerErrorMessage said, String function, String message) {
        StringJoiner names = new StringJoiner(", ", " [", "]").setEmptyValue("");
        add(names, "function", function, message);
        add(names, "table", said.getTable(), message);
        add(names, "column", said.getColumn(), message);
        add(names, "constraint", said.getConstraint(), message);
        add(names, "type", said.getDatatype(), message);
        return names.toString();
    }

    private static void add(StringJoiner names, String kind, @Nullable String name, String message) {
        if (name != null && !name.isEmpty() && !message.contains('"' + name + '"')) {
            names.add(kind + " " + name);
        }
    }
}
