package io.rowrelay.admin.doctor;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.PublishedChange;
import java.util.List;

/** What the topic holds at its ends. */
@FunctionalInterface
public interface RecentChanges {
    List<PublishedChange> read() throws OutageException, InterruptedException;
}
