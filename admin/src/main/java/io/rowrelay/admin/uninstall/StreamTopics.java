package io.rowrelay.admin.uninstall;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;

/** The topics of a stream. */
public interface StreamTopics {
    /** Their names. */
    List<String> names();

    /** Looks which of them other streams use; before anything is removed, since the destination knows some of that. */
    Plan plan() throws OutageException, InterruptedException;

    /** Deletes those that are there. */
    void delete(List<String> topics) throws OutageException, InterruptedException;

    /**
     * What becomes of them.
     *
     * @param deleted the stream's topic, and the dead-letter topic unless another stream uses it
     * @param kept the others, each in words with the reason
     */
    record Plan(List<String> deleted, List<String> kept) {
        public Plan {
            deleted = List.copyOf(deleted);
            kept = List.copyOf(kept);
        }
    }
}
