package io.rowrelay.stream.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.progress.Beginning.Kind;
import io.rowrelay.stream.record.Partition;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BeginningTest {
    private static final Partition PARTITION = new Partition("changes", 3);

    @ParameterizedTest(name = "topic [{0}, {1}), group at {2}, destination at {3}: {4} at {5}, lost {6}, corrected {7}")
    @CsvSource({
        // Both agree, or the group is behind: a lost commit, or set back by hand.
        "0, 9, 5, 5, AS_LEFT, 5, 0, false",
        "0, 9, 3, 5, AS_LEFT, 3, 0, false",
        "0, 9, 9, 9, AS_LEFT, 9, 0, false",
        // Set back to what is gone: nothing of that was missing here.
        "4, 9, 2, 5, AS_LEFT, 4, 0, false",
        "0, 9, , 0, AS_LEFT, 0, 0, false",
        // Only one of the two knows.
        "0, 9, , 5, GROUP_FORGOT, 5, 0, false",
        "0, 9, 5, , DESTINATION_NEW, 0, 0, true",
        "0, 9, , , NEW, 0, 0, true",
        "4, 9, , , DROPPED, 4, 4, true",
        "4, 9, 8, , DROPPED, 4, 4, true",
        // The destination was restored.
        "0, 9, 8, 5, DESTINATION_BEHIND, 5, 0, false",
        "5, 9, 8, 5, DESTINATION_BEHIND, 5, 0, false",
        "6, 9, 8, 5, DROPPED, 6, 1, true",
        // Retention was faster.
        "7, 9, 5, 5, DROPPED, 7, 2, true",
        "7, 9, , 5, DROPPED, 7, 2, true",
        // The topic was cut.
        "0, 4, 5, 5, CUT, 0, 0, true",
        "0, 4, , 5, CUT, 0, 0, true",
    })
    void begins_where_the_destination_is(
            long first,
            long end,
            String group,
            String destination,
            Kind kind,
            long offset,
            long lost,
            boolean corrected) {
        Beginning beginning = Beginning.of(
                new PartitionState(
                        PARTITION,
                        "topic",
                        first,
                        end,
                        group == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(group)),
                        false),
                Optional.ofNullable(destination).map(next -> new PartitionProgress("topic", Long.parseLong(next))),
                Optional.empty());

        assertThat(beginning.kind()).isEqualTo(kind);
        assertThat(beginning.offset()).isEqualTo(offset);
        assertThat(beginning.lost()).isEqualTo(lost);
        assertThat(beginning.isCorrection()).isEqualTo(corrected);
        if (corrected) {
            assertThat(beginning.progress()).isEqualTo(new PartitionProgress("topic", offset));
        }
    }

    /** As after a trial with another destination under the same group. */
    @ParameterizedTest
    @CsvSource({"3, AS_LEFT", "8, DESTINATION_BEHIND"})
    void goes_by_no_offset_that_the_group_had_for_another_destination(long group, Kind kind) {
        Beginning beginning = Beginning.of(
                new PartitionState(PARTITION, "topic", 0, 9, OptionalLong.of(group), true),
                Optional.of(new PartitionProgress("topic", 5)),
                Optional.empty());

        assertThat(beginning.offset()).isEqualTo(5);
        assertThat(beginning.kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2"})
    void reads_a_topic_that_was_created_again_from_its_beginning(long first, long lost) {
        Beginning beginning = Beginning.of(
                new PartitionState(PARTITION, "another", first, 9, OptionalLong.of(5), false),
                Optional.of(new PartitionProgress("topic", 5)),
                Optional.empty());

        assertThat(beginning.kind()).isEqualTo(Kind.REPLACED);
        assertThat(beginning.lost()).isEqualTo(lost);
        assertThat(beginning.isCorrection()).isTrue();
        assertThat(beginning.progress()).isEqualTo(new PartitionProgress("another", first));
    }

    @ParameterizedTest
    @CsvSource({
        // Cut below the progress, and perhaps grown past it.
        "0, 9, 3, 3",
        "0, 4, 3, 3",
        // The retention has taken what they agreed on, or the broker cannot say.
        "4, 9, 3, 4",
        "2, 9, 0, 2",
    })
    void reads_a_topic_that_lost_its_tail_from_where_it_parted(long first, long end, long agreed, long offset) {
        Optional<Integer> epoch = agreed == offset ? Optional.of(6) : Optional.empty();

        Beginning beginning = Beginning.of(
                new PartitionState(PARTITION, "topic", first, end, OptionalLong.of(5), false),
                Optional.of(new PartitionProgress("topic", 5, Optional.of(7))),
                Optional.of(new PartitionProgress("topic", agreed, Optional.of(6))));

        assertThat(beginning.kind()).isEqualTo(Kind.CUT);
        assertThat(beginning.isCorrection()).isTrue();
        assertThat(beginning.progress()).isEqualTo(new PartitionProgress("topic", offset, epoch));
    }
}
