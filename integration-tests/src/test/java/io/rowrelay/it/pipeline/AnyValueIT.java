package io.rowrelay.it.pipeline;

import static io.rowrelay.it.stack.Databases.execute;
import static io.rowrelay.it.stack.Databases.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.sandbox.stack.SqlScripts;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values and keys at the limits of JSON, of PostgreSQL and of the topics: they arrive, or one of them stops no other. */
@Timeout(240)
class AnyValueIT {
    private static final String STAGE = "__connect.errors.stage";
    private static final String REASON = "rowrelay.reason";

    @Test
    void json_arrives_as_the_text_that_it_is() throws Exception {
        try (Pipeline pipeline = prepared(
                        "CREATE DOMAIN document AS json; CREATE TYPE sheet AS (n int, doc json);"
                                + " CREATE TABLE t (id int PRIMARY KEY, doc json, own document, many json[], sheet sheet, b jsonb, v text)")
                .with("KAFKA_MAX_REQUEST_SIZE", "4000000")
                .start()) {
            List<String> documents = List.of(
                    "{\"a\": \"\\u0000\"}",
                    "\"\\ud800\"",
                    "\"\\u0041 \\/ \\u00e9 \\b\"",
                    "{\"\\u0000\": {\"a\": [\"\\udc00\", \"\\\\u0000\"]}}",
                    "{\"a\": 1, \"a\" : 2}",
                    "1e999999999",
                    "9".repeat(200_000),
                    "[".repeat(3_000) + "]".repeat(3_000),
                    "\"" + "é\\n".repeat(50_000) + "\"",
                    "{\"a\":\"plain\"}");
            try (Connection source = Databases.connect(pipeline.sourceUrl());
                    var insert = source.prepareStatement("INSERT INTO t VALUES (?, ?::json, ?::json, ARRAY[?::json],"
                            + " ROW(1, ?::json)::sheet, to_jsonb(?::text), E'\\b' || ?)")) {
                for (int i = 0; i < documents.size(); i++) {
                    insert.setInt(1, i);
                    for (int column = 2; column <= 7; column++) {
                        insert.setString(column, documents.get(i));
                    }
                    insert.execute();
                }
            }
            pipeline.awaitEqual("t");

            execute(pipeline.sourceUrl(), "UPDATE t SET v = id WHERE id % 2 = 0; DELETE FROM t WHERE id % 3 = 0");
            pipeline.awaitEqual("t");
            assertThat(pipeline.destinationRows("t")).hasSize(6);
        }
    }

    @Test
    void a_key_of_type_jsonb_can_be_anything_that_json_can() throws Exception {
        try (Pipeline pipeline = pipeline("CREATE TABLE t (k jsonb PRIMARY KEY, v int)")) {
            execute(pipeline.sourceUrl(), """
                    INSERT INTO t VALUES ('{"a": 1, "b": ["\\\\u0001"]}', 1), ('[1,2]', 2), ('"x"', 3), ('"5"', 4), ('5', 5), ('true', 6),
                    ('"true"', 7), ('[]', 8), ('""', 9), ('"\\""', 10), ('1e300', 11)""");
            pipeline.awaitEqual("t");

            execute(pipeline.sourceUrl(), "UPDATE t SET v = v + 100");
            pipeline.awaitEqual("t");
            execute(pipeline.sourceUrl(), "DELETE FROM t WHERE v % 2 = 1");
            pipeline.awaitEqual("t");
            assertThat(query(pipeline.destinationUrl(), "SELECT key FROM cdc_tombstone WHERE key IN ('5', '\"true\"')"))
                    .containsExactlyInAnyOrder("5", "\"true\"");
        }
    }

