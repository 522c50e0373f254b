package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.tables.DestinationTable.Ahead;
import io.rowrelay.admin.verify.Difference.Kind;
import io.rowrelay.admin.verify.Repair.Obstacles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a comparison has found. Not thread-safe. */
final class VerifyReport {
    /** So that a table that is wholly different cannot fill the memory; all are counted. */
    private static final int MOST_KEPT = 100_000;

    private final String stream;
    private final ColumnScope scope;
    private final Optional<String> where;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<ReportedDifference> reported = new ArrayList<>();
    private Obstacles obstacles = new Obstacles(List.of(), Optional.empty());
    private long rows;
    private long left;
    private long undecided;
    private Duration took = Duration.ZERO;

    VerifyReport(String stream, ColumnScope scope, Optional<String> where) {
        this.stream = stream;
        this.scope = scope;
        this.where = where;
        for (Kind kind : Kind.values()) {
            counts.put(kind, 0L);
        }
    }

    /** Adds what another comparison has found, but for the differences one by one. */
    void add(VerifyReport other) {
        other.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
        rows += other.rows;
        left += other.left;
        undecided += other.undecided;
        took = took.plus(other.took);
    }

    void found(ReportedDifference difference) {
        found(difference, 1);
    }

    /** A difference of that many rows. */
    void found(ReportedDifference difference, long differing) {
        counts.merge(difference.kind(), differing, Long::sum);
        if (reported.size() < MOST_KEPT) {
            reported.add(difference);
        }
    }

    /** What can keep repairs from having an effect. */
    void obstacles(Obstacles found) {
        obstacles = found;
    }

    void left(int more) {
        left += more;
    }

    void undecided(int more) {
        undecided += more;
    }

    void finished(long rowsCompared, Duration timeTaken) {
        rows = rowsCompared;
        took = timeTaken;
    }

    /** How many rows were compared. */
    long rows() {
        return rows;
    }

    /** How many rows differed. */
    long differences() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many rows differ in this way. */
    long differences(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** How many still do. */
    long left() {
        return left;
    }

    /** How many rows changed so often that nothing is known of them. */
    long undecided() {
        return undecided;
    }

    /** Which columns were compared. */
    ColumnScope scope() {
        return scope;
    }

    /** Whether every row was found to be the same in the end, in every column of the source. */
    boolean equal() {
        return left == 0 && undecided == 0 && scope.left().isEmpty();
    }

    /** How long it took. */
    double seconds() {
        return took.toNanos() / 1e9;
    }

    /** What a person reads at the end. */
    List<String> lines(boolean repaired) {
        List<String> lines = new ArrayList<>();
        lines.add("compared: rows=%d in %.1f s".formatted(rows, seconds()));
        scope.left().forEach(column -> lines.add("not compared: " + column));
        if (!scope.further().isEmpty()) {
            lines.add("only the destination has, and nothing is compared with: " + String.join(", ", scope.further()));
        }
        if (undecided > 0) {
            lines.add("not compared: " + undecided + " rows that changed too often");
        }
        if (differences() == 0) {
            lines.add(withoutDifference());
            return lines;
        }
        lines.add("found: missing=%d extra=%d different=%d"
                .formatted(differences(Kind.MISSING), differences(Kind.EXTRA), differences(Kind.DIFFERENT)));
        if (!repaired) {
            lines.add("NOT equal: --repair sends the right state of these rows through the stream");
        } else if (left > 0) {
            lines.addAll(stillDifferent());
        } else if (undecided > 0) {
            lines.add("UNKNOWN: repairs were sent, but " + changedTooOften());
        } else {
            lines.add(
                    equal()
                            ? "repaired: the destination shows them all as they are in the source"
                            : "UNKNOWN: the rows that were found are repaired, but not all columns were compared");
        }
        return lines;
    }

    private String withoutDifference() {
        if (undecided > 0) {
            return "UNKNOWN: no row was found to differ, but " + changedTooOften();
        }
        String rowsMeant = where.map(condition -> " among those where " + condition.replaceAll("\\s+", " "))
                .orElse("");
        return equal()
                ? "equal: no row differs" + rowsMeant
                : "UNKNOWN: no row differs" + rowsMeant + " in the columns that were compared";
    }

    private String changedTooOften() {
        return undecided + " rows changed too often to compare; run verify again";
    }

    private List<String> stillDifferent() {
        List<String> lines = new ArrayList<>();
        lines.add("NOT equal: " + left + " rows still differ after the repair"
                + (obstacles.hazards().isEmpty()
                        ? "; look for them among the dead letters"
                        : ", and this can be the cause:"));
        obstacles.hazards().forEach(hazard -> lines.add("  " + hazard));
        computed().ifPresent(lines::add);
        obstacles.ahead().map(VerifyReport::ignored).ifPresent(lines::add);
        return lines;
    }

    /** A repair sends rows, and a column that a table computes comes with none. */
    private Optional<String> computed() {
        List<String> differing = scope.computed().stream()
                .filter(name ->
                        reported.stream().anyMatch(each -> each.columns().contains(name)))
                .toList();
        return differing.isEmpty()
                ? Optional.empty()
                : Optional.of("No change carries " + String.join(", ", differing)
                        + ": virtual in the source, or generated in the destination. Let the destination compute it as the"
                        + " source does.");
    }

    private static String ignored(Ahead ahead) {
        return "In addition, " + ahead + ": changes of such rows are taken for old ones and have no effect. In the"
                + " destination, set action_id to NULL in the rows of the table, and delete the rows of cdc_tombstone for"
                + " this stream, where action_id > " + ahead.last() + ". Then repair again.";
    }

    /** What a program reads. */
    JsonObject json() {
        return new JsonObject()
                .with("stream", stream)
                .with("equal", equal())
                .with("rows", rows)
                .with("missing", differences(Kind.MISSING))
                .with("extra", differences(Kind.EXTRA))
                .with("different", differences(Kind.DIFFERENT))
                .with("left", left)
                .with("not_judged", undecided)
                .with("not_compared", scope.left())
                .with("only_in_destination", scope.further())
                .withSeconds("seconds", seconds())
                .with(
                        "differences",
                        reported.stream().map(ReportedDifference::json).toList());
    }
}
