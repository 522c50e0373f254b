package io.rowrelay.it.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.cut.CutChange;
import io.rowrelay.consumer.cut.CutOutcome;
import io.rowrelay.consumer.cut.CutSession;
import io.rowrelay.consumer.cut.CutWindow;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.window.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transaction of a window, one rule after the other. A window here is what one transaction of the source has changed. */
@Timeout(240)
class CutApplyIT {
    private static final String FAMILY = """
            CREATE TABLE parent (id int PRIMARY KEY, name text CHECK (name <> 'wrong'));
            CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent ON DELETE CASCADE);
            CREATE TABLE grandchild (id int PRIMARY KEY, child_id int REFERENCES child ON DELETE CASCADE)""";

    private static final List<String> NAMES = List.of("parent", "child", "grandchild");

    private long xid = 100;
    private long actionId = 1;

    private CutChange change(String table, String action, @Nullable Integer key, String columns) {
        String json = "{\"action_id\":" + actionId++ + ",\"action\":\"" + action + "\"," + columns + "}";
        return SourceWindows.change(table, xid, key == null ? null : key.toString(), json);
    }

    private CutChange parent(String action, int id, String name) {
        return change("parent", action, id, "\"id\":" + id + ",\"name\":\"" + name + "\"");
    }

    private CutChange child(String action, int id, int parent) {
        return change("child", action, id, "\"id\":" + id + ",\"parent_id\":" + parent);
    }

    /** The window of the present transaction, after which another one begins. */
    private CutWindow window(CutChange... changes) {
        Snapshot before = Snapshot.parse(xid == 100 ? "1:1:" : xid + ":" + xid + ":");
        xid++;
        Cut cut = new Cut(
                new WindowId(1, xid - 100),
                SourceWindows.SOURCE,
                before,
                Snapshot.parse(xid + ":" + xid + ":"),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                Map.of());
        return new CutWindow(cut, List.of(changes));
    }

    private static CutOutcome apply(CutSession session, CutWindow... windows) throws Exception {
        return session.apply(List.of(windows), SourceWindows.after(windows[windows.length - 1]));
    }

