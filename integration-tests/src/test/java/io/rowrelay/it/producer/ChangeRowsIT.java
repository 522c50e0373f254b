package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.EmployeesStream;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.jdbc.ChangeRows;
import io.rowrelay.producer.jdbc.JdbcSourceDatabase;
import io.rowrelay.producer.jdbc.JsonRows;
import io.rowrelay.producer.jdbc.PageStatements;
import io.rowrelay.producer.jdbc.TextRows;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A change that is printed from the texts of its columns is, to the byte, what the server's row_to_json makes of it. */
@Timeout(180)
class ChangeRowsIT {
    private static final int LARGEST = 900_000;
    private static final int NARROW = 8_192;

    private static final List<String> SCALARS = List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "numeric(30,5)",
            "text",
            "varchar",
            "varchar(40)",
            "uuid",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamp(0)",
            "timestamptz",
            "interval");

    private static final List<String> VALUES = List.of(
            "true",
            "false",
            "0",
            "-0",
            "1",
            "-1",
            "32767",
            "-2147483648",
            "9223372036854775807",
            "1e21",
            "-1.5e-7",
            "1e-5",
            "0.1",
            "12345678901234567890.12345",
            "1e300",
            "-1e400",
            "NaN",
            "Infinity",
            "-Infinity",
            "infinity",
            "",
            "N",
            "null",
            "I am",
            "{\"a\": [1]}",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "2024-02-29",
            "0044-03-15 BC",
            "5874897-12-31",
            "294276-12-31 23:59:59.999999",
            "4713-01-01 00:00:00 BC",
            "24:00:00",
            "23:59:59.600000+05:30",
            "2024-02-29 12:00:00.000001-11",
            "1 year 2 mons -3 days 04:05:06.7",
            "-00:00:01");

    private final Pipeline pipeline = Pipeline.create();
    private Connection writer;
    private Connection producer;

    @BeforeEach
    void open() throws Exception {
        writer = pipeline.source();
        producer = pipeline.source();
        JdbcSourceDatabase.prepare(producer);
        execute(producer, "SET timezone = 'UTC'");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void every_scalar_type_with_every_value() throws Exception {
        List<String> columns = IntStream.range(0, SCALARS.size())
                .mapToObj(i -> "c" + i + " " + SCALARS.get(i))
                .toList();
        ChangeTable table = captured("(id int PRIMARY KEY, " + String.join(", ", columns) + ")");
        execute(writer, "INSERT INTO t (id) VALUES (0)");
        int written = 1;
        for (int column = 0; column < SCALARS.size(); column++) {
            for (String value : VALUES) {
                written += written(column, value, written);
            }
        }

        assertThat(sameFromBoth(table)).hasSize(written).hasSizeGreaterThan(SCALARS.size() * 5);
    }

    /** One when the column takes the value, else none. */
    private int written(int column, String value, int id) throws SQLException {
        try (PreparedStatement insert = writer.prepareStatement(
                "INSERT INTO t (id, c" + column + ") VALUES (?, ?::text::" + SCALARS.get(column) + ")")) {
            insert.setInt(1, id);
            insert.setString(2, value);
            return insert.executeUpdate();
        } catch (SQLException refused) {
            assertThat(refused.getSQLState()).startsWith("22");
            return 0;
        }
    }

    @Test
    void every_character_and_any_text() throws Exception {
        ChangeTable table = captured("(id int PRIMARY KEY, a text, b varchar)");
        Random random = new Random(42);
        List<String> texts = new ArrayList<>();
        IntStream.rangeClosed(1, 0x2ff).mapToObj(Character::toString).forEach(texts::add);
        texts.addAll(
                List.of("\u2028\u2029", "\ufeff", "\ufffd", "\ud83d\ude00", "\\u0041", "\\\\", "\"\"", "\n\n", "x\t"));
        for (int i = 0; i < 500; i++) {
            texts.add(random.ints(random.nextInt(40), 1, 0x250)
                    .map(character -> random.nextInt(4) == 0 ? character % 0x60 + 1 : character)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
        }
        try (PreparedStatement insert = writer.prepareStatement("INSERT INTO t VALUES (?, ?, ? || 'z')")) {
            for (int i = 0; i < texts.size(); i++) {
                insert.setInt(1, i);
                insert.setString(2, texts.get(i));
                insert.setString(3, texts.get(i));
                insert.addBatch();
            }
            insert.executeBatch();
        }

        assertThat(sameFromBoth(table)).hasSize(texts.size());
    }

    @Test
    void any_name() throws Exception {
        ChangeTable table = captured("""
                (column0 int PRIMARY KEY, "a""b" int, "back\\slash" text, "tab\there" text, narrow text, change_key text,
                 changed_at_micros text, "é" text, "f.narrow" text, "?" text, "%s" text, "Column1" text)""");
        execute(writer, "INSERT INTO t VALUES (1, 2, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j')");

        assertThat(sameFromBoth(table)).hasSize(1);
    }

    @Test
    void any_key() throws Exception {
        for (String key :
                List.of("text", "uuid", "float8", "numeric", "bool", "date", "timestamptz", "interval", "int4[]")) {
            ChangeTable table = captured("(k " + key + " PRIMARY KEY, v text)");
            for (String value :
                    List.of("1", "NaN", "a\"b", "2026-01-01", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "{1,2}")) {
                written(key, value);
            }
            assertThat(sameFromBoth(table)).as(key).isNotEmpty();
            execute(writer, "SELECT cdc_uncapture('t')", "DROP TABLE t, t_cdc");
        }
        ChangeTable table = captured("(a text, b int, c timestamptz, v text, PRIMARY KEY (b, a, c))");
        execute(writer, "INSERT INTO t VALUES ('x\"y', 7, '2026-01-01 12:00', 'v')");
        assertThat(sameFromBoth(table))
                .extracting(change -> text(change.key()))
                .containsExactly("[7, \"x\\\"y\", \"2026-01-01T12:00:00+00:00\"]");
    }

    private void written(String type, String value) throws SQLException {
        try (PreparedStatement insert = writer.prepareStatement("INSERT INTO t VALUES (?::text::" + type + ", 'v')")) {
            insert.setString(1, value);
            insert.executeUpdate();
        } catch (SQLException refused) {
            assertThat(refused.getSQLState()).startsWith("22");
        }
    }

    @Test
    void any_time_of_the_change() throws Exception {
        ChangeTable table = captured("(id int PRIMARY KEY)");
        execute(writer, "INSERT INTO t SELECT generate_series(1, 6)", "SET timezone = 'UTC'");
        List<String> times = List.of(
                "2026-11-27 07:00:00+00",
                "2026-11-27 07:00:00.1+00",
                "2026-02-03 04:05:06.000001+05:30",
                "0001-01-01 00:00:00 BC",
                "12026-01-01 23:59:59",
                "0099-12-31 00:00:00");
        for (int i = 0; i < times.size(); i++) {
            execute(writer, "UPDATE t_cdc SET changed_at = '" + times.get(i) + "' WHERE id = " + (i + 1));
        }

        assertThat(sameFromBoth(table))
                .extracting(change -> text(change.value()))
                .contains(
                        "{\"action_id\":3,\"action\":\"INSERT\",\"changed_at\":\"2026-02-02T22:35:06.000001+00:00\",\"id\":3}",
                        "{\"action_id\":4,\"action\":\"INSERT\",\"changed_at\":\"0001-01-01T00:00:00+00:00 BC\",\"id\":4}");
    }

    @Test
    void a_wide_value_is_not_read() throws Exception {
        ChangeTable table = captured("(id int PRIMARY KEY, a text, b numeric, c varchar, d int)");
        execute(
                writer,
                "INSERT INTO t VALUES (1, repeat('x', " + NARROW + "), NULL, NULL, 1)",
                "INSERT INTO t VALUES (2, repeat('x', " + (NARROW - 1) + "), 10, NULL, 1)",
                "INSERT INTO t VALUES (3, repeat('x', 8000), 1e200, '', 1)",
                "INSERT INTO t VALUES (4, NULL, 1e100000, NULL, 1)",
                "INSERT INTO t VALUES (5, repeat('é', 4000), NULL, repeat('é', 200), 1)",
                "INSERT INTO t VALUES (6, repeat(E'\\x01', 8000), NULL, NULL, 1)");

        assertThat(read(
                        table,
                        TextRows.of(EmployeesStream.TABLE, table, LARGEST).orElseThrow()))
                .extracting(change -> change == null ? null : change.actionId())
                .containsExactly(1L, null, null, null, null, 6L);
        assertThat(read(table, TextRows.of(EmployeesStream.TABLE, table, 48_000).orElseThrow())
                        .get(5))
                .isNull();
    }

    @Test
    void other_tables_are_printed_by_the_server() throws Exception {
        for (String type : List.of("json", "jsonb", "int[]", "bytea", "char(3)", "point", "int4range", "name")) {
            ChangeTable table = captured("(id int PRIMARY KEY, v " + type + ")");
            assertThat(TextRows.of(EmployeesStream.TABLE, table, LARGEST))
                    .as(type)
                    .isEmpty();
            execute(writer, "SELECT cdc_uncapture('t')", "DROP TABLE t, t_cdc");
        }
    }

    private ChangeTable captured(String definition) throws Exception {
        execute(writer, "CREATE TABLE t " + definition, "SELECT cdc_capture('t', 't_cdc')");
        ChangeTable table = ChangeTableCatalog.read(producer, "t", "t_cdc");
        producer.commit();
        return table;
    }

    /** The changes, which are the same in both forms. */
    private List<Change> sameFromBoth(ChangeTable table) throws SQLException {
        List<@Nullable Change> printedHere =
                read(table, TextRows.of(EmployeesStream.TABLE, table, LARGEST).orElseThrow());
        List<@Nullable Change> printedThere = read(table, new JsonRows(EmployeesStream.TABLE, table));

        assertThat(printedHere)
                .doesNotContainNull()
                .map(ChangeRowsIT::shown)
                .isEqualTo(printedThere.stream().map(ChangeRowsIT::shown).toList());
        return List.copyOf(printedHere);
    }

    private static List<Object> shown(Change change) {
        return List.of(
                change.actionId(),
                text(change.key()),
                text(change.value()),
                change.valueBytes(),
                change.changedAtMicros());
    }

    private static String text(byte @Nullable [] utf8) {
        return utf8 == null ? "none" : new String(utf8, StandardCharsets.UTF_8);
    }

    /** Null where the form does not know the size. */
    private List<@Nullable Change> read(ChangeTable table, ChangeRows form) throws SQLException {
        List<@Nullable Change> changes = new ArrayList<>();
        try (PreparedStatement statement = producer.prepareStatement(new PageStatements(table, form).smallWindow())) {
            statement.setString(1, "3:3:");
            statement.setInt(2, 100_000);
            statement.setString(3, "3:3:");
            statement.setInt(4, 100_000);
            statement.setInt(5, 100_000);
            statement.setInt(6, NARROW);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Optional<Change> change = form.change(row, row.getLong(ChangeRows.ACTION_ID));
                    changes.add(change.orElse(null));
                }
            }
        }
        producer.commit();
        return changes;
    }
}
