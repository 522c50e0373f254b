package io.rowrelay.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.bench.replication.BenchTables;
import io.rowrelay.bench.replication.DatabasePair;
import io.rowrelay.bench.replication.TableChecksums;
import io.rowrelay.sandbox.stack.Stack;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("nightly")
@Timeout(120)
class TableChecksumsIT {
    private static final Load LOAD = new Load(1, 20_000);

    @Test
    void finds_every_difference_and_knows_when_a_load_has_arrived() throws Exception {
        try (Stack stack = Stack.builder().withoutTables().start();
                DatabasePair databases = DatabasePair.plain(stack, "contents", BenchTables.EMPLOYEES);
                Connection source = databases.connectToSource();
                Connection destination = databases.connectToObserve()) {
            LOAD.write(source);

            assertThat(arrived(destination)).isFalse();
            assertThat(TableChecksums.differences(databases)).hasSize(9);

            LOAD.write(destination);

            assertThat(arrived(destination)).isTrue();
            assertThat(TableChecksums.differences(databases)).isEmpty();

            DatabasePair.execute(destination, "UPDATE employees SET salary = salary + 0.01 WHERE emp_id = 1500");
            DatabasePair.execute(destination, "DELETE FROM employees WHERE emp_id = 3500");
            DatabasePair.execute(source, "UPDATE employees SET city = NULL WHERE emp_id = 5500");
            DatabasePair.execute(destination, "INSERT INTO employees (emp_id) VALUES (20000)");

            assertThat(TableChecksums.differences(databases))
                    .containsExactly(
                            "employees 1000-1999",
                            "employees 20000-20999",
                            "employees 3000-3999",
                            "employees 5000-5999");
        }
    }

    private static boolean arrived(Connection destination) throws SQLException {
        try (PreparedStatement arrived = LOAD.arrived(destination);
                ResultSet result = arrived.executeQuery()) {
            result.next();
            return result.getBoolean(1);
        }
    }
}