    @Test
    void the_operators_of_a_key_may_lie_outside_the_search_path() throws Exception {
        try (Pipeline pipeline = pipeline(
                "CREATE SCHEMA ext; CREATE EXTENSION ltree SCHEMA ext; CREATE EXTENSION citext SCHEMA ext;"
                        + " CREATE DOMAIN ext.name AS ext.citext; CREATE TABLE t (a ext.ltree, b ext.citext, c ext.name, v int, PRIMARY KEY (a, b, c))")) {
            execute(pipeline.sourceUrl(), "INSERT INTO t SELECT 'a.b', n::text, 'X', n FROM generate_series(1, 5) n");
            pipeline.awaitEqual("t");

            execute(pipeline.sourceUrl(), "DELETE FROM t WHERE v < 3; UPDATE t SET v = v * 2, c = 'x'");
            pipeline.awaitEqual("t");
            assertThat(pipeline.destinationRows("t")).hasSize(3);
        }
    }

    @Test
    void a_key_of_any_length_is_remembered_when_its_row_is_deleted() throws Exception {
        try (Pipeline pipeline = pipeline("CREATE TABLE t (k bytea PRIMARY KEY, v int)")) {
            execute(pipeline.sourceUrl(), """
                    INSERT INTO t SELECT decode(string_agg(md5(n::text), ''), 'hex'), 1 FROM generate_series(1, 94) n;
                    INSERT INTO t VALUES (decode(repeat('ab', 100000), 'hex'), 2), ('\\x01', 3)""");
            pipeline.awaitEqual("t");

            execute(pipeline.sourceUrl(), "DELETE FROM t WHERE v < 3");
            pipeline.awaitEqual("t");

            assertThat(query(pipeline.destinationUrl(), "SELECT key FROM cdc_tombstone"))
                    .hasSize(2)
                    .allSatisfy(key -> assertThat(key).startsWith("sha256:").hasSize(71));
        }
    }

