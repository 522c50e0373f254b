package io.rowrelay.admin.dlq;

import io.rowrelay.common.runtime.OutageException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows that the letters are about, as they are now. Writes nothing that lasts. */
public interface Rows {
    /**
     * The columns of a JSON object, each with its value as text (null for null), in their order; empty when the text is none.
     */
    Optional<Map<String, @Nullable String>> columns(String json) throws OutageException;

    /** The row that the key names in the destination. */
    Present inDestination(String key) throws OutageException;

    /** The row that the key names in the source. */
    Present inSource(String key) throws OutageException;

    /** Tries in the destination what the consumer would do with the value, and undoes it. */
    Judgement rehearse(String key, String value) throws OutageException;

    /**
     * What there is of a key.
     *
     * @param json the row, or empty
     * @param actionId the change that the row or the tombstone shows, 0 when none does
     * @param note why nothing is known, or empty
     */
    record Present(Optional<String> json, long actionId, String note) {
        /** Nothing can be known. */
        public static Present unknown(String why) {
            return new Present(Optional.empty(), 0, why);
        }
    }
}
