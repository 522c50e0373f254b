package io.rowrelay.bench.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Changes that one session makes as fast as it can. */
public interface Workload {
    /** How many there are. */
    int changes();

    /** Makes them. */
    void write(Connection source) throws SQLException;

    /** A statement that asks, at little cost, whether everything is there: a sign that it is time to compare the contents. */
    PreparedStatement arrived(Connection destination) throws SQLException;
}
