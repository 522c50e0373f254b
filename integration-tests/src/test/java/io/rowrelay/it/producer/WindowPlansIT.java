package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.EmployeesStream;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.producer.jdbc.ChangeRows;
import io.rowrelay.producer.jdbc.FlushRule;
import io.rowrelay.producer.jdbc.JdbcSourceDatabase;
import io.rowrelay.producer.jdbc.JsonRows;
import io.rowrelay.producer.jdbc.PageStatements;
import io.rowrelay.producer.jdbc.Reading;
import io.rowrelay.producer.jdbc.SourceOptions;
import io.rowrelay.producer.jdbc.TextRows;
import io.rowrelay.producer.jdbc.WindowReader;
import io.rowrelay.producer.jdbc.WindowWork;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The producer's statements on a large change table, planned as in its own session: generic plans, made when the table
 * was empty, never analysed or analysed. What they cost is counted in buffers, which no load on the machine changes; the
 * table has about 5,000.
 */
@Timeout(180)
class WindowPlansIT {
    private static final int LARGE = 300_000;
    private static final int LARGEST_VALUE = 900_000;
    /** A few descents of an index and a few pages. */
    private static final int FEW_BUFFERS = 60;
    /** A page of 5,000 rows and its index entries. */
    private static final int PAGE_OF_BUFFERS = 800;

    private static final String SMALL_WINDOW = "small";
    private static final String OPEN_WINDOW = "open";
    private static final String PAGE_OF_WINDOW = "page";

    /** What the planner knew of the table when it made the plans, which last as long as the session. */
    enum Statistics {
        NONE,
        EMPTY,
        TRUE
    }

    private final Pipeline pipeline = Pipeline.create();
    private Connection writer;
    private Connection producer;
    private ChangeTable table;

    @BeforeEach
    void open() throws Exception {
        writer = pipeline.source();
        execute(writer, "ALTER TABLE emp_cdc SET (autovacuum_enabled = false)");
        producer = pipeline.source();
        JdbcSourceDatabase.prepare(producer);
        execute(producer, "SET timezone = 'UTC'");
        table = ChangeTableCatalog.read(producer, "employees", "emp_cdc");
        define(TextRows.of(EmployeesStream.TABLE, table, LARGEST_VALUE).orElseThrow());
    }

