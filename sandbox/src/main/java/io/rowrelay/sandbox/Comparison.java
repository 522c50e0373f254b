package io.rowrelay.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Source and destination held against each other, row by row.
 *
 * @param sourceRows how many rows the source has
 * @param destinationRows how many rows the destination has
 * @param differing how many rows differ or are there on one side only
 * @param firstDifferingKeys the keys of the first of them, in order
 */
record Comparison(long sourceRows, long destinationRows, long differing, List<Long> firstDifferingKeys) {
    private static final int KEYS_KEPT = 10;

    Comparison {
        firstDifferingKeys = List.copyOf(firstDifferingKeys);
    }

    boolean equal() {
        return differing == 0;
    }

    /** Compares the tables as they are now; it reads through both in the order of the key and keeps no row. */
    static Comparison of(Connection source, Connection destination) throws SQLException {
        long differing = 0;
        List<Long> first = new ArrayList<>();
        try (EmployeeCursor here = EmployeeCursor.open(source);
                EmployeeCursor there = EmployeeCursor.open(destination)) {
            while (!here.atEnd() || !there.atEnd()) {
                long key = Math.min(here.key(), there.key());
                if (here.key() != there.key() || !here.row().equals(there.row())) {
                    differing++;
                    if (first.size() < KEYS_KEPT) {
                        first.add(key);
                    }
                }
                here.skipPast(key);
                there.skipPast(key);
            }
            return new Comparison(here.count(), there.count(), differing, first);
        }
    }
}
