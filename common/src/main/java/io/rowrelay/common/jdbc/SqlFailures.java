package io.rowrelay.common.jdbc;

import io.rowrelay.common.runtime.OutageException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failure of PostgreSQL means: the data is rejected, or the database cannot do its work now.
 *
 * <p>The table is short on purpose. Classes 22 (data exception) and 23 (constraint violation) speak of the values sent,
 * and 21 (cardinality) of two records of one batch: those name data, as a syntax error inside a value does. Everything else,
 * known or not, is an outage and never costs a record, except a limit ({@link #isLimit}) of which the consumer has found out
 * (ServerLimits) that it is that of the value. On the source {@link #mayBeUnprintable} tells of a value that cannot be read: its change becomes a reference.
 * Source: PostgreSQL documentation, appendix A, error codes.
 */
public final class SqlFailures {
    /** Our own, of no class of PostgreSQL's: the session is shared by a pooler. */
    private static final String SHARED_SESSION = "RR001";
    /** Our own likewise: the server is a former primary. */
    private static final String STALE_PRIMARY = "RR002";

    private static final String NOT_IN_PREREQUISITE_STATE = "55000";
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String SYNTAX_ERROR = "42601";

    /** The pool's own message, which does not help an operator. */
    private static final Pattern POOL_PATIENCE =
            Pattern.compile("Connection is not available, request timed out after ([0-9]+)ms");

    /** A message can repeat a whole value. */
    private static final int LONGEST_MESSAGE = 500;

    private static final String INTERNAL_ERROR = "XX000";
    private static final String DATA = "22";

    /** Classes whose messages PostgreSQL makes of names; those of class 22 besides of values. */
    private static final Set<String> OF_NAMES = Set.of(
            "03", "08", "0A", "0B", "0L", "0P", "20", "21", DATA, "23", "24", "25", "26", "27", "28", "2B", "2D", "34",
            "3B", "3D", "3F", "40", "42", "44", "53", "54", "55", "57", "58", "F0", "XX");

    /** Serialization failure, deadlock, lock not available, query canceled (by a time-out, too). */
    private static final Set<String> BUSY = Set.of("40001", "40P01", "55P03", "57014");

    /** Foreign keys (and their RESTRICT), unique and exclusion constraints. */
    private static final Set<String> OF_OTHER_ROWS = Set.of("23001", "23503", "23505", "23P01");

    private SqlFailures() {}

    /** Whether the values sent are to blame, so that sending the same again cannot succeed. */
    public static boolean isRejection(SQLException failure) {
        return isOfClass(stateOf(failure), "21", "22", "23") || isBrokenValue(failure);
    }

    /**
     * Whether a value breaks the syntax of its type. Types such as tsvector, jsonpath and hstore say so with the state of a broken
     * statement, but of one the server also tells where it breaks.
     */
    private static boolean isBrokenValue(SQLException failure) {
        ServerErrorMessage said =
                innermost(failure) instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        return said != null
                && isSyntaxError(said.getSQLState())
                && said.getPosition() == 0
                && said.getInternalPosition() == 0
                && SafeMessage.isUndisturbed(said);
    }

    /** Whether the state is that of a syntax error, in a statement or in a value. */
    static boolean isSyntaxError(@Nullable String state) {
        return SYNTAX_ERROR.equals(state);
    }

    /**
     * Whether the state says that a limit of the server is exceeded or its stack is: by values too large or too deep for an
     * index or a type, but also by a server that is at its end, such as one without transaction ids. The caller has to find
     * out which.
     */
    public static boolean isLimit(String state) {
        return state.equals("54000") || state.equals("54001");
    }

    /** Whether the role lacks a right. */
    public static boolean isForWantOfRights(SQLException failure) {
        return "42501".equals(sqlState(failure));
    }

    /** Whether a lock was not to be had in the time that the session allows. */
    public static boolean isLockTimeout(SQLException failure) {
        return "55P03".equals(sqlState(failure));
    }

    /** Whether another session holds a lock, so that the same can succeed a moment later. */
    public static boolean isBusy(SQLException failure) {
        return BUSY.contains(stateOf(failure));
    }

    /** Whether the work was cut short from outside: no connection, or one that broke, or somebody ended it. */
    public static boolean isCutShort(SQLException failure) {
        String state = sqlState(failure);
        return state == null || isOfClass(state, "08", "57");
    }

    /** Whether the server has no disk, no memory or no connection left. */
    public static boolean isExhausted(SQLException failure) {
        return isOfClass(stateOf(failure), "53");
    }

    /** Whether the database does not let the role in, or is not there. */
    public static boolean isRefusedLogin(Throwable failure) {
        return isOfClass(stateOf(failure), "28", "3D");
    }

    /**
     * Whether the statement is to blame, as somebody wrote it: it cannot be understood, is not allowed, or fails by its own
     * values.
     */
    public static boolean isWrongStatement(SQLException failure) {
        return isOfClass(stateOf(failure), "42", "22", "0A", "25");
    }

    /** Whether a rejection with that state may be another row's fault, so that it can pass once its neighbours are written. */
    public static boolean speaksOfOtherRows(String state) {
        return OF_OTHER_ROWS.contains(state);
    }

    /** Whether the values sent are to blame, or may be. */
    public static boolean mayBeRejection(SQLException failure) {
        String state = sqlState(failure);
        return isRejection(failure) || (state != null && isLimit(state));
    }

    /** What PostgreSQL says of a row that others hang on. */
    public static SQLException otherRowInTheWay() {
        return new SQLException("a row hangs on one that is to be deleted", FOREIGN_KEY_VIOLATION);
    }

    /** A session that is not the caller's own, which nothing can be done with. */
    public static SQLException sharedSession() {
        return new SQLException(
                "behind this URL is a connection pooler that shares sessions of the server between its clients, such as PgBouncer"
                        + " with pool_mode = transaction: locks and settings of a session would not stay with it. Point the URL"
                        + " at the server itself, or at a pool with pool_mode = session",
                SHARED_SESSION);
    }

    /** PostgreSQL's state for a table that is not there, or not for this role. */
    static SQLException missingTable(String table) {
        return new SQLException("there is no table " + table + " on the search_path of the role", UNDEFINED_TABLE);
    }

    /** A table with a name of ours that somebody else has put on the path. */
    static SQLException tableOfAnother(String table, String owner) {
        return new SQLException(
                table + " belongs to role " + owner
                        + ", who did not install Rowrelay: drop it, or take its schema off the"
                        + " search_path of the role",
                NOT_IN_PREREQUISITE_STATE);
    }

    /** A server on a lower timeline than one that was used before. */
    static SQLException stalePrimary(int timeline, int seen) {
        return new SQLException(
                Timeline.explanation(timeline, seen, "this daemon has already worked on"), STALE_PRIMARY);
    }

    /** Whether the server, or the role's rights, do not provide what was asked for. */
    static boolean isNotProvided(SQLException failure) {
        String state = sqlState(failure);
        return state != null && (state.equals("42501") || state.equals("0A000") || state.equals("42883"));
    }

    /** Whether a pooler is in the way that shares sessions between its clients. */
    public static boolean isSharedSession(Throwable failure) {
        return SHARED_SESSION.equals(sqlState(failure));
    }

    /**
     * Whether a value that is read may be to blame, such as bytes that are no text in UTF-8, or a text that passes the GB that
     * the server can hold at once, for which it also has its internal error. The caller has to find out by reading rows one by
     * one.
     */
    public static boolean mayBeUnprintable(SQLException failure) {
        String state = sqlState(failure);
        return state != null && (state.startsWith("22") || isLimit(state) || state.equals(INTERNAL_ERROR));
    }

    /** Whether the server says of itself that something is wrong in it, as after a request for more than a GB of memory. */
    public static boolean isInternalError(SQLException failure) {
        return INTERNAL_ERROR.equals(sqlState(failure));
    }

    /** Wraps a failure as an outage whose message names the work, the SQLSTATE and what may be shown of the server's words. */
    public static OutageException outage(String work, SQLException failure) {
        String message = work + ": " + describe(failure);
        if (STALE_PRIMARY.equals(sqlState(failure))) {
            return OutageException.dataAtRisk(message);
        }
        return isOutOfReach(failure)
                ? OutageException.outOfReach("the database", message, failure)
                : new OutageException(message, failure);
    }

    /**
     * Whether nobody was there to do the work: no connection, or one that broke, or a server that starts or stops. One outage
     * goes through several of these.
     */
    static boolean isOutOfReach(SQLException failure) {
        return hasNoConnection(failure) || isOfClass(stateOf(failure), "57P");
    }

    /** Whether there is no connection, or it broke. */
    static boolean hasNoConnection(SQLException failure) {
        String state = sqlState(failure);
        return state == null || isOfClass(state, "08");
    }

    private static boolean isOfClass(String state, String... classes) {
        return Stream.of(classes).anyMatch(state::startsWith);
    }

    private static String stateOf(Throwable failure) {
        return Objects.requireNonNullElse(sqlState(failure), "");
    }

    /** Returns on one line what may be shown of a failure, with its SQLSTATE: never a value of a row, see {@link SafeMessage}. */
    public static String describe(SQLException failure) {
        SQLException innermost = innermost(failure);
        return describe(inOurWords(innermost, SafeMessage.of(innermost)), sqlState(failure));
    }

    /**
     * Returns the server's message on one line, with its SQLSTATE: for a person who asked, never for a log, since it may have
     * values of rows in it.
     */
    public static String explain(SQLException failure) {
        SQLException innermost = innermost(failure);
        return describe(inOurWords(innermost, String.valueOf(innermost.getMessage())), sqlState(failure));
    }

    /** The message of any failure, without what may not be shown of the failures of PostgreSQL in and under it. */
    public static String shown(Throwable failure) {
        return shown(failure, String.valueOf(failure.getMessage()));
    }

    /** Any text about a failure, such as its stack trace, without what may not be shown. */
    public static String shown(Throwable failure, String text) {
        String shown = text;
        for (SQLException each : under(failure, new LinkedHashSet<>())) {
            shown = shown.replace(
                    String.valueOf(each.getMessage()), describe(SafeMessage.of(each), each.getSQLState()));
        }
        return shown;
    }

    private static List<SQLException> under(Throwable failure, Set<Throwable> seen) {
        if (seen.add(failure)) {
            Stream.concat(Stream.ofNullable(failure.getCause()), Stream.of(failure.getSuppressed()))
                    .forEach(each -> under(each, seen));
        }
        return seen.stream()
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .toList();
    }

    /** Whether the server itself makes messages for that state, of names of its own and, about data, of values. */
    static boolean hasMessageOfNames(@Nullable String state) {
        return state != null && OF_NAMES.stream().anyMatch(state::startsWith);
    }

    /** Whether the state is about data. */
    static boolean isOfData(@Nullable String state) {
        return state != null && state.startsWith(DATA);
    }

    private static String inOurWords(SQLException failure, String message) {
        Matcher patience = POOL_PATIENCE.matcher(message);
        if (patience.find()) {
            // In whole seconds: with other words for each attempt, one outage would look like many.
            return "the server opened no session within " + Math.round(Long.parseLong(patience.group(1)) / 1e3)
                    + " s: it does not answer, or it is busy";
        }
        return failure.getCause() instanceof UnknownHostException unknown
                ? message + " The host is unknown: " + unknown.getMessage()
                : message;
    }

    /** One line of a message and a state that came in another way. */
    public static String describe(String message, @Nullable String state) {
        String text = message.lines().findFirst().orElse("");
        String shown = text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "...";
        return state == null ? shown : shown + " (SQLSTATE " + state + ")";
    }

    /** A pool wraps the driver's failure in one that only says how long it waited. */
    private static SQLException innermost(SQLException failure) {
        SQLException innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                innermost = sql;
            }
        }
        return innermost;
    }

    /** Returns the first SQLSTATE along the chain of causes, or null. */
    public static @Nullable String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
