package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.Change;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The form in which changes come from the server. */
public interface ChangeRows {
    /** The column of the action_id, null in the only row that is returned when there is no change. */
    int ACTION_ID = 3;

    /**
     * What a statement selects behind its first two columns, and from where: the changes in {@code found}, in the order in
     * which they are there, or one row of nulls. One parameter: the size in bytes above which a value is not read.
     *
     * <p>There is no second sort, which would cost a seventh of reading a page: a left join of one row without a condition can
     * only be a loop over the changes. {@link TogetherReading} rejects any other order.
     */
    default String selected(String found) {
        return selected(found, "?");
    }

    /** The same with an expression in place of the parameter. */
    String selected(String found, String largest);

    /** How many changes may be read before it is known how many there are, and how wide. */
    int mostUnmeasured();

    /**
     * The change in the row of an action_id; without its value where that was not read, or empty where not even its size is
     * known.
     */
    Optional<Change> change(ResultSet row, long actionId) throws SQLException;
}
