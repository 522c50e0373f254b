package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Broker;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.status.StreamServers;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What checks look at, and their limits.
 *
 * @param settings of both daemons
 * @param servers the two databases and the broker
 * @param late how long a change may wait at a stage
 * @param oldTransaction how long a transaction may stay open
 * @param clock of this machine
 */
record CheckContext(
        AdminSettings settings, StreamServers servers, Duration late, Duration oldTransaction, InstantSource clock) {

    /** The same for a table of a stream of many. */
    CheckContext of(RegisteredTable table) {
        return new CheckContext(table.settings(settings), servers.of(table), late, oldTransaction, clock);
    }

    Database source() {
        return servers.sourceDatabase();
    }

    Database destination() {
        return servers.destinationDatabase();
    }

    Broker kafka() {
        return servers.broker();
    }

    String destinationTable() {
        return settings.destinationTable();
    }

    /** The change table, in the transaction that the connection to the source is in. */
    ChangeTable changeTable(Connection connection) throws SQLException, OutageException {
        return ChangeTableCatalog.read(connection, settings.sourceTable(), settings.changeTable());
    }

    String stream() {
        return settings.stream().name();
    }

    String topic() {
        return settings.stream().topic();
    }
}
