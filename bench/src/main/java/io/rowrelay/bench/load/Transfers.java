package io.rowrelay.bench.load;

import io.rowrelay.bench.replication.DatabasePair;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Transactions over four tables as those of TPC-B, one after the other in the server: three UPDATEs and an INSERT each. They do not wait
 * for the disk of the source, which would be measured otherwise.
 *
 * @param first the id of the first
 * @param transactions how many
 */
public record Transfers(int first, int transactions) implements Workload {
    private static final int CHANGES_OF_ONE = 4;

    /** Those after these. */
    public Transfers next(int following) {
        return new Transfers(first + transactions, following);
    }

    @Override
    public int changes() {
        return transactions * CHANGES_OF_ONE;
    }

    @Override
    public void write(Connection source) throws SQLException {
        DatabasePair.execute(source, "SET synchronous_commit = off");
        DatabasePair.execute(source, "CALL bench_transfers(%d, %d)".formatted(first, first + transactions - 1));
    }

    @Override
    public PreparedStatement arrived(Connection destination) throws SQLException {
        PreparedStatement statement = destination.prepareStatement("SELECT EXISTS (SELECT FROM history WHERE hid = ?)");
        statement.setInt(1, first + transactions - 1);
        return statement;
    }
}
