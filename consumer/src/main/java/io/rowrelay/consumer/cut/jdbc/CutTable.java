package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.stream.apply.jdbc.AppliedTable;
import io.rowrelay.stream.apply.jdbc.RowWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table of the destination, and what of it decides in which order it is written.
 *
 * @param name as the records call it
 * @param writer writes it
 * @param rules what its constraints do in this session
 */
record CutTable(String name, RowWriter writer, Rules rules) {
    /**
     * What constraints do.
     *
     * @param acting whether the deletion of a row, or a change of a column that foreign keys name, changes other rows or is refused at
     *     once
     * @param unique whether anything but the key must be unique
     * @param parents the oids of the tables that its foreign keys name
     * @param actingElsewhere a foreign key that acts and names other columns of it than its key
     * @param free a condition in SQL: nothing that acts hangs on the row shown
     * @param parkable columns that must be unique and may be NULL
     */
    record Rules(
            boolean acting,
            boolean unique,
            Set<Long> parents,
            Optional<String> actingElsewhere,
            String free,
            List<String> parkable) {
        Rules {
            parkable = List.copyOf(parkable);
            parents = Set.copyOf(parents);
        }
    }

    AppliedTable definition() {
        return writer.table();
    }

    boolean keyless() {
        return definition().keyless();
    }

    long oid() {
        return definition().table().oid();
    }

    /** Whether its rows may be deleted and written again in one transaction without anybody noticing. */
    boolean clearable() {
        return !rules.acting() && !keyless();
    }
}
