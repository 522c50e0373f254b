package io.rowrelay.admin.init;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the patterns of a stream come to.
 *
 * @param patterns those that are new to the stream, and the ones that it has already
 * @param captured the tables that the stream has already
 * @param candidates those that are to be captured
 * @param refused those that cannot be captured, each with the reason
 */
record CapturePlan(List<String> patterns, List<Table> captured, List<Table> candidates, List<String> refused) {
    CapturePlan {
        patterns = List.copyOf(patterns);
        captured = List.copyOf(captured);
        candidates = List.copyOf(candidates);
        refused = List.copyOf(refused);
    }

    /** Those that the stream has, and those that it gets. */
    List<Table> all() {
        return Stream.concat(captured.stream(), candidates.stream()).toList();
    }

    /** A table of the source, by its oid and by its qualified name. */
    record Table(long oid, String name) {}
}