    /** Without the rule that deletions come last, the child's old parent would take it along, and the grandchild with it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_cascade_of_the_destination_takes_no_row_along_that_the_source_has_kept(boolean replica) throws Exception {
        try (CutPair pair = new CutPair(replica, FAMILY, NAMES);
                CutSession session = pair.open();
                Connection destination = pair.connectDestination()) {
            apply(
                    session,
                    window(
                            parent("INSERT", 1, "a"),
                            parent("INSERT", 2, "b"),
                            child("INSERT", 1, 1),
                            change("grandchild", "INSERT", 1, "\"id\":1,\"child_id\":1")));

            CutOutcome outcome = apply(session, window(parent("DELETE", 1, "a"), child("UPDATE", 1, 2)));

            assertThat(outcome).isEqualTo(new CutOutcome(2, 0, 0));
            assertThat(CutPair.content(destination, NAMES))
                    .containsExactly("parent (2,b)", "child (1,2)", "grandchild (1,1)");
        }
    }

    @Test
    void a_window_that_is_sent_again_has_no_effect() throws Exception {
        try (CutPair pair = new CutPair(true, FAMILY, NAMES);
                CutSession session = pair.open();
                Connection destination = pair.connectDestination()) {
            CutWindow first = window(parent("INSERT", 1, "a"));
            CutWindow second = window(parent("DELETE", 1, "a"));
            apply(session, first, second);

            CutOutcome outcome = apply(session, first, second);

            assertThat(outcome).isEqualTo(new CutOutcome(0, 2, 0));
            assertThat(CutPair.content(destination, NAMES)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_change_that_is_rejected_becomes_a_dead_letter_and_the_state_is_marked_as_broken(boolean replica)
            throws Exception {
        try (CutPair pair = new CutPair(replica, FAMILY, NAMES);
                CutSession session = pair.open();
                Connection destination = pair.connectDestination()) {
            apply(session, window(parent("INSERT", 1, "a"), parent("INSERT", 2, "b")));

            CutOutcome outcome = apply(
                    session,
                    window(
                            parent("UPDATE", 1, "wrong"),
                            parent("UPDATE", 2, "c"),
                            change("parent", "INSERT", 3, "\"id\":\"x\",\"name\":\"d\""),
                            child("INSERT", 1, 2)));

            assertThat(outcome).isEqualTo(new CutOutcome(2, 0, 2));
            assertThat(pair.deadLetters()).hasSize(2);
            assertThat(CutPair.content(destination, NAMES))
                    .containsExactly("parent (1,a)", "parent (2,c)", "child (1,2)");
            assertThat(CutPair.list(destination, "SELECT stream FROM cdc_applied WHERE broken_since IS NOT NULL"))
                    .containsExactly("shop");
        }
    }

    /** Without a key a row is found by all of it; json has no equality, and NULL equals itself here. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rows_without_a_key_are_added_and_removed_one_by_one(boolean staged) throws Exception {
        List<String> names = List.of("loose");
        try (CutPair pair = new CutPair(true, "CREATE TABLE loose (a int, b text, c json)", names);
                CutSession session = pair.open();
                Connection destination = pair.connectDestination()) {
            String twice = "\"a\":1,\"b\":null,\"c\":{\"x\": 1}";
            String other = "\"a\":2,\"b\":\"\",\"c\":null";
            applyAs(
                    staged,
                    session,
                    window(
                            change("loose", "INSERT", null, twice),
                            change("loose", "INSERT", null, twice),
                            change("loose", "INSERT", null, twice),
                            change("loose", "INSERT", null, other)));

            applyAs(
                    staged,
                    session,
                    window(
                            change("loose", "DELETE", null, twice),
                            change("loose", "DELETE", null, other),
                            change("loose", "INSERT", null, other),
                            change("loose", "DELETE", null, other),
                            change("loose", "INSERT", null, "\"a\":3,\"b\":\"c\",\"c\":[1]")));

            assertThat(CutPair.content(destination, names))
                    .containsExactly(
                            "loose (1,,\"{\"\"x\"\": 1}\")", "loose (1,,\"{\"\"x\"\": 1}\")", "loose (3,c,[1])");
            assertThat(pair.deadLetters()).isEmpty();
        }
    }

    private static void applyAs(boolean staged, CutSession session, CutWindow window) throws Exception {
        if (staged) {
            session.stage(window.cut().window(), window.changes());
            session.applyStaged(window.cut(), SourceWindows.after(window));
        } else {
            apply(session, window);
        }
    }

    @Test
    void one_consumer_at_a_time_applies_a_stream_and_finds_where_the_last_one_was() throws Exception {
        try (CutPair pair = new CutPair(true, FAMILY, NAMES)) {
            CutWindow window = window(parent("INSERT", 1, "a"));
            try (CutSession session = pair.open()) {
                assertThat(pair.consumer().tryOpen()).isEmpty();
                apply(session, window);
            }

            try (CutSession session = pair.open()) {
                assertThat(session.progress()).isEqualTo(SourceWindows.after(window));
            }
        }
    }

    @Test
    void a_table_or_column_that_is_missing_is_waited_for_and_named() throws Exception {
        try (CutPair pair = new CutPair(true, FAMILY, NAMES);
                Connection destination = pair.connectDestination()) {
            CutWindow window = window(change("parent", "INSERT", 1, "\"id\":1,\"name\":\"a\",\"more\":5"));
            try (CutSession session = pair.open()) {
                assertThatThrownBy(() -> apply(session, window))
                        .isInstanceOf(OutageException.class)
                        .hasMessageContaining("more")
                        .hasMessageContaining("public.parent");
            }
            CutPair.run(destination, "ALTER TABLE parent ADD more int");
            try (CutSession session = pair.open()) {
                apply(session, window);

                CutPair.run(destination, "ALTER TABLE parent ALTER more TYPE text, ADD less int");
                apply(
                        session,
                        window(change("parent", "INSERT", 2, "\"id\":2,\"name\":\"a\",\"more\":\"x\",\"less\":1")));
                CutWindow unknown = window(change("absent", "INSERT", 1, "\"id\":1"));
                assertThatThrownBy(() -> apply(session, unknown))
                        .isInstanceOf(OutageException.class)
                        .hasMessageContaining("public.absent");
            }
            assertThat(CutPair.content(destination, List.of("parent")))
                    .containsExactly("parent (1,a,5,)", "parent (2,a,x,1)");
        }
    }

    /** The state that is read is not the one that is written over. */
    @Test
    void what_a_command_has_changed_of_the_progress_is_not_overwritten() throws Exception {
        try (CutPair pair = new CutPair(true, FAMILY, NAMES);
                CutSession session = pair.open();
                Connection destination = pair.connectDestination()) {
            CutPair.run(destination, "UPDATE cdc_applied SET snapshot = '50:50:'");
            CutWindow window = window(parent("INSERT", 1, "a"));

            assertThatThrownBy(() -> apply(session, window))
                    .isInstanceOf(OutageException.class)
                    .hasMessageContaining("cdc_applied");

            assertThat(CutPair.content(destination, NAMES)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void changes_of_a_paused_table_are_left_out_from_the_next_window_on(boolean staged) throws Exception {
        try (CutPair pair = new CutPair(true, FAMILY, NAMES);
                Connection destination = pair.connectDestination()) {
            CutWindow window = window(parent("INSERT", 1, "a"), child("INSERT", 1, 1));
            try (CutSession session = pair.open()) {
                CutPair.run(destination, "UPDATE cdc_applied SET paused_tables = '{\"public.child\": {}}'");
                assertThatThrownBy(() -> applyAs(staged, session, window))
                        .isInstanceOf(OutageException.class)
                        .hasMessageContaining("cdc_applied");
            }
            assertThat(CutPair.content(destination, NAMES)).isEmpty();

            try (CutSession session = pair.open()) {
                applyAs(staged, session, window);
            }

            assertThat(CutPair.content(destination, NAMES)).containsExactly("parent (1,a)");
            CutPair.run(destination, "DELETE FROM cdc_applied WHERE broken_since IS NOT NULL");
            assertThat(CutPair.content(destination, List.of("cdc_applied"))).isEmpty();
        }
    }

    @Test
    void a_foreign_key_that_acts_on_other_columns_than_the_key_is_named_where_it_cannot_be_written_past()
            throws Exception {
        String tables = "CREATE TABLE parent (id int PRIMARY KEY, code int UNIQUE);"
                + " CREATE TABLE coded (id int PRIMARY KEY, code int CONSTRAINT by_code REFERENCES parent (code) ON UPDATE CASCADE)";
        try (CutPair pair = new CutPair(false, tables, List.of("parent", "coded"));
                CutSession session = pair.open()) {
            CutWindow window = window(change("parent", "INSERT", 1, "\"id\":1,\"code\":1"));

            assertThatThrownBy(() -> apply(session, window))
                    .isInstanceOf(OutageException.class)
                    .hasMessageContaining("by_code")
                    .hasMessageContaining("GRANT SET ON PARAMETER");
        }
    }

    @Test
    void a_reader_waits_until_the_destination_shows_its_own_write() throws Exception {
        try (CutPair pair = new CutPair(true, FAMILY, NAMES);
                CutSession session = pair.open();
                Connection destination = pair.connectDestination()) {
            CutWindow window = window(parent("INSERT", 1, "a"));
            assertThat(waited(destination, "'100', '20ms'")).containsExactly("f");

            apply(session, window);

            assertThat(waited(destination, "'100', '1s'")).containsExactly("t");
            assertThat(waited(destination, "'101', '0'")).containsExactly("f");
            assertThatThrownBy(() -> waited(destination, "'100', '1s', 'other'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("other");
            CutPair.run(destination, "BEGIN ISOLATION LEVEL REPEATABLE READ");
            assertThatThrownBy(() -> waited(destination, "'100', '1s'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("one snapshot");
        }
    }

    private static List<String> waited(Connection connection, String arguments) throws SQLException {
        return CutPair.list(connection, "SELECT cdc_wait_for(" + arguments + ")");
    }
}
