package io.rowrelay.it.stream;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.apply.jdbc.DestinationCatalog;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever else a batch deletes, no change of it brings a row back that a newer change has deleted. */
@Timeout(60)
class TombstoneFenceIT {
    private final Pipeline pipeline = Pipeline.create();
    private Connection consumer;

    @BeforeEach
    void open() {
        consumer = pipeline.destination();
        execute(consumer, JdbcChangeApplier.SESSION);
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    /** Tombstones and changes as key@action_id, deletions with a minus; the rows that are there in the end. */
    @ParameterizedTest
    @CsvSource({
        "1@10,                1@9,                      ''",
        "1@10,                1@10,                     ''",
        "1@10,                1@11,                     1@11",
        "'',                  1@9,                      1@9",
        "1@10,                '1@9 -2@20',              ''",
        "1@10,                '1@9 -2@20 -3@21',        ''",
        "'1@10 2@50',         '1@9 -2@20',              ''",
        "'1@10 2@50',         '1@9 -2@5',               ''",
        "1@10,                '1@9 2@3 -3@4',           2@3",
        "1@10,                '1@9 -2@5',               ''",
        "'2@50 3@60',         '1@9 -2@20 -3@21',        1@9",
        "9@100,               '1@9 2@101 -3@102',       '1@9 2@101'",
        "'1@10 2@10',         '1@11 2@9 3@1',           '1@11 3@1'",
    })
    void a_deleted_row_stays_deleted(String tombstones, String changes, String rows) throws Exception {
        for (String tombstone : pieces(tombstones)) {
            execute(consumer, "INSERT INTO cdc_tombstone VALUES ('employees', '" + tombstone.replace("@", "', ") + ")");
        }

        apply(pieces(changes));

        assertThat(shown()).containsExactlyElementsOf(pieces(rows));
    }

    private static List<String> pieces(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    private List<String> shown() {
        return Databases.query(consumer, "SELECT emp_id || '@' || action_id FROM employees ORDER BY emp_id");
    }

    private void apply(List<String> changes) throws Exception {
        List<ValidChange> events = new ArrayList<>();
        for (String change : changes) {
            boolean deletion = change.startsWith("-");
            String[] parts = change.substring(deletion ? 1 : 0).split("@", -1);
            events.add(Batches.change(
                    Long.parseLong(parts[1]), deletion ? Action.DELETE : Action.UPDATE, Integer.parseInt(parts[0])));
        }
        assertThat(events).as("as arrays").allMatch(event -> event.texts() != null);
        Batches.apply(consumer, DestinationCatalog.read(consumer, "employees", "employees"), events);
    }
}
