package io.rowrelay.admin.reanchor;

import io.rowrelay.common.event.PublishedChange;
import io.rowrelay.common.runtime.TransientFailureException;
import java.util.List;

/** What the topic holds at its ends. */
@FunctionalInterface
public interface RecentChanges {
    List<PublishedChange> read() throws TransientFailureException, InterruptedException;
}
