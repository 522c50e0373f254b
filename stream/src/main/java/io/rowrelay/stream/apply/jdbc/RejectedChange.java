package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.ValidChange;
import java.sql.SQLException;
import java.util.Objects;

/**
 * How the destination rejected a change that was tried by itself.
 *
 * @param change the change
 * @param state the SQLSTATE
 * @param message the server's words, which may show values of the row
 * @param subject the constraint or column it is about, or the empty text
 */
public record RejectedChange(ValidChange change, String state, String message, String subject) {
    /** One that failed so. */
    public static RejectedChange of(ValidChange change, SQLException failure) {
        String state = Objects.requireNonNullElse(SqlFailures.sqlState(failure), "");
        return new RejectedChange(change, state, String.valueOf(failure.getMessage()), "");
    }

    /** Whether another row may be to blame, so that it can pass once its neighbours are written. */
    public boolean speaksOfOtherRows() {
        return SqlFailures.speaksOfOtherRows(state);
    }

    /** Whether the server met a limit of its own, see {@link ServerLimits}. */
    boolean isLimit() {
        return SqlFailures.isLimit(state);
    }

    /** The record that becomes a dead letter. */
    public Rejected rejected() {
        String kind = "SQLSTATE " + state + (subject.isEmpty() ? "" : " " + subject);
        return new Rejected(change.origin(), RejectionReason.DESTINATION, SqlFailures.describe(message, state), kind);
    }
}
