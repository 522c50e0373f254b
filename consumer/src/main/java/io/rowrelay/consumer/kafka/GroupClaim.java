package io.rowrelay.consumer.kafka;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/** What stands beside a group's offsets, and says which destination the group feeds. */
final class GroupClaim {
    private static final String PREFIX = "rowrelay destination=";
    private static final String UNREAD = " unread";

    private GroupClaim() {}

    /** Beside offsets up to which the destination has everything. */
    static String of(String destination) {
        return PREFIX + destination;
    }

    /** Beside the offset that a consumer commits before it has read anything, only to say whom the group feeds. */
    static String unread(String destination) {
        return of(destination) + UNREAD;
    }

    /** Whether the offset says anything about what was read. */
    static boolean isPlace(@Nullable OffsetAndMetadata committed) {
        return committed != null
                && !(committed.metadata().startsWith(PREFIX)
                        && committed.metadata().endsWith(UNREAD));
    }

    /** The destination; empty where a consumer of before this claim, or a person, has committed. */
    static Optional<String> destination(String metadata) {
        if (!metadata.startsWith(PREFIX)) {
            return Optional.empty();
        }
        int end = metadata.endsWith(UNREAD) ? metadata.length() - UNREAD.length() : metadata.length();
        return Optional.of(metadata.substring(PREFIX.length(), end));
    }
}