    @Test
    void a_row_that_cannot_be_printed_stops_no_other() throws Exception {
        String table = "CREATE TABLE t (k text PRIMARY KEY, v text)";
        try (Pipeline pipeline = prepared(table)) {
            inSqlAscii(pipeline, table);
            pipeline.start();

            execute(pipeline.sourceUrl(), "INSERT INTO t SELECT n, 'good' FROM generate_series(1, 600) n");
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO t VALUES ('b1', 'before'), ('b2', E'\\377'), (E'b\\377', 'x'), ('b4', 'after')");
            execute(pipeline.sourceUrl(), "UPDATE t SET v = E'caf\\303\\251' WHERE k = '7'");

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> query(
                                    pipeline.destinationUrl(),
                                    "SELECT count(*) FROM t WHERE v IN ('good', 'before', 'after')"
                                            + " UNION ALL SELECT count(*) FROM t WHERE k = '7' AND v = 'café'")
                            .equals(List.of("601", "1")));
            List<ConsumerRecord<byte[], byte[]>> letters = pipeline.awaitDeadLetters(2);
            assertThat(letters)
                    .hasSize(2)
                    .allSatisfy(letter -> {
                        assertThat(TopicClient.header(letter, REASON)).isEqualTo("UNPRINTABLE");
                        assertThat(TopicClient.header(letter, STAGE)).isEqualTo("KAFKA_PRODUCE");
                        assertThat(text(letter.value())).matches("\\{\"action_id\":60[0-9]\\}");
                    })
                    .extracting(letter -> text(letter.key()))
                    .containsExactlyInAnyOrder("b2", "b\\377");

            execute(pipeline.sourceUrl(), "UPDATE t SET v = 'mended' WHERE k = 'b2'");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> query(pipeline.destinationUrl(), "SELECT v FROM t WHERE k = 'b2'")
                            .equals(List.of("mended")));
        }
    }

    @Test
    void a_dead_letter_that_its_topic_does_not_take_goes_with_less_and_then_as_a_reference() throws Exception {
        try (Pipeline pipeline = prepared("CREATE TABLE t (id int PRIMARY KEY, v text)")) {
            execute(pipeline.destinationUrl(), "ALTER TABLE t ADD CONSTRAINT short CHECK (length(v) < 1000)");
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(pipeline.deadLetterTopic(), 1, (short) 1)
                                .configs(Map.of("max.message.bytes", "20000"))))
                        .all()
                        .get();
            }
            pipeline.start();

            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO t SELECT n, repeat('x', n) FROM unnest(ARRAY[10, 17000, 18600, 30000, 11]) n");

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> pipeline.destinationRows("t").size() == 2);
            List<ConsumerRecord<byte[], byte[]>> letters = pipeline.awaitDeadLetters(3);
            try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
                // The one header that a reference takes over.
                client.send(pipeline.topic(), "1", "forged", "rowrelay.replays", "x".repeat(30_000));
            }
            assertThat(pipeline.awaitDeadLetters(4)).hasSize(4);
            assertThat(letters)
                    .allSatisfy(letter ->
                            assertThat(TopicClient.header(letter, REASON)).contains("23514"));
            assertThat(letters)
                    .filteredOn(letter -> TopicClient.header(letter, STAGE).equals("TASK_PUT"))
                    .extracting(letter -> text(letter.key()))
                    .containsExactlyInAnyOrder("17000", "18600");
            assertThat(letters)
                    .filteredOn(letter -> TopicClient.header(letter, STAGE).equals("KAFKA_PRODUCE"))
                    .singleElement()
                    .satisfies(letter -> {
                        assertThat(text(letter.key())).isEqualTo("30000");
                        assertThat(text(letter.value()))
                                .startsWith("{\"topic\":\"" + pipeline.topic() + "\",\"partition\":")
                                .contains("\"offset\":" + TopicClient.header(letter, "__connect.errors.offset"));
                    });
        }
    }

    @Test
    void a_row_with_a_key_that_no_topic_takes_stops_no_other() throws Exception {
        try (Pipeline pipeline =
                prepared("CREATE TABLE t (k text PRIMARY KEY, v int)").with("KAFKA_MAX_REQUEST_SIZE", "100000")) {
            pipeline.start();
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO t VALUES ('a', 1), (repeat('x', 200000), 2), (repeat('y', 80000), 3), ('b', 4)");

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> pipeline.destinationRows("t").size() == 2);
            assertThat(pipeline.awaitDeadLetters(2)).allSatisfy(letter -> {
                assertThat(letter.key()).isNull();
                assertThat(text(letter.value())).contains("\"key_bytes\":");
            });
        }
    }

    /** Both daemons run, for table {@code t}. */
    private static Pipeline pipeline(String table) {
        return prepared(table).start();
    }

    private static Pipeline prepared(String table) {
        Pipeline pipeline = Pipeline.create()
                .with("STREAM", "values")
                .with("SOURCE_TABLE", "t")
                .with("DESTINATION_TABLE", "t")
                .with("CHANGE_TABLE", "t_cdc")
                .with("TOPIC_PARTITIONS", "1")
                .with("RECORD_SCHEMA", "none");
        execute(pipeline.sourceUrl(), table, "SELECT cdc_capture('t', 't_cdc')");
        execute(pipeline.destinationUrl(), table, "SELECT cdc_destination('t')");
        return pipeline;
    }

    private static void inSqlAscii(Pipeline pipeline, String table) throws Exception {
        String url = pipeline.sourceUrl();
        String server = url.substring(0, url.lastIndexOf('/') + 1);
        String database = pipeline.topic() + "_ascii";
        execute(
                server + "postgres",
                "CREATE DATABASE " + database + " ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
        pipeline.with("SOURCE_DB_URL", server + database);
        try (Connection connection = Databases.connect(pipeline.sourceUrl())) {
            SqlScripts.withExample(SqlScripts.findDirectory(), "source").runOn(connection);
        }
        execute(pipeline.sourceUrl(), table, "SELECT cdc_capture('t', 't_cdc')");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
