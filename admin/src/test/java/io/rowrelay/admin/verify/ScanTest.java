package io.rowrelay.admin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.tables.RowKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanTest {
    private static final int CHUNK = 10;

    private final NumberedTable source = new NumberedTable();
    private final NumberedTable destination = new NumberedTable();
    private final List<Integer> suspects = new ArrayList<>();
    private long compared;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void suspects_exactly_what_differs(boolean sameOrder) throws Exception {
        IntStream.rangeClosed(1, 100).forEach(key -> source.put(key, key));
        IntStream.rangeClosed(1, 105).forEach(key -> destination.put(key, key == 33 ? 0 : key));
        destination.rows.remove(77);

        scan(sameOrder);

        assertThat(suspects).containsExactlyInAnyOrder(33, 77, 101, 102, 103, 104, 105);
        assertThat(compared).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void looks_at_no_more_than_a_chunk_at_once_where_only_the_destination_has_rows(boolean sameOrder) throws Exception {
        source.put(1, 1);
        source.put(1000, 1);
        IntStream.rangeClosed(1, 1000).forEach(key -> destination.put(key, 1));

        scan(sameOrder);

        assertThat(suspects).hasSize(998);
        assertThat(destination.mostLookedAt).isLessThanOrEqualTo(CHUNK + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void looks_at_no_more_than_a_chunk_at_once_where_few_rows_are_compared(boolean sameOrder) throws Exception {
        source.put(1, 1);
        IntStream.rangeClosed(1, 1000)
                .forEach(key -> destination.put(key, key < 1000 ? NumberedTable.NOT_COMPARED : 1));

        scan(sameOrder);

        assertThat(suspects).containsExactlyInAnyOrder(1, 1000);
        assertThat(destination.mostLookedAt).isLessThanOrEqualTo(CHUNK + 1);
    }

    @Test
    void does_not_list_what_is_equal() throws Exception {
        IntStream.rangeClosed(1, 100).forEach(key -> source.put(key, key % 2 == 0 ? key : NumberedTable.NOT_COMPARED));
        destination.rows.putAll(source.rows);

        scan(true);

        assertThat(suspects).isEmpty();
        assertThat(compared).isEqualTo(50);
        assertThat(destination.listed).isZero();
    }

    private void scan(boolean sameOrder) throws Exception {
        Scan.Listener listener = new Scan.Listener() {
            @Override
            public void compared(long rows) {}

            @Override
            public void differs(RowKey key) {
                suspects.add(NumberedTable.number(key));
            }
        };
        compared = new Scan(source, destination, sameOrder, CHUNK, listener).run();
    }
}
