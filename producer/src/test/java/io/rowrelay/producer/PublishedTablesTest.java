package io.rowrelay.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.ServedStream;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class PublishedTablesTest {
    private static final CapturedTable ORDERS = new CapturedTable("public.orders", "public.orders_cdc", "shop.orders");
    private static final CapturedTable LINES = new CapturedTable("public.lines", "public.lines_cdc", "shop.lines");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final PublishedTables tables = new PublishedTables(registry);
    private final ServedStream served =
            new ServedStream(new Stream("shop", List.of(ORDERS), "shop.dlq"), tables::serve);

    @Test
    void counts_the_changes_of_each_table_whatever_their_order() {
        served.serve(Stream.registered("shop", List.of(ORDERS, LINES)));

        tables.published(List.of(change(ORDERS, 7), change(ORDERS, 5), change(LINES, 3), change(ORDERS, 6)));

        assertThat(numbers("rowrelay.table.changes.published")).hasToString("{public.lines=1.0, public.orders=3.0}");
        assertThat(numbers("rowrelay.table.newest.change.timestamp.seconds"))
                .hasToString("{public.lines=3.0, public.orders=7.0}");
    }

    @Test
    void has_the_tables_that_are_in_the_stream_now_and_says_which_are_unsound() {
        tables.showUnsound(served::unsound);
        served.serve(Stream.registered("shop", List.of(ORDERS)));
        tables.published(List.of(change(ORDERS, 7)));
        served.serve(Stream.registered("shop", List.of(ORDERS, LINES)));
        served.found(Set.of("public.lines"));
        assertThat(numbers("rowrelay.table.changes.published")).hasToString("{public.lines=0.0, public.orders=1.0}");
        assertThat(numbers("rowrelay.table.unsound")).hasToString("{public.lines=1.0, public.orders=0.0}");

        served.serve(Stream.registered("shop", List.of(LINES)));

        assertThat(numbers("rowrelay.table.unsound")).hasToString("{public.lines=1.0}");
    }

    @Test
    void says_nothing_of_the_table_of_a_stream_that_the_source_has_no_registry_of() {
        served.serve(served.configured());
        tables.published(List.of(change(ORDERS, 7)));

        assertThat(registry.getMeters()).isEmpty();
    }

    private Map<String, Double> numbers(String name) {
        Map<String, Double> numbers = new TreeMap<>();
        for (Meter meter : registry.find(name).meters()) {
            numbers.put(
                    String.valueOf(meter.getId().getTag("table")),
                    StreamSupport.stream(meter.measure().spliterator(), false)
                            .mapToDouble(measured -> measured.getValue())
                            .sum());
        }
        return numbers;
    }

    private static Change change(CapturedTable table, long second) {
        return new Change(table, second, new byte[0], new byte[0], 0, second * 1_000_000);
    }
}
