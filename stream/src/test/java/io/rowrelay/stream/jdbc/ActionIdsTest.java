package io.rowrelay.stream.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.stream.table.ChangeTable;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionIdsTest {
    private static final ChangeTable TABLE = new ChangeTable("emp_cdc", 1, 0, 0, List.of(), List.of());

    /** Every write of the application would fail at the end of the sequence. */
    @ParameterizedTest
    @ValueSource(longs = {(1L << 61) + 1, 1L << 62, Long.MAX_VALUE})
    void sets_no_sequence_near_its_end(long last) {
        Connection unused = (Connection) Proxy.newProxyInstance(
                ActionIdsTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method);
                });

        assertThatThrownBy(() -> ActionIds.set(unused, TABLE, last))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Long.toString(last));
    }
}
