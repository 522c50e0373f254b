package io.rowrelay.admin.uninstall;

import io.rowrelay.common.runtime.TransientFailureException;
import java.util.List;

/** The topics of a stream. */
public interface StreamTopics {
    /** Their names. */
    List<String> names();

    /** Deletes those that are there. */
    void delete() throws TransientFailureException, InterruptedException;
}
