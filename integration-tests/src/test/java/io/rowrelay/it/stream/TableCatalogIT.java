package io.rowrelay.it.stream;

import static io.rowrelay.it.stack.Databases.execute;
import static io.rowrelay.it.stack.Databases.query;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.ColumnType;
import io.rowrelay.stream.table.DefinitionHash;
import io.rowrelay.stream.table.FenceColumn;
import io.rowrelay.stream.table.KeyPart;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.ValueOrigin;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the catalog tells of a table. */
@Timeout(120)
class TableCatalogIT {
    private final Pipeline pipeline = Pipeline.create();
    private Connection connection;

    @BeforeEach
    void open() {
        connection = pipeline.source();
        execute(
                connection,
                "CREATE SCHEMA app",
                "CREATE TYPE app.mood AS ENUM ('sad', 'ok')",
                "CREATE DOMAIN app.short AS varchar(10) NOT NULL",
                "CREATE DOMAIN app.shorter AS app.short",
                "CREATE TYPE app.\"Odd Pair\" AS (a int, b app.mood[], j json)",
                "CREATE TYPE app.mood_range AS RANGE (subtype = app.mood)");
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        pipeline.close();
    }

    @Test
    void reads_many_tables_at_once_and_leaves_out_what_is_not_there() throws Exception {
        execute(
                connection,
                "CREATE TABLE app.\"It's\" (id int PRIMARY KEY)",
                "CREATE VIEW app.seen AS SELECT 1 AS one");

        Map<String, Table> tables = TableCatalog.read(
                connection, List.of("emp_cdc", "nothing", "app.\"It's\"", "public.employees", "app.seen"));

        assertThat(tables.keySet()).containsExactly("emp_cdc", "app.\"It's\"", "public.employees", "app.seen");
        Table odd = requireNonNull(tables.get("app.\"It's\""));
        assertThat(odd.sqlName()).isEqualTo("app.\"It's\"");
        assertThat(odd.oid()).isEqualTo(Long.parseLong(one("SELECT 'app.\"It''s\"'::regclass::oid")));
        assertThat(requireNonNull(tables.get("public.employees")).columns())
                .extracting(Column::name)
                .containsExactly("emp_id", "first_name", "last_name", "dob", "city", "salary");
    }

    @Test
    void a_unique_index_over_columns_that_are_never_null_is_a_key_too() throws Exception {
        execute(
                connection,
                "CREATE TABLE k0 (a int NOT NULL, b int, UNIQUE (b))",
                "CREATE TABLE k1 (a int NOT NULL, b int NOT NULL, UNIQUE (b), UNIQUE (a))",
                "CREATE TABLE k2 (a int PRIMARY KEY, b int NOT NULL, c int UNIQUE NOT NULL)",
                "CREATE TABLE k3 (a int UNIQUE NOT NULL, b int NOT NULL, c int, UNIQUE (b) INCLUDE (c))",
                "CREATE UNIQUE INDEX k3_first ON k3 (b, a)",
                "ALTER TABLE k3 REPLICA IDENTITY USING INDEX k3_first",
                "CREATE TABLE k4 (a int NOT NULL, b int NOT NULL, UNIQUE (a) DEFERRABLE)",
                "CREATE UNIQUE INDEX ON k4 (b) WHERE b > 0",
                "CREATE UNIQUE INDEX ON k4 (abs(b))",
                "CREATE UNIQUE INDEX ON k4 (b, a)",
                "CREATE TABLE k5 (a int PRIMARY KEY DEFERRABLE)",
                "CREATE TABLE k6 (a int NOT NULL, b int, UNIQUE (a) INCLUDE (b))");
        Map<String, List<String>> keys = Map.of(
                "k0", List.of(),
                "k1", List.of("b"),
                "k2", List.of("a"),
                "k3", List.of("b", "a"),
                "k4", List.of("b", "a"),
                "k5", List.of("a"),
                "k6", List.of("a"));

        for (Map.Entry<String, List<String>> each : keys.entrySet()) {
            String table = each.getKey();
            assertThat(read(table).key()).as(table).extracting(Column::name).containsExactlyElementsOf(each.getValue());
            assertThat(query(
                            connection,
                            "SELECT column_name FROM rowrelay.columns('" + table
                                    + "') WHERE key_position IS NOT NULL ORDER BY key_position"))
                    .as("the scripts' rule for " + table)
                    .containsExactlyElementsOf(each.getValue());
        }
    }

