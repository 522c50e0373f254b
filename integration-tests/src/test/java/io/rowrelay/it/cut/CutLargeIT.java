package io.rowrelay.it.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.consumer.cut.CutChange;
import io.rowrelay.consumer.cut.CutOutcome;
import io.rowrelay.consumer.cut.CutSession;
import io.rowrelay.consumer.cut.CutWindow;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.window.Snapshot;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One transaction of the source that is larger than the memory of the consumer. */
@Tag("nightly")
@Timeout(1200)
class CutLargeIT {
    private static final int CHANGES = Integer.getInteger("rowrelay.largeWindow", 2_000_000);
    private static final int STAGED_AT_ONCE = 5_000;

    private static final String TABLES = """
            CREATE TABLE customer (id int PRIMARY KEY, name text, note text);
            CREATE TABLE purchase (id int PRIMARY KEY, customer_id int REFERENCES customer, amount numeric);
            CREATE TABLE line (id int PRIMARY KEY, purchase_id int REFERENCES purchase, item text)""";

    private static final List<String> NAMES = List.of("customer", "purchase", "line");

    @Test
    void a_window_of_millions_of_changes_is_applied_at_once_in_little_memory() throws Exception {
        try (CutPair pair = new CutPair(true, TABLES, NAMES);
                CutSession session = pair.open();
                Connection destination = pair.connectDestination()) {
            WindowId id = new WindowId(1, 1);
            List<CutChange> changes = new ArrayList<>();
            for (int i = 1; i <= CHANGES; i++) {
                changes.add(change(i));
                if (changes.size() == STAGED_AT_ONCE || i == CHANGES) {
                    session.stage(id, changes);
                    changes = new ArrayList<>();
                }
            }
            Cut cut = new Cut(
                    id,
                    SourceWindows.SOURCE,
                    Snapshot.parse("1:1:"),
                    Snapshot.parse("101:101:"),
                    Instant.now(),
                    Map.of());

            CutOutcome outcome = session.applyStaged(cut, SourceWindows.after(new CutWindow(cut, List.of())));

            assertThat(outcome).isEqualTo(new CutOutcome(CHANGES, 0, 0));
            assertThat(
                            CutPair.list(
                                    destination,
                                    "SELECT (SELECT count(*) FROM customer) + (SELECT count(*) FROM purchase) + (SELECT count(*) FROM line)"))
                    .containsExactly(Integer.toString(CHANGES));
        }
    }

    private static CutChange change(int number) {
        int row = (number - 1) / 3 + 1;
        String table = NAMES.get((number - 1) % 3);
        String columns = switch (table) {
            case "customer" -> "\"name\":\"customer " + row + "\",\"note\":\"a note of some length, as it is\"";
            case "purchase" -> "\"customer_id\":" + row + ",\"amount\":" + row + ".25";
            default -> "\"purchase_id\":" + row + ",\"item\":\"item " + row + "\"";
        };
        return SourceWindows.change(
                table,
                100,
                Integer.toString(row),
                "{\"action_id\":" + number + ",\"action\":\"INSERT\",\"id\":" + row + "," + columns + "}");
    }
}
