package io.rowrelay.admin.reanchor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.record.RecordAddress;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever somebody wrote to the topic or the destination: the sequence of the source never comes near its end. */
class ReanchorBaseTest {
    private static final long NEAR = 1L << 48;

    @Test
    void is_a_million_above_the_largest_of_all() {
        assertThat(ReanchorBase.above(7, 5, 6).actionId()).isEqualTo(1_000_007);
        assertThat(ReanchorBase.above(0, 5, 6).actionId()).isEqualTo(1_000_006);
        assertThat(ReanchorBase.above(0, 6, 5).notBefore(900)).isEqualTo(1_000_900);
    }

    @Test
    void passes_over_records_that_no_source_can_have_published() {
        List<PublishedChange> published = LongStream.of(5, NEAR + 7, NEAR + 8, 1L << 62)
                .mapToObj(id -> new PublishedChange(new RecordAddress(new Partition("t", 0), 1), "8", id, 1, 0))
                .toList();

        assertThat(ReanchorBase.plausible(published, 7))
                .extracting(PublishedChange::actionId)
                .containsExactly(5L, NEAR + 7);
    }

    @ParameterizedTest
    @ValueSource(longs = {NEAR + 8, 1L << 62, 9223372036854775800L, Long.MAX_VALUE})
    void refuses_a_destination_that_shows_what_no_source_can_have_reached(long shown) {
        assertThatThrownBy(() -> ReanchorBase.above(7, shown, 7))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("the destination shows action_id " + shown);
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 61, 1L << 62, 9223372036854775800L, Long.MAX_VALUE})
    void refuses_a_source_that_is_near_the_end_itself(long source) {
        assertThatThrownBy(() -> ReanchorBase.above(source, 0, 0))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("action_id " + source + " is in use");
        assertThatThrownBy(() -> new ReanchorBase(1).notBefore(source)).isInstanceOf(CommandFailedException.class);
    }
}
