package io.rowrelay.it.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.jdbc.DeadLetterTable;
import io.rowrelay.stream.record.SeenDeadLetters;
import java.sql.Connection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadLetterTableIT {
    private static final int LETTERS = 6_000;

    /** Somebody who may write to the dead-letter topic writes letters of two streams in turns. */
    @Test
    void letters_that_alternate_with_those_of_another_stream_do_not_let_a_row_grow_without_end() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                Connection connection = pipeline.destination()) {
            DeadLetterTable table = new DeadLetterTable(connection, "employees");

            table.remember("id", everySecond(0));
            assertThat(table.count("id", everySecond(0)).open()).isEqualTo(LETTERS);
            table.remember("id", everySecond(2 * LETTERS));

            assertThat(Databases.query(connection, "SELECT count(*) FROM cdc_dead_letter_seen, unnest(letters)"))
                    .containsExactly("1");
            assertThat(table.count("id", everySecond(2 * LETTERS)).open()).isEqualTo(4 * LETTERS - 1);
        }
    }

    private static List<SeenDeadLetters> everySecond(long first) {
        long end = first + 2 * LETTERS;
        String letters = LongStream.range(0, LETTERS)
                .map(letter -> first + 2 * letter)
                .mapToObj(offset -> "[" + offset + "," + (offset + 1) + ")")
                .collect(Collectors.joining(",", "{", "}"));
        return List.of(new SeenDeadLetters(0, 0, first, end, letters, LETTERS));
    }
}
