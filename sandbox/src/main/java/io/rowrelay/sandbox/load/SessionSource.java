package io.rowrelay.sandbox.load;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens sessions on a database; whoever opens one closes it. */
@FunctionalInterface
public interface SessionSource {
    Connection open() throws SQLException;
}