    @Test
    void numbers_stay_with_the_columns_when_these_are_renamed() throws Exception {
        execute(connection, "CREATE TABLE t (a int, b int, c int)");
        execute(
                connection,
                "ALTER TABLE t DROP COLUMN b",
                "ALTER TABLE t RENAME COLUMN c TO d",
                "ALTER TABLE t ADD b int");

        assertThat(read("t").columns()).extracting(Column::number).containsExactly(1, 3, 4);
        assertThat(read("t").columns()).extracting(Column::name).containsExactly("a", "d", "b");
    }

    @Test
    void a_type_has_its_schema_whatever_the_search_path_is() throws Exception {
        execute(
                connection,
                "CREATE TABLE t (a app.mood, b app.mood[], c app.\"Odd Pair\", d numeric(12,2), e timestamp(3)[], f \"char\")");
        Table before = read("t");

        execute(connection, "SET search_path = app, public");

        assertThat(read("t")).isEqualTo(before);
        assertThat(before.columns())
                .extracting(column -> column.type().declared())
                .containsExactly(
                        "app.mood",
                        "app.mood[]",
                        "app.\"Odd Pair\"",
                        "numeric(12,2)",
                        "timestamp(3) without time zone[]",
                        "\"char\"");
        assertThat(before.columns().get(3).type().unmodified()).isEqualTo("numeric");
    }

    @Test
    void a_domain_is_made_of_its_base_type() throws Exception {
        execute(connection, "CREATE TABLE t (a app.shorter, b varchar(20))");

        ColumnType domain = read("t").columns().get(0).type();
        ColumnType plain = read("t").columns().get(1).type();

        assertThat(domain.declared()).isEqualTo("app.shorter");
        assertThat(domain.domain()).isTrue();
        assertThat(domain.refusesNull()).isTrue();
        assertThat(domain.base()).isEqualTo("character varying(10)");
        assertThat(domain.name()).isEqualTo("varchar");
        assertThat(domain.modifier()).isEqualTo(14);
        assertThat(plain.domain()).isFalse();
        assertThat(plain.refusesNull()).isFalse();
        assertThat(plain.base()).isEqualTo(plain.declared());
    }

    @Test
    void knows_how_values_stand_in_json_and_what_they_are_made_of() throws Exception {
        execute(
                connection,
                "CREATE TABLE t (a int, b int[], c app.\"Odd Pair\", d json, e jsonb, f json[], g app.mood_range, h app.shorter, i int2vector)");

        assertThat(read("t").columns())
                .extracting(column -> column.type().shape().name())
                .containsExactly(
                        "SCALAR", "ARRAY", "COMPOSITE", "JSON", "JSONB", "ARRAY", "SCALAR", "SCALAR", "SCALAR");
        assertThat(read("t").columns())
                .extracting(column -> column.type().textOnly())
                .containsExactly(false, false, true, false, false, true, false, false, false);
        assertThat(read("t").columns().get(2).type().enums()).isEqualTo(Map.of("app.mood", List.of("sad", "ok")));
        assertThat(read("t").columns().get(6).type().enums()).isEqualTo(Map.of("app.mood", List.of("sad", "ok")));
        assertThat(read("t").columns().get(0).type().enums()).isEmpty();
    }

    @Test
    void a_type_with_a_cast_to_json_is_kept_by_its_text_only() throws Exception {
        execute(
                connection,
                "CREATE TYPE app.cast_type AS (a int)",
                "CREATE FUNCTION app.as_json(app.cast_type) RETURNS json LANGUAGE sql RETURN '{}'::json",
                "CREATE CAST (app.cast_type AS json) WITH FUNCTION app.as_json(app.cast_type)",
                "CREATE TABLE t (a app.cast_type, b app.cast_type[])");

        assertThat(read("t").columns()).allMatch(column -> column.type().textOnly());
    }

