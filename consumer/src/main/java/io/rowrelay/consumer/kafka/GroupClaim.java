package io.rowrelay.consumer.kafka;

import io.rowrelay.stream.progress.Beginning;
import io.rowrelay.stream.progress.PartitionState;
import java.util.Optional;
import java.util.OptionalLong;
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

    /** What to tell the group when a partition begins; empty where it has nothing to learn. */
    static Optional<String> toTell(Beginning beginning, String destination) {
        PartitionState state = beginning.state();
        boolean first = state.partition().number() == 0;
        if (state.committed().isEmpty() && beginning.offset() == 0) {
            // Only whom the group feeds, which the first partition tells.
            return first ? Optional.of(unread(destination)) : Optional.empty();
        }
        return first || state.committed().orElse(-1) != beginning.offset()
                ? Optional.of(of(destination))
                : Optional.empty();
    }

    /** Beside the offset that a consumer commits before it has read anything, only to say whom the group feeds. */
    private static String unread(String destination) {
        return of(destination) + UNREAD;
    }

    /** Up to where the group has read; empty where the offset does not say that. */
    static OptionalLong offset(@Nullable OffsetAndMetadata committed) {
        return committed == null || isUnread(committed.metadata())
                ? OptionalLong.empty()
                : OptionalLong.of(committed.offset());
    }

    /** Whether it was committed for another destination than this one. */
    static boolean isOfAnother(@Nullable OffsetAndMetadata committed, String destination) {
        return committed != null
                && destination(committed.metadata())
                        .filter(claimed -> !claimed.equals(destination))
                        .isPresent();
    }

    private static boolean isUnread(String metadata) {
        return metadata.startsWith(PREFIX) && metadata.endsWith(UNREAD);
    }

    /** The destination; empty where a consumer of before this claim, or a person, has committed. */
    static Optional<String> destination(String metadata) {
        if (!metadata.startsWith(PREFIX)) {
            return Optional.empty();
        }
        int end = isUnread(metadata) ? metadata.length() - UNREAD.length() : metadata.length();
        return Optional.of(metadata.substring(PREFIX.length(), end));
    }
}
