package io.rowrelay.consumer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.progress.Beginning;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.PartitionState;
import io.rowrelay.stream.record.Partition;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupClaimTest {
    private static final String UNREAD = "rowrelay destination=7:8 unread";
    private static final String READ = "rowrelay destination=7:8";

    @ParameterizedTest(name = "partition {0}, group at {1}, destination at {2}: {3}")
    @CsvSource({
        // Nothing has been read yet, by a consumer that is new or was started again.
        "0, , , " + UNREAD,
        "0, , 0, " + UNREAD,
        "3, , , ",
        "3, , 0, ",
        // Set back by hand to be read again, which a restart must not end.
        "0, 0, 5, " + READ,
        "3, 0, 5, ",
        // The destination knows better.
        "0, , 5, " + READ,
        "3, , 5, " + READ,
        "3, 8, 5, " + READ,
        // The first partition always says whom the group feeds.
        "0, 5, 5, " + READ,
        "3, 5, 5, ",
    })
    void tells_the_group_whom_it_feeds_and_how_far_that_has_read(
            int partition, @Nullable Long group, @Nullable Long destination, @Nullable String told) {
        Beginning beginning = Beginning.of(
                new PartitionState(
                        new Partition("changes", partition),
                        "topic",
                        0,
                        9,
                        group == null ? OptionalLong.empty() : OptionalLong.of(group),
                        false),
                Optional.ofNullable(destination).map(next -> new PartitionProgress("topic", next)),
                Optional.empty());

        assertThat(GroupClaim.toTell(beginning, "7:8")).isEqualTo(Optional.ofNullable(told));
    }

    @Test
    void only_what_says_that_nothing_was_read_is_no_offset() {
        assertThat(GroupClaim.offset(new OffsetAndMetadata(0, UNREAD))).isEmpty();
        assertThat(GroupClaim.offset(new OffsetAndMetadata(0, READ))).hasValue(0);
        assertThat(GroupClaim.offset(new OffsetAndMetadata(0)))
                .as("as somebody sets it back by hand")
                .hasValue(0);
        assertThat(GroupClaim.offset(null)).isEmpty();
    }

    @Test
    void the_destination_is_the_same_whether_anything_was_read() {
        assertThat(GroupClaim.destination(UNREAD)).contains("7:8");
        assertThat(GroupClaim.destination(READ)).contains("7:8");
        assertThat(GroupClaim.destination("")).isEmpty();
        assertThat(GroupClaim.isOfAnother(new OffsetAndMetadata(3, READ), "7:8"))
                .isFalse();
        assertThat(GroupClaim.isOfAnother(new OffsetAndMetadata(3, READ), "7:9"))
                .isTrue();
        assertThat(GroupClaim.isOfAnother(new OffsetAndMetadata(3), "7:9")).isFalse();
    }
}
