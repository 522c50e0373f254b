package io.rowrelay.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A second table, with every type and the strangest names, replicated by configuration alone. */
@Timeout(300)
public class AwkwardTableIT {
    private static final String TABLE = "\"Order Line\"";
    private static final String COLUMNS = "FROM pg_attribute WHERE attrelid = '\"Order Line\"'::regclass"
            + " AND attnum > 0 AND NOT attisdropped AND attname <> 'action_id' ";

    @Test
    void brings_every_type_over_byte_by_byte_after_insert_update_key_change_and_delete() throws Exception {
        try (Pipeline pipeline = awkward().start()) {
            Databases.execute(pipeline.sourceUrl(), resource("rows.sql"));
            awaitSame(pipeline, 12);

            Databases.execute(pipeline.sourceUrl(), everyRowTakesTheValuesOfAnother(pipeline));
            awaitSame(pipeline, 12);

            Databases.execute(pipeline.sourceUrl(), """
                    UPDATE "Order Line" SET "key" = "key" || E' \\u00e9"\\\\', "select" = "select" / 2,
                        "a b" = CASE WHEN isfinite("a b") THEN "a b" + interval '1 microsecond' ELSE "a b" END
                    """);
            awaitSame(pipeline, 12);

            Databases.execute(pipeline.sourceUrl(), "DELETE FROM \"Order Line\" WHERE \"select\" <> 5");
            awaitSame(pipeline, 5);

            Databases.execute(pipeline.sourceUrl(), "TRUNCATE \"Order Line\"");
            awaitSame(pipeline, 0);
            assertThat(Databases.query(
                            pipeline.destinationUrl(),
                            "SELECT count(*) FROM cdc_tombstone WHERE stream = 'Order Line!'"))
                    .containsExactly("24");
        }
    }