    @Test
    void knows_where_values_come_from() throws Exception {
        execute(
                connection,
                "CREATE TABLE t (a int NOT NULL, b int DEFAULT 1 + 1, c int GENERATED ALWAYS AS IDENTITY,"
                        + " d int GENERATED BY DEFAULT AS IDENTITY, e int GENERATED ALWAYS AS (a + 1) STORED)");

        assertThat(read("t").columns())
                .extracting(Column::origin)
                .containsExactly(
                        ValueOrigin.NOTHING,
                        ValueOrigin.DEFAULT,
                        ValueOrigin.IDENTITY_ALWAYS,
                        ValueOrigin.IDENTITY_BY_DEFAULT,
                        ValueOrigin.STORED);
        assertThat(read("t").columns()).extracting(Column::notNull).containsExactly(true, false, true, true, false);
        assertThat(read("t").columns()).extracting(Column::expression).containsOnly("");
        assertThat(TableCatalog.findWithExpressions(connection, "t")
                        .orElseThrow()
                        .columns())
                .extracting(Column::expression)
                .containsExactly("", "(1 + 1)", "", "", "(a + 1)");
    }

    @Test
    void the_key_is_in_its_own_order_with_the_operators_of_its_index() throws Exception {
        execute(
                connection,
                "CREATE TABLE t (a text COLLATE \"C\", b text COLLATE \"en-x-icu\", c int, d int, e app.mood, PRIMARY KEY (e, a, b, c) INCLUDE (d))");

        Table table = read("t");

        assertThat(table.key()).extracting(Column::name).containsExactly("e", "a", "b", "c");
        KeyPart part = table.column("c").flatMap(Column::key).orElseThrow();
        assertThat(part)
                .isEqualTo(new KeyPart(
                        4,
                        "OPERATOR(pg_catalog.<)",
                        "OPERATOR(pg_catalog.<=)",
                        "OPERATOR(pg_catalog.=)",
                        "OPERATOR(pg_catalog.>=)",
                        "OPERATOR(pg_catalog.>)",
                        "int4"));
        assertThat(table.key())
                .extracting(column -> column.key().orElseThrow().order())
                .containsExactly("", "bytes of text in UTF8", "", "int4");
    }

    @Test
    void tells_a_deferrable_constraint_and_the_mark_of_the_fence() throws Exception {
        execute(
                connection,
                "CREATE TABLE t (a int PRIMARY KEY, b bigint, UNIQUE (b) DEFERRABLE)",
                "CREATE TABLE u (a int)");
        execute(connection, "COMMENT ON COLUMN t.b IS 'Rowrelay: the change that the row shows'");

        assertThat(read("t").deferrable()).isTrue();
        assertThat(read("u").deferrable()).isFalse();
        assertThat(FenceColumn.marked(read("t")))
                .map(fence -> fence.column().name())
                .contains("b");
        assertThat(FenceColumn.of(read("u"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ADD c int",
                "DROP COLUMN b",
                "RENAME COLUMN b TO c",
                "ALTER COLUMN b TYPE varchar(11)",
                "ALTER COLUMN b TYPE varchar(10) COLLATE \"C\"",
                "ALTER COLUMN b SET NOT NULL",
                "ALTER COLUMN b SET DEFAULT 'x'",
                "ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY"
            })
    void the_definition_is_another_after_a_column_was_altered(String change) throws Exception {
        execute(connection, "CREATE TABLE t (a int NOT NULL, b varchar(10))");
        Table before = read("t");
        assertThat(read("t")).isEqualTo(before);

        execute(connection, "ALTER TABLE t " + change);

        Table after = read("t");
        assertThat(after.definition())
                .isNotEqualTo(before.definition())
                .isEqualTo(Long.parseLong(one("SELECT " + DefinitionHash.sql("'t'::regclass"))));
    }

    @Test
    void waits_for_no_lock_unless_expressions_are_asked_for() throws Exception {
        execute(connection, "CREATE TABLE t (a int DEFAULT 1)");
        try (Connection altering = pipeline.source()) {
            execute(altering, "BEGIN", "LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            execute(connection, "SET lock_timeout = '5s'");

            assertThat(read("t").columns()).hasSize(1);
        }
    }

    private Table read(String name) throws Exception {
        return TableCatalog.find(connection, name).orElseThrow();
    }

    private String one(String sql) {
        return query(connection, sql).get(0);
    }
}
