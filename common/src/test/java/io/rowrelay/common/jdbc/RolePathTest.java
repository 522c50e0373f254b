package io.rowrelay.common.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class RolePathTest {
    /** A column or a value can have such a name: looked for as a table, it would stop the stream. */
    @Test
    void takes_nothing_in_quotes_for_a_table_of_ours() throws SQLException {
        Connection unused = (Connection) Proxy.newProxyInstance(
                RolePathTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method);
                });
        String sql = "SELECT \"{cdc_offset}\" FROM t WHERE v = '{cdc_progress}' OR v = 'it''s {cdc_writer}'";

        assertThat(RolePath.qualified(unused, sql)).isEqualTo(sql);
    }
}
