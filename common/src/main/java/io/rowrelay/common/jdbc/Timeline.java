package io.rowrelay.common.jdbc;

import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The timeline of a server, which each promotion raises. A server on a lower one than was seen before is a former primary that
 * came back, and somebody else is the primary now.
 */
public final class Timeline {
    /** Where it cannot be asked for, or the server is a standby. */
    public static final int UNKNOWN = 0;

    private Timeline() {}

    /**
     * Returns the timeline that a primary writes. Until the first checkpoint after a promotion, only the other function shows
     * it. UNKNOWN for a role without the right to ask, as on some managed servers.
     */
    public static int of(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CASE WHEN " + Standby.IS_STANDBY + " THEN 0"
                        + " ELSE greatest(c.timeline_id, r.min_recovery_end_timeline) END"
                        + " FROM pg_control_checkpoint() c, pg_control_recovery() r")) {
            return row.next() ? row.getInt(1) : UNKNOWN;
        } catch (SQLException failure) {
            if (SqlFailures.isNotProvided(failure)) {
                return UNKNOWN;
            }
            throw failure;
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    /** The outage of a server that is on a lower timeline than was seen before. */
    public static OutageException stale(int timeline, int seen, String where) {
        return OutageException.dataAtRisk(explanation(timeline, seen, where));
    }

    static String explanation(int timeline, int seen, String where) {
        return "the server is on timeline " + timeline + ", but " + where + " timeline " + seen
                + ": it is a former primary that came back after a failover, and what is written to it is lost when it is"
                + " rejoined. Shut it down, or point the URL at the primary; only if this server is the one to keep, run reanchor (or"
                + " reanchor --trust-source, where somebody else wrote that record of the topic)";
    }
}