    @Test
    void does_not_hang_on_how_the_databases_print_values() throws Exception {
        try (Pipeline pipeline = awkward()) {
            for (String setting : List.of(
                    "intervalstyle = 'sql_standard'",
                    "bytea_output = 'escape'",
                    "timezone = 'Asia/Kolkata'",
                    "datestyle = 'SQL, DMY'",
                    "extra_float_digits = -5",
                    "xmloption = 'document'",
                    "search_path = pg_catalog, public")) {
                alterDatabase(pipeline.sourceUrl(), "SET " + setting);
                alterDatabase(pipeline.destinationUrl(), "SET " + setting);
            }
            pipeline.start();
            try (Connection connection = Databases.connect(pipeline.sourceUrl())) {
                Databases.execute(connection, "SET xmloption = 'content'", resource("rows.sql"));
            }
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM public." + TABLE)
                            .equals(List.of("12")));

            alterDatabase(pipeline.sourceUrl(), "RESET ALL");
            alterDatabase(pipeline.destinationUrl(), "RESET ALL");
            awaitSame(pipeline, 12);
        }
    }

    @Test
    void takes_keys_of_any_type_that_can_be_one() throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("STREAM", "keys")
                .with("CHANGE_TABLE", "keys_cdc")
                .with("RECORD_SCHEMA", "none")) {
            String table = """
                    CREATE EXTENSION hstore;
                    CREATE TYPE pair AS (a int, b text);
                    CREATE TABLE keys (
                        a int[], b pair, c bytea, d boolean, e date, f float8, g numeric, h char(4), i int4range, j interval, k inet,
                        l hstore, v text, PRIMARY KEY (a, b, c, d, e, f, g, h, i, j, k, l))""";
            Databases.execute(pipeline.sourceUrl(), table, "SELECT cdc_capture('keys', 'keys_cdc')");
            Databases.execute(pipeline.destinationUrl(), table, "SELECT cdc_destination('keys')");
            pipeline.start();

            Databases.execute(pipeline.sourceUrl(), """
                    INSERT INTO keys VALUES
                    ('{1,2}', '(1,x)', '\\x00', true, '2026-01-01', 1e21, 1.50, 'a', '[1,2)', '1 day', '::1', 'a=>1', 'ordinary'),
                    ('[0:1]={1,2}', '(,)', '\\x', false, 'infinity', 'NaN', 'NaN', '', 'empty', '-1 mons +2 days', '1.2.3.4/8', '', 'odd')
                    """);
            pipeline.awaitEqual("keys");
            Databases.execute(pipeline.sourceUrl(), "UPDATE keys SET v = v || '!'");
            pipeline.awaitEqual("keys");
            assertThat(pipeline.destinationRows("keys")).hasSize(2);
            Databases.execute(pipeline.sourceUrl(), "DELETE FROM keys");
            pipeline.awaitEqual("keys");
        }
    }

    public static Pipeline awkward() {
        Pipeline pipeline = Pipeline.create()
                .with("STREAM", "Order Line!")
                .with("SOURCE_TABLE", "public." + TABLE)
                .with("CHANGE_TABLE", "public.\"Order Line: changes\"")
                .with("DESTINATION_TABLE", "public." + TABLE)
                .with("RECORD_SCHEMA", "none")
                .with("KAFKA_MAX_REQUEST_SIZE", "16000000");
        Databases.execute(
                pipeline.sourceUrl(),
                resource("table.sql"),
                "SELECT cdc_capture('\"Order Line\"', '\"Order Line: changes\"')");
        Databases.execute(pipeline.destinationUrl(), resource("table.sql"), "SELECT cdc_destination('\"Order Line\"')");
        return pipeline;
    }

    /** Waits until every value is the same, printed alone, and every row, printed as a whole. */
    private static void awaitSame(Pipeline pipeline, int rows) {
        await().atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(differences(pipeline)).isEmpty());
        pipeline.awaitEqual(TABLE);
        assertThat(pipeline.destinationRows(TABLE)).hasSize(rows);
    }

    /** The values that are on one side only, at most so many as a person would read. */
    private static List<String> differences(Pipeline pipeline) {
        Set<String> source = values(pipeline.sourceUrl());
        Set<String> destination = values(pipeline.destinationUrl());
        return Stream.concat(
                        source.stream()
                                .filter(line -> !destination.contains(line))
                                .map(line -> "source only: " + line),
                        destination.stream()
                                .filter(line -> !source.contains(line))
                                .map(line -> "destination only: " + line))
                .limit(60)
                .toList();
    }

    /** Every value of the table on a line of its own, beside the names of its row and column. */
    private static Set<String> values(String url) {
        String columns = String.join(
                ", ",
                Databases.query(
                        url,
                        "SELECT format('(%L, %I::text, %I::text IS NULL)', attname, attname, attname) " + COLUMNS
                                + "ORDER BY attnum"));
        return new TreeSet<>(Databases.query(url, """
                SELECT format('%%s %%L %%s: %%s', "select", "key", name, CASE WHEN missing THEN 'is NULL'
                              WHEN length(printed) > 200 THEN md5(printed) ELSE quote_literal(printed) END)
                FROM "Order Line" CROSS JOIN LATERAL (VALUES %s) column_values(name, printed, missing)""".formatted(columns)));
    }

    private static String everyRowTakesTheValuesOfAnother(Pipeline pipeline) {
        String columns = Databases.query(
                        pipeline.sourceUrl(),
                        "SELECT quote_ident(attname) " + COLUMNS
                                + "AND attgenerated = '' AND attidentity = '' AND attname NOT IN ('select', 'key', 'a b')")
                .stream()
                .map(column -> column + " = other." + column)
                .collect(Collectors.joining(", "));
        return """
                WITH numbered AS (SELECT *, row_number() OVER (ORDER BY "select", "key") AS n FROM "Order Line")
                UPDATE "Order Line" t SET ident = DEFAULT, %s
                FROM numbered me JOIN numbered other ON me.n + other.n = 1 + (SELECT count(*) FROM numbered)
                WHERE (me."select", me."key", me."a b") = (t."select", t."key", t."a b")""".formatted(columns);
    }

    private static void alterDatabase(String url, String change) {
        Databases.execute(url, "ALTER DATABASE " + url.substring(url.lastIndexOf('/') + 1) + " " + change);
    }

    public static String resource(String name) {
        try (InputStream resource = AwkwardTableIT.class.getResourceAsStream("/awkward/" + name)) {
            return new String(Objects.requireNonNull(resource, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