    private void define(ChangeRows form) {
        PageStatements statements = new PageStatements(table, form);
        define(SMALL_WINDOW, "text, int, text, int, int, int", statements.smallWindow());
        define(OPEN_WINDOW, "text, text", statements.openWindow());
        define(PAGE_OF_WINDOW, "bigint, text, text, int, text, text, bigint, int, int, int", statements.pageOfWindow());
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @ParameterizedTest
    @EnumSource
    void every_statement_reads_through_the_index_meant_for_it(Statistics statistics) throws Exception {
        if (statistics == Statistics.EMPTY) {
            execute(writer, "ANALYZE emp_cdc");
            explainAll("3:3:", "3:3:");
        }
        fill(LARGE);
        if (statistics == Statistics.TRUE) {
            execute(writer, "ANALYZE emp_cdc");
        }
        String checkpoint = snapshot();
        fill(3);

        assertThat(smallWindow(checkpoint).text())
                .contains("emp_cdc_xid_action_id_idx")
                .doesNotContain("emp_cdc_pkey", "Seq Scan on emp_cdc", "Merge Join", "Hash Join");
        assertThat(openWindow(checkpoint).text())
                .contains("emp_cdc_xid_action_id_idx")
                .doesNotContain("emp_cdc_pkey", "Seq Scan on emp_cdc", "Merge Join", "Hash Join");
        assertThat(pageOfWindow(checkpoint, snapshot(), LARGE, 0).text())
                .contains("Merge Append", "Index Scan using emp_cdc_pkey", "Index Scan using emp_cdc_xid_action_id_idx")
                .doesNotContain("Seq Scan on emp_cdc", "Merge Join", "Hash Join", "CTE Scan");
    }

    @ParameterizedTest
    @EnumSource
    void a_look_at_the_tail_costs_little_whatever_lies_before_it(Statistics statistics) throws Exception {
        if (statistics == Statistics.EMPTY) {
            execute(writer, "ANALYZE emp_cdc");
            explainAll("3:3:", "3:3:");
        }
        fill(LARGE);
        if (statistics == Statistics.TRUE) {
            execute(writer, "ANALYZE emp_cdc");
        }
        String checkpoint = snapshot();

        assertThat(smallWindow(checkpoint).buffers()).as("nothing new").isLessThan(FEW_BUFFERS);
        fill(3);
        assertThat(smallWindow(checkpoint).buffers()).as("three rows").isLessThan(FEW_BUFFERS);
        assertThat(openWindow(checkpoint).buffers()).as("three rows measured").isLessThan(FEW_BUFFERS);
    }

    @Test
    void a_long_transaction_costs_nothing_while_it_is_open_and_once_when_it_has_ended() throws Exception {
        Connection longOne = pipeline.source();
        execute(longOne, "BEGIN", rows(10_000));
        fill(LARGE);
        String checkpoint = snapshot();
        fill(3);
        assertThat(smallWindow(checkpoint).buffers()).as("while it is open").isLessThan(FEW_BUFFERS);

        execute(longOne, "COMMIT");
        assertThat(smallWindow(checkpoint).buffers())
                .as("the try whether its window is small")
                .isLessThan(PAGE_OF_BUFFERS);
        assertThat(pageOfWindow(checkpoint, snapshot(), LARGE + 10_000, 5_000).buffers())
                .as("a page of it, from the middle")
                .isLessThan(PAGE_OF_BUFFERS);
        assertThat(smallWindow(snapshot()).buffers()).as("after its window").isLessThan(FEW_BUFFERS);
    }

    /** Then xmax of every snapshot stays at that transaction, and all that it writes is above it. */
    @Test
    void the_latest_transaction_costs_nothing_while_it_is_open_and_nobody_else_writes() throws Exception {
        fill(1_000);
        Connection bulk = pipeline.source();

        // Autovacuum is somebody else too, in whatever database of the server: then it is tried again.
        await().atMost(Pipeline.PATIENCE).until(() -> {
            String checkpoint = snapshot();
            execute(bulk, "BEGIN", rows(LARGE));
            Plan small = smallWindow(checkpoint);
            Plan open = openWindow(checkpoint);
            boolean alone = Databases.query(
                            bulk, "SELECT pg_snapshot_xmax(pg_current_snapshot()) <= pg_current_xact_id()")
                    .equals(List.of("t"));
            execute(bulk, "ROLLBACK");
            if (alone) {
                assertThat(small.buffers()).isLessThan(FEW_BUFFERS);
                assertThat(open.buffers()).isLessThan(FEW_BUFFERS);
            }
            return alone;
        });
    }

    @Test
    void a_page_costs_a_page_at_the_beginning_and_at_the_end_of_a_huge_window() throws Exception {
        String checkpoint = snapshot();
        fill(LARGE);
        String end = snapshot();
        fill(3);

        assertThat(pageOfWindow(checkpoint, end, 0, 0).buffers()).isLessThan(PAGE_OF_BUFFERS);
        assertThat(pageOfWindow(checkpoint, end, LARGE / 2, LARGE / 2).buffers())
                .isLessThan(PAGE_OF_BUFFERS);
        assertThat(pageOfWindow(checkpoint, end, LARGE - 10, LARGE - 10).buffers())
                .isLessThan(FEW_BUFFERS);
    }

    @Test
    void rows_are_printed_one_by_one_as_they_are_fetched_and_never_sorted_once_printed() throws Exception {
        fill(100);
        execute(producer, "DEALLOCATE ALL");
        define(new JsonRows(EmployeesStream.TABLE, table));

        assertThat(smallWindow("3:3:").text()).startsWith("Nested Loop");
        assertThat(pageOfWindow("3:3:", snapshot(), 0, 0).text()).startsWith("Nested Loop");
    }

    @Test
    void a_large_window_is_read_in_pages_each_change_once_in_order() throws Exception {
        fill(1_000);
        Connection longOne = pipeline.source();
        execute(longOne, "BEGIN", rows(7_000));
        WindowReader reader = reader(5_000, new WindowWork());
        List<Long> first = new ArrayList<>();
        Checkpoint published = readAll(reader, new Checkpoint("3:3:", null, 0, 0), first);
        assertThat(first).hasSize(1_000).isSorted();
        execute(writer, rows(20_000));
        published = readAll(reader, published, new ArrayList<>());
        execute(writer, rows(60_000), rows(1), rows(700));
        execute(longOne, "COMMIT");

        List<Long> window = new ArrayList<>();
        published = readAll(reader, published, window);

        assertThat(window)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(7_000 + 60_000 + 1 + 700)
                .startsWith(1_001L, 1_002L)
                .contains(28_001L);
        assertThat(published.windowSnapshot()).isNull();
        assertThat(published.highestActionId()).isEqualTo(1_000 + 7_000 + 20_000 + 60_701);
    }

    @Test
    void what_statements_of_a_thousand_rows_have_written_is_read_without_being_measured() throws Exception {
        String checkpoint = snapshot();
        execute(writer, rows(1_000), rows(1_000));
        WindowReader reader = reader(5_000, neverPaging());

        Page page = reader.read(new Checkpoint(checkpoint, null, 0, 0));

        assertThat(page.changes()).hasSize(2_000);
    }

    private static WindowWork neverPaging() {
        return new WindowWork(new LongWork(() -> {
            throw new AssertionError("the window was paged");
        }));
    }

    /** A window that is read as a small one and is not has been read for nothing. */
    @Test
    void after_a_large_window_the_next_is_measured_and_after_a_small_one_no_more() throws Exception {
        String checkpoint = snapshot();
        fill(2_001);
        WindowWork work = new WindowWork();
        WindowReader reader = reader(2_000, work);

        Page first = reader.read(new Checkpoint(checkpoint, null, 0, 0));
        Page second = reader.read(first.after());

        assertThat(first.changes()).hasSize(2_000);
        assertThat(second.changes()).hasSize(1);
        assertThat(second.after().windowSnapshot()).isNull();
        assertThat(work.expectsSmall())
                .as("after the last page of a large window")
                .isFalse();
        fill(3);
        assertThat(reader.read(second.after()).changes()).hasSize(3);
        assertThat(work.expectsSmall()).as("after a small window").isTrue();
    }

    /** A page that is full does not tell that it was the last. */
    @Test
    void a_window_of_a_page_that_has_been_measured_is_a_small_one() throws Exception {
        String checkpoint = snapshot();
        fill(1_000);
        WindowWork work = new WindowWork();
        work.expectSmall(false);
        WindowReader reader = reader(1_000, work);

        Page first = reader.read(new Checkpoint(checkpoint, null, 0, 0));
        Page second = reader.read(first.after());

        assertThat(first.changes()).hasSize(1_000);
        assertThat(second.changes()).isEmpty();
        assertThat(work.expectsSmall()).isTrue();
    }

    @Test
    void no_page_is_larger_than_the_page_size() throws Exception {
        String checkpoint = snapshot();
        fill(250);
        WindowReader reader = reader(100, new WindowWork());

        List<Integer> sizes = new ArrayList<>();
        Page page = reader.read(new Checkpoint(checkpoint, null, 0, 0));
        while (!page.changes().isEmpty() || page.after().windowSnapshot() != null) {
            sizes.add(page.changes().size());
            page = reader.read(page.after());
        }

        assertThat(sizes).containsExactly(100, 100, 50);
    }

    /** Narrow rows are fetched many at a time, wide ones few; what is too large for the broker has no value. */
    @Test
    void rows_of_any_width_are_read_each_once_in_order_with_their_values() throws Exception {
        List<Integer> widths = new ArrayList<>();
        for (int width : List.of(100_000, 10, 10, 7_900, 8_300, 9_000, 10, 950_000, 10, 600_000, 10, 880_000)) {
            widths.add(width);
            widths.addAll(Collections.nCopies(300, 10));
        }
        producer.commit();
        execute(writer, "ALTER TABLE emp_cdc ALTER first_name TYPE text");
        table = ChangeTableCatalog.read(producer, "employees", "emp_cdc");
        String checkpoint = snapshot();
        for (int width : widths) {
            execute(
                    writer,
                    "INSERT INTO emp_cdc (emp_id, first_name, action) VALUES (1, repeat('x', " + width
                            + "), 'INSERT')");
        }
        WindowReader reader = reader(1_000, new WindowWork());

        List<Change> changes = new ArrayList<>();
        Page page = reader.read(new Checkpoint(checkpoint, null, 0, 0));
        while (!page.changes().isEmpty() || page.after().windowSnapshot() != null) {
            changes.addAll(page.changes());
            page = reader.read(page.after());
        }

        assertThat(changes).extracting(Change::actionId).isSorted().doesNotHaveDuplicates();
        assertThat(changes)
                .extracting(change -> change.value() == null
                        ? -1
                        : new String(change.value(), StandardCharsets.UTF_8)
                                .replaceAll("[^x]", "")
                                .length())
                .isEqualTo(widths.stream()
                        .map(width -> width > LARGEST_VALUE ? -1 : width)
                        .toList());
        assertThat(changes).extracting(Change::valueBytes).allMatch(bytes -> bytes > 10);
    }

    /** What was a number would be printed without quotes for ever. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE emp_cdc ALTER salary TYPE text",
                "ALTER TABLE emp_cdc RENAME salary TO spare; ALTER TABLE emp_cdc RENAME city TO salary;"
                        + " ALTER TABLE emp_cdc RENAME spare TO city"
            })
    void a_column_that_has_got_another_type_is_noticed_before_anything_is_read(String change) throws Exception {
        WindowReader reader = reader(1_000, new WindowWork());
        producer.commit();
        fill(1);
        Page before = reader.read(new Checkpoint("3:3:", null, 0, 0));
        execute(writer, change, "INSERT INTO emp_cdc (emp_id, salary, action) VALUES (1, 'much', 'INSERT')");

        assertThat(before.changes()).hasSize(1);
        assertThatThrownBy(() -> reader.read(before.after()))
                .hasMessageContaining("the columns of public.emp_cdc have changed");
    }

    /** The first look is for narrow rows; it ends its transaction, and the deadline that was set in it. */
    @Test
    void the_second_look_at_a_page_that_begins_with_a_wide_row_has_the_deadline_of_the_first() throws Exception {
        producer.commit();
        execute(writer, "ALTER TABLE emp_cdc ALTER first_name TYPE text");
        table = ChangeTableCatalog.read(producer, "employees", "emp_cdc");
        String checkpoint = snapshot();
        execute(
                writer,
                "INSERT INTO emp_cdc (emp_id, first_name, action)"
                        + " SELECT n, repeat('x', 880000), 'INSERT' FROM generate_series(1, 20) n");
        WindowWork work = new WindowWork(new LongWork(Duration.ofSeconds(5), System::nanoTime));
        work.expectSmall(false);
        execute(producer, "SET statement_timeout = '1ms'");
        producer.commit();

        Page page = reader(1_000, work).read(new Checkpoint(checkpoint, null, 0, 0));

        assertThat(page.changes()).isNotEmpty();
    }

    @Test
    void a_small_window_that_takes_too_long_is_read_in_pages_by_the_next_session() throws Exception {
        fill(500);
        Checkpoint beginning = new Checkpoint("3:3:", null, 0, 0);
        WindowWork work = new WindowWork();
        execute(producer, "SET statement_timeout = '1ms'");
        producer.commit();
        assertThatThrownBy(() -> reader(5_000, work).read(beginning)).hasMessageContaining("statement timeout");
        assertThat(work.expectsSmall()).isFalse();
        assertThat(work.way()).as("fetched few at a time").isEqualTo(Reading.Way.WIDE);
        producer.setAutoCommit(false);
        execute(producer, "RESET statement_timeout");

        Page page = reader(5_000, work).read(beginning);

        assertThat(page.changes()).hasSize(500);
    }

    private WindowReader reader(int pageSize, WindowWork work) {
        SourceOptions options = new SourceOptions(pageSize, LARGEST_VALUE, Duration.ZERO, FlushRule.NONE);
        return new WindowReader(producer, EmployeesStream.TABLE, table, options, work);
    }

    private Checkpoint readAll(WindowReader reader, Checkpoint from, List<Long> actionIds) throws Exception {
        Page page = reader.read(from);
        while (!page.changes().isEmpty() || page.after().windowSnapshot() != null) {
            page.changes().stream().map(Change::actionId).forEach(actionIds::add);
            page = reader.read(page.after());
        }
        return page.after();
    }

    /** Writes so many changes in transactions of 10,000. */
    private void fill(int count) {
        for (int rest = count; rest > 0; rest -= 10_000) {
            execute(writer, rows(Math.min(rest, 10_000)));
        }
    }

    private static String rows(int count) {
        return "INSERT INTO emp_cdc (emp_id, first_name, last_name, city, salary, action)"
                + " SELECT n, 'First' || n, 'Last' || n, 'Oslo', n, 'INSERT' FROM generate_series(1, " + count + ") n";
    }

    private String snapshot() {
        return Databases.query(writer, "SELECT pg_current_snapshot()").get(0);
    }

    private void define(String name, String types, String sql) {
        StringBuilder numbered = new StringBuilder("PREPARE " + name + "(" + types + ") AS ");
        int number = 0;
        for (String piece : (sql + " ").split("\\?", -1)) {
            numbered.append(number == 0 ? "" : "$" + number).append(piece);
            number++;
        }
        execute(producer, numbered.toString());
    }

    private void explainAll(String from, String to) throws Exception {
        smallWindow(from);
        openWindow(from);
        pageOfWindow(from, to, 0, 0);
    }

    private Plan smallWindow(String from) throws Exception {
        return explain("%s('%s', 2001, '%s', 2001, 2001, %d)".formatted(SMALL_WINDOW, from, from, LARGEST_VALUE));
    }

    private Plan openWindow(String from) throws Exception {
        return explain("%s('%s', '%s')".formatted(OPEN_WINDOW, from, from));
    }

    private Plan pageOfWindow(String from, String to, long laterAfter, long endedAfter) throws Exception {
        return explain("%s(%d, '%s', '%s', 5000, '%s', '%s', %d, 5000, 5000, %d)"
                .formatted(PAGE_OF_WINDOW, laterAfter, from, to, from, to, endedAfter, LARGEST_VALUE));
    }

    private Plan explain(String call) throws Exception {
        String text =
                String.join("\n", Databases.query(producer, "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) EXECUTE " + call));
        producer.commit();
        return Plan.of(text);
    }
}
