package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Somebody who may write the rows of the destination changes one, and others so that the exclusive or of what PostgreSQL's hashes
 * are without a secret stays the same.
 */
@Timeout(240)
class VerifyForgeryIT {
    private static final String HASH =
            "hashtextextended(ROW(emp_id::text, first_name::text, last_name::text, dob::text,"
                    + " city::text, %s::text)::text COLLATE \"C\", 0)";

    /** What the row's hash becomes when its salary is another. */
    private static final String DIFFERENCES = "SELECT " + HASH.formatted("salary") + " # "
            + HASH.formatted("(salary + 1)") + " FROM employees ORDER BY emp_id";

    private record Combined(long hash, BitSet rows) {}

    @Test
    void does_not_call_tables_equal_whose_rows_were_chosen_to_hide_a_change() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, salary) SELECT n, 100 FROM generate_series(1, 120) n");
            pipeline.awaitEqual();
            List<Long> differences = Databases.query(pipeline.destinationUrl(), DIFFERENCES).stream()
                    .map(Long::valueOf)
                    .toList();
            BitSet chosen = cancelling(differences);

            chosen.stream()
                    .forEach(row -> execute(
                            pipeline.destinationUrl(),
                            "UPDATE employees SET salary = salary + 1 WHERE emp_id = " + (row + 1)));

            assertThat(chosen.get(0)).isTrue();
            assertThat(AdminRun.expecting(3, pipeline.environment(), "verify").said())
                    .contains("found: missing=0 extra=0 different=" + chosen.cardinality());
        }
    }

    /** Rows, the first among them, whose hashes cancel each other out: one more row than bits is enough. */
    private static BitSet cancelling(List<Long> hashes) {
        List<Combined> basis = new ArrayList<>();
        for (int row = hashes.size() - 1; row >= 0; row--) {
            BitSet rows = new BitSet();
            rows.set(row);
            Combined combined = reduced(new Combined(hashes.get(row), rows), basis);
            if (combined.hash() != 0) {
                basis.add(combined);
            } else if (row == 0) {
                return combined.rows();
            }
        }
        throw new IllegalStateException("too few rows");
    }

    private static Combined reduced(Combined one, List<Combined> basis) {
        long hash = one.hash();
        BitSet rows = (BitSet) one.rows().clone();
        for (Combined other : basis) {
            if ((hash & Long.lowestOneBit(other.hash())) != 0) {
                hash ^= other.hash();
                rows.xor(other.rows());
            }
        }
        return new Combined(hash, rows);
    }
}
