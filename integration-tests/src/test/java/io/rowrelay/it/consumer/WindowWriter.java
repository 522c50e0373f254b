package io.rowrelay.it.consumer;

import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.CutRecord.Missing;
import io.rowrelay.stream.cut.WindowHeaders;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.json.CutJson;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.window.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes windows as a producer does. Each transaction makes one window. */
final class WindowWriter implements AutoCloseable {
    private static final long SOURCE = 7_000_000_000_000_000_001L;
    private static final long FIRST_XID = 1_000;

    private final String stream;
    private final KafkaProducer<byte[], byte[]> client;
    private final Map<Partition, Long> counts = new HashMap<>();
    private long epoch = 1;
    private long number = 1;
    private long xid = FIRST_XID;
    private long actionId;
    private Snapshot last = Snapshot.NOTHING;

    WindowWriter(String servers, String stream) {
        this.stream = stream;
        this.client = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The topic of a table. */
    String topic(String table) {
        return stream + ".public." + table;
    }

    /** A row comes, in the present window. */
    WindowWriter insert(String table, int id, String name) {
        return change("INSERT", table, id, name);
    }

    /** A row goes. */
    WindowWriter delete(String table, int id, String name) {
        return change("DELETE", table, id, name);
    }

    private WindowWriter change(String action, String table, int id, String name) {
        int partition = id % 2;
        String value = "{\"action_id\":%d,\"action\":\"%s\",\"changed_at\":\"%s\",\"id\":%d,\"name\":\"%s\"}"
                .formatted(++actionId, action, Instant.now().truncatedTo(ChronoUnit.MICROS), id, name);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic(table), partition, bytes(Integer.toString(id)), bytes(value));
        new WindowHeaders("public." + table, xid, new WindowId(epoch, number))
                .headers()
                .forEach(header -> record.headers().add(header.name(), header.value()));
        send(record);
        counts.merge(new Partition(topic(table), partition), 1L, Long::sum);
        return this;
    }

    /** The window ends. */
    WindowWriter cut() {
        Snapshot s2 = new Snapshot(xid + 1, xid + 1, new long[0]);
        write(new Cut(new WindowId(epoch, number), SOURCE, last, s2, Instant.now(), counts));
        last = s2;
        xid++;
        number++;
        counts.clear();
        return this;
    }

    /** The window ends, and the broker has refused one more record of it than came. */
    WindowWriter cutWithout(String table) {
        Partition partition = new Partition(topic(table), 0);
        counts.merge(partition, 1L, Long::sum);
        WindowId window = new WindowId(epoch, number);
        cut();
        write(new Missing(window, SOURCE, Map.of(partition, 1L)));
        return this;
    }

    /** The window is sent again by another session, from its beginning. */
    WindowWriter restart() {
        epoch++;
        number = 1;
        counts.clear();
        return this;
    }

    /** Everything so far is sent again by another session. */
    WindowWriter again() {
        last = Snapshot.NOTHING;
        return restart();
    }

    private void write(CutRecord record) {
        send(new ProducerRecord<>(stream + CutRecord.TOPIC_SUFFIX, 0, bytes(stream), CutJson.print(record)));
    }

    /** Something that no producer writes. */
    void foreign(String table) {
        send(new ProducerRecord<>(topic(table), 0, bytes("1"), bytes("hello")));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            client.send(record).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot write to " + record.topic(), failure);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
