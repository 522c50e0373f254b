package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Change.Kind;
import io.rowrelay.it.chaos.Evidence.Captured;
import io.rowrelay.it.chaos.Evidence.DeadLetter;
import io.rowrelay.it.chaos.Evidence.Effect;
import io.rowrelay.it.chaos.Evidence.Place;
import io.rowrelay.it.chaos.Evidence.Published;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads everything that there is to be compared. Used by one thread, when nothing changes any more. */
final class EvidenceReader {
    static final String TOPIC = "bf_employee_cdc";
    static final String DEAD_LETTER_TOPIC = "bf_employee_cdc_dlq";
    private static final String ROWS =
            "SELECT emp_id || '|' || concat_ws('|', first_name, coalesce(last_name, '(null)'), dob, city, salary) FROM employees";

    private final String sourceUrl;
    private final String destinationUrl;
    private final String bootstrapServers;
    private final Losses losses;

    EvidenceReader(String sourceUrl, String destinationUrl, String bootstrapServers, Losses losses) {
        this.sourceUrl = sourceUrl;
        this.destinationUrl = destinationUrl;
        this.bootstrapServers = bootstrapServers;
        this.losses = losses;
    }

    Evidence read(History history) {
        List<Published> topic = Topics.read(bootstrapServers, TOPIC).stream()
                .map(EvidenceReader::published)
                .toList();
        return new Evidence(
                history.byKey(),
                history.rows(),
                sourceRows(),
                destinationRows(),
                captured(),
                topic.stream().filter(record -> record.actionId() > 0).toList(),
                topic.stream().filter(record -> record.actionId() == 0).toList(),
                effects(),
                Topics.read(bootstrapServers, DEAD_LETTER_TOPIC).stream()
                        .map(EvidenceReader::deadLetter)
                        .toList(),
                losses);
    }

    Map<Integer, String> sourceRows() {
        return rows(sourceUrl);
    }

    Map<Integer, String> destinationRows() {
        return rows(destinationUrl);
    }

    private static Map<Integer, String> rows(String url) {
        Map<Integer, String> rows = new HashMap<>();
        for (String row : Databases.query(url, ROWS)) {
            String[] parts = row.split("\\|", 2);
            rows.put(Integer.parseInt(parts[0]), parts[1]);
        }
        return rows;
    }

    private List<Captured> captured() {
        return Databases.query(
                        sourceUrl,
                        "SELECT concat_ws(' ', action_id, action, emp_id, first_name) FROM emp_cdc ORDER BY action_id")
                .stream()
                .map(line -> line.split(" ", -1))
                .map(part -> new Captured(
                        Long.parseLong(part[0]),
                        new Change(Kind.valueOf(part[1]), Integer.parseInt(part[2]), Integer.parseInt(part[3]))))
                .toList();
    }

    private List<Effect> effects() {
        return Databases.query(
                        destinationUrl,
                        "SELECT concat_ws(' ', action_id, key, kind) FROM chaos_audit WHERE kind <> 'LATE' ORDER BY serial")
                .stream()
                .map(line -> line.split(" ", -1))
                .map(part -> new Effect(Long.parseLong(part[0]), Integer.parseInt(part[1]), part[2]))
                .toList();
    }

    private static Published published(ConsumerRecord<byte[], byte[]> record) {
        String value = text(record.value());
        boolean garbage = value.contains(Stranger.MARK);
        return new Published(
                garbage ? 0 : Topics.actionId(record.value()),
                garbage ? 0 : Integer.parseInt(text(record.key())),
                record.partition(),
                record.offset(),
                record.timestamp(),
                text(record.key()),
                value);
    }

    private static DeadLetter deadLetter(ConsumerRecord<byte[], byte[]> record) {
        return new DeadLetter(
                new Place(
                        Integer.parseInt(TopicClient.header(record, "__connect.errors.partition")),
                        Long.parseLong(TopicClient.header(record, "__connect.errors.offset"))),
                text(record.key()),
                text(record.value()),
                TopicClient.header(record, "__connect.errors.exception.message"));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
