package io.rowrelay.it.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Pipeline;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holds {@code docs/reference/metrics.md} to what the daemons expose. */
@Timeout(180)
class MetricsDocumentIT {
    private static final Pattern TYPE = Pattern.compile("^# TYPE (rowrelay_[a-z_]+) ([a-z]+)$", Pattern.MULTILINE);
    private static final Pattern HELP = Pattern.compile("^# HELP (rowrelay_[a-z_]+) (.+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
    /** Every number has the first; the second is that of a histogram's buckets. */
    private static final Set<String> OF_ALL = Set.of("stream", "le");

    @Test
    void every_metric_of_ours_is_in_the_document_as_it_is_and_no_other() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                DaemonProcess producer = new DaemonProcess("producer", pipeline.environment()).awaitReady();
                DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment()).awaitReady()) {
            Employees.insertKeys(pipeline.sourceUrl(), 1, 1);
            pipeline.awaitEqual();
            Map<String, MetricsDocument.Line> documented = MetricsDocument.linesOf("");

            Map<String, String> ofProducer =
                    typesAndLabels(producer.get("/metrics").body());
            Map<String, String> ofConsumer =
                    typesAndLabels(consumer.get("/metrics").body());

            assertThat(ofProducer).isEqualTo(documentedFor("producer", documented));
            assertThat(ofConsumer).isEqualTo(documentedFor("consumer", documented));
            assertThat(documented).allSatisfy(MetricsDocumentIT::hasTheUnitOfItsName);
            assertThat(helps(producer)).allSatisfy((name, help) -> says(requireNonNull(documented.get(name)), help));
            assertThat(helps(consumer)).allSatisfy((name, help) -> says(requireNonNull(documented.get(name)), help));
            // What alerts and dashboard use beside ours.
            assertThat(producer.get("/metrics").body()
                            + consumer.get("/metrics").body())
                    .contains(
                            "logback_events_total{",
                            "process_start_time_seconds{",
                            "jvm_memory_used_bytes{",
                            "level=\"error\"",
                            "area=\"heap\"");
        }
    }

    @Test
    void every_metric_of_a_stream_of_many_tables_is_in_the_document_and_on_the_page() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            pipeline.with("STREAM", pipeline.topic()).with("CAPTURE_CHECK_INTERVAL", "1s");
            Databases.execute(
                    pipeline.sourceUrl(),
                    "CREATE SCHEMA shop; CREATE TABLE shop.orders (id int PRIMARY KEY, total int);"
                            + " CREATE TABLE shop.\"an idle one\" (id int PRIMARY KEY)");
            AdminRun.expecting(0, pipeline.environment(), "init", "--tables", "shop.*");
            Databases.execute(
                    pipeline.destinationUrl(), "ALTER TABLE shop.orders ADD CONSTRAINT small CHECK (total < 1000)");
            try (DaemonProcess producer = new DaemonProcess("producer", pipeline.environment()).awaitReady();
                    DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment()).awaitReady()) {
                Databases.execute(pipeline.sourceUrl(), "INSERT INTO shop.orders VALUES (1, 1), (2, 2), (3, 1000)");
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> consumer.get("/metrics")
                                .body()
                                .matches("(?s).*\\nrowrelay_cut_broken_seconds\\{[^}]*} (?!0\\.0).*"));
                Map<String, MetricsDocument.Line> documented = MetricsDocument.linesOf("Streams of many tables");

                assertThat(typesAndLabels(producer.get("/metrics").body()))
                        .containsAllEntriesOf(documentedFor("producer", documented));
                assertThat(typesAndLabels(consumer.get("/metrics").body()))
                        .containsAllEntriesOf(documentedFor("consumer", documented));
                assertThat(documented).allSatisfy(MetricsDocumentIT::hasTheUnitOfItsName);
                Map<String, MetricsDocument.Line> all = MetricsDocument.lines();
                assertThat(helps(producer)).allSatisfy((name, help) -> says(requireNonNull(all.get(name)), help));
                assertThat(helps(consumer)).allSatisfy((name, help) -> says(requireNonNull(all.get(name)), help));
                assertThat(producer.get("/status.json").body())
                        .contains("\"shop.\\\"an idle one\\\"\":{}", "\"shop.orders\":{\"changes.published\":3.0,");
                assertThat(consumer.get("/status.json").body())
                        .contains("\"tables\":{\"shop.orders\":{\"changes.applied\":3.0,\"records.deadlettered\":1.0}}")
                        .contains("\"dead_letters\":{\"destination\":1.0");

                AdminRun.expecting(0, pipeline.environment(), "pause", "--table", "shop.orders");
                Databases.execute(pipeline.sourceUrl(), "INSERT INTO shop.orders VALUES (4, 4)");
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> consumer.get("/status.json")
                                .body()
                                .contains("\"changes.applied\":3.0,\"paused\":1.0,"));

                Databases.execute(pipeline.sourceUrl(), "ALTER TABLE shop.orders DISABLE TRIGGER USER");
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> producer.get("/metrics")
                                .body()
                                .matches("(?s).*\\nrowrelay_table_unsound\\{[^}]*shop.orders\"} 1\\.0.*"));
            }
        }
    }

    private static Map<String, String> helps(DaemonProcess daemon) throws Exception {
        return HELP.matcher(daemon.get("/metrics").body())
                .results()
                // The largest of a histogram has the histogram's text.
                .filter(help -> !help.group(1).endsWith("_max"))
                .collect(Collectors.toMap(help -> help.group(1), help -> help.group(2)));
    }

    private static void says(MetricsDocument.Line line, String help) {
        assertThat(line.meaning()).containsIgnoringCase(help);
    }

    private static Map<String, String> documentedFor(String daemon, Map<String, MetricsDocument.Line> documented) {
        return documented.entrySet().stream()
                .filter(line -> line.getValue().daemons().contains(daemon))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        line -> line.getValue().type() + " " + line.getValue().labels(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static Map<String, String> typesAndLabels(String scraped) {
        Map<String, String> found = new TreeMap<>();
        TYPE.matcher(scraped)
                .results()
                .forEach(type -> found.put(type.group(1), type.group(2) + " " + labels(scraped, type.group(1))));
        return found;
    }

    private static Set<String> labels(String scraped, String name) {
        return scraped.lines()
                .filter(line -> line.matches(name + "(_bucket|_sum|_count)?\\{.*"))
                .flatMap(line -> LABEL.matcher(line).results().map(label -> label.group(1)))
                .filter(label -> !OF_ALL.contains(label))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Prometheus' convention: a name ends with its unit, a counter's with _total. */
    private static void hasTheUnitOfItsName(String name, MetricsDocument.Line line) {
        assertThat(name.endsWith("_total")).as(name).isEqualTo(line.type().equals("counter"));
        for (String unit : Set.of("seconds", "bytes")) {
            assertThat(name.matches(".*_" + unit + "(_max)?"))
                    .as(name)
                    .isEqualTo(line.unit().equals(unit));
        }
    }
}
