package io.rowrelay.admin.resync;

import java.util.List;

/**
 * Which streams besides this one write the destination table, as the destination knows it.
 *
 * @param others those that are known to write it
 * @param unknown those that write to the database, with nothing known of which table
 */
public record Writers(List<String> others, List<String> unknown) {
    public Writers {
        others = List.copyOf(others);
        unknown = List.copyOf(unknown);
    }
}
