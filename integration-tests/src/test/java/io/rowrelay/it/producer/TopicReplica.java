package io.rowrelay.it.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.Topics;
import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.CutRecord.Missing;
import io.rowrelay.stream.cut.WindowHeaders;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.json.CutJson;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord.Header;
import io.rowrelay.stream.window.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a destination has that applies complete windows by the rule of cuts, made from all that lies on a stream's topics now. */
final class TopicReplica {
    /** A record of a window. */
    record WindowRecord(WindowHeaders headers, long actionId, String key, String value) {}

    private final String servers;
    private final String stream;
    private final Map<String, Map<String, String>> tables = new TreeMap<>();
    private final List<Cut> cuts = new ArrayList<>();
    private final List<CutRecord> records = new ArrayList<>();
    private final Map<WindowId, List<WindowRecord>> windows = new HashMap<>();
    private final Map<WindowId, Map<Partition, Long>> found = new HashMap<>();
    private Snapshot applied = Snapshot.NOTHING;

    TopicReplica(String servers, String stream) {
        this.servers = servers;
        this.stream = stream;
    }

    /** Reads the topics and applies all windows; {@code state} sees the tables after each that changes them. */
    TopicReplica read(Consumer<Map<String, Map<String, String>>> state) {
        // First: what a cut counts was sent before.
        for (ConsumerRecord<byte[], byte[]> record : Topics.read(servers, stream + ".cuts")) {
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(stream);
            records.add(CutJson.parse(record.value()).orElseThrow());
        }
        for (String topic : Topics.names(servers)) {
            if (topic.startsWith(stream + ".") && !topic.endsWith(".cuts") && !topic.endsWith(".dlq")) {
                Topics.read(servers, topic).forEach(this::take);
            }
        }
        records.forEach(record -> {
            if (record instanceof Cut cut) {
                apply(cut, state);
            }
        });
        return this;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(each -> headers.add(new Header(each.key(), each.value())));
        WindowHeaders window = WindowHeaders.of(headers).orElseThrow();
        windows.computeIfAbsent(window.window(), none -> new ArrayList<>())
                .add(new WindowRecord(
                        window,
                        Topics.actionId(record.value()),
                        record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
                        new String(record.value(), StandardCharsets.UTF_8)));
        found.computeIfAbsent(window.window(), none -> new HashMap<>())
                .merge(new Partition(record.topic(), record.partition()), 1L, Long::sum);
    }

    private void apply(Cut cut, Consumer<Map<String, Map<String, String>>> state) {
        cuts.add(cut);
        if (!expected(cut).equals(found.getOrDefault(cut.window(), Map.of())) || applied.covers(cut.s2())) {
            return;
        }
        assertThat(applied.covers(cut.s1()))
                .as("%s covers the beginning of %s", applied, cut)
                .isTrue();
        List<WindowRecord> changes = new ArrayList<>(windows.getOrDefault(cut.window(), List.of()));
        changes.sort(Comparator.comparingLong(WindowRecord::actionId));
        for (WindowRecord change : changes) {
            assertThat(cut.s2().isVisible(change.headers().xid())).isTrue();
            if (!applied.isVisible(change.headers().xid())) {
                Map<String, String> rows =
                        tables.computeIfAbsent(change.headers().table(), none -> new TreeMap<>());
                if (change.value().contains("\"action\":\"DELETE\"")) {
                    rows.remove(change.key());
                } else {
                    rows.put(change.key(), change.value());
                }
            }
        }
        applied = cut.s2();
        if (!changes.isEmpty()) {
            state.accept(tables);
        }
    }

    private Map<Partition, Long> expected(Cut cut) {
        Map<Partition, Long> expected = new HashMap<>(cut.counts());
        records.forEach(record -> {
            if (record instanceof Missing missing && missing.window().equals(cut.window())) {
                missing.counts()
                        .forEach((partition, count) -> expected.computeIfPresent(
                                partition, (same, counted) -> counted == count.longValue() ? null : counted - count));
            }
        });
        return expected;
    }

    /** The rows of a table by their keys, as JSON. */
    Map<String, String> rows(String table) {
        return tables.getOrDefault(table, Map.of());
    }

    List<Cut> cuts() {
        return cuts;
    }

    List<CutRecord> records() {
        return records;
    }

    List<WindowRecord> window(WindowId window) {
        return windows.getOrDefault(window, List.of());
    }

    Snapshot applied() {
        return applied;
    }
}
