package io.rowrelay.producer.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.window.Snapshot;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangedTablesTest {
    private final ChangedTables tables = new ChangedTables(3);

    @BeforeEach
    void lookAtAllOnce() {
        assertThat(look("10:10:", 0, 0, 0)).containsExactly(0, 1, 2);
        assertThat(look("10:10:", 0, 0, 0)).containsExactly(0, 1, 2);
        assertThat(look("10:10:", 0, 0, 0)).isEmpty();
    }

    @Test
    void a_table_is_read_when_its_sequence_has_moved_and_at_the_next_look() {
        assertThat(look("11:11:", 0, 4, 0)).containsExactly(1);
        assertThat(look("12:12:", 0, 4, 0)).containsExactly(1);
        assertThat(look("13:13:", 0, 4, 0)).isEmpty();
    }

    /** It drew its ids long ago. */
    @Test
    void a_table_is_read_when_a_transaction_ends_that_may_have_written_it() {
        look("11:12:11", 0, 4, 0);
        look("11:15:11,13", 0, 4, 0);
        assertThat(look("11:20:11,13,17", 0, 4, 0)).isEmpty();
        assertThat(look("11:21:11,17", 0, 4, 0)).containsExactly(1);
        assertThat(look("11:22:11", 0, 4, 0))
                .as("17 began after all that drew from the sequence")
                .isEmpty();
        assertThat(look("22:22:", 0, 4, 0)).containsExactly(1);
        assertThat(look("23:23:", 0, 4, 0)).isEmpty();
    }

    /** TRUNCATE ... RESTART IDENTITY does that. */
    @Test
    void a_sequence_that_was_set_back_has_moved() {
        look("11:11:", 0, 4, 0);
        look("11:11:", 0, 4, 0);
        assertThat(look("12:12:", 0, 1, 0)).containsExactly(1);
    }

    /** A snapshot ends behind the last transaction that has ended, and does not name those that have begun since. */
    @Test
    void a_table_is_read_when_a_transaction_ends_that_no_snapshot_has_named_while_it_ran() {
        look("11:11:", 14, 0, 4, 0);
        assertThat(look("11:11:", 14, 0, 4, 0)).containsExactly(1);
        assertThat(look("11:11:", 20, 0, 4, 0)).isEmpty();
        assertThat(look("11:13:11", 20, 0, 4, 0)).as("12 has ended").containsExactly(1);
        assertThat(look("11:13:11", 20, 0, 4, 0)).isEmpty();
        assertThat(look("13:13:", 20, 0, 4, 0)).as("11 has ended").containsExactly(1);
        assertThat(look("14:14:", 20, 0, 4, 0)).as("13 has ended").containsExactly(1);
        assertThat(look("20:20:", 20, 0, 4, 0))
                .as("14 began after all that drew from the sequence")
                .isEmpty();
    }

    private List<Integer> look(String snapshot, long first, long second, long third) {
        return look(snapshot, Snapshot.parse(snapshot).next(), first, second, third);
    }

    private List<Integer> look(String snapshot, long next, long first, long second, long third) {
        Snapshot now = Snapshot.parse(snapshot);
        return IntStream.of(tables.look(now, OpenTransactions.at(now, next), new long[] {first, second, third}).stream()
                        .toArray())
                .boxed()
                .toList();
    }
}
