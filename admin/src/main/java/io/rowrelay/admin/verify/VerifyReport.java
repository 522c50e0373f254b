package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.verify.Difference.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a comparison has found. Not thread-safe. */
public final class VerifyReport {
    /** So that a table that is wholly different cannot fill the memory; all are counted. */
    private static final int MOST_KEPT = 100_000;

    private final String stream;
    private final ColumnScope scope;
    private final Optional<String> where;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<ReportedDifference> findings = new ArrayList<>();
    private final List<String> causes = new ArrayList<>();
    private long rows;
    private long left;
    private long open;
    private double seconds;

    VerifyReport(String stream, ColumnScope scope, Optional<String> where) {
        this.stream = stream;
        this.scope = scope;
        this.where = where;
        for (Kind kind : Kind.values()) {
            counts.put(kind, 0L);
        }
    }

    void found(ReportedDifference finding) {
        counts.merge(finding.kind(), 1L, Long::sum);
        if (findings.size() < MOST_KEPT) {
            findings.add(finding);
        }
    }

    /** What acts on the destination's rows beside the stream. */
    void causes(List<String> hazards) {
        causes.addAll(hazards);
    }

    void left(int more) {
        left += more;
    }

    void open(int more) {
        open += more;
    }

    void finished(long rowsCompared, double secondsTaken) {
        rows = rowsCompared;
        seconds = secondsTaken;
    }

    /** How many rows were compared. */
    public long rows() {
        return rows;
    }

    /** How many rows differed. */
    public long differences() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many rows differ in this way. */
    public long differences(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** How many still do. */
    public long left() {
        return left;
    }

    /** How many rows changed so often that nothing is known of them. */
    public long open() {
        return open;
    }

    /** Which columns were compared. */
    public ColumnScope scope() {
        return scope;
    }

    /** Whether every row was found to be the same in the end, in every column of the source. */
    public boolean equal() {
        return left == 0 && open == 0 && scope.left().isEmpty();
    }

    /** How long it took. */
    public double seconds() {
        return seconds;
    }

    /** What a person reads at the end. */
    List<String> lines(boolean repaired) {
        List<String> lines = new ArrayList<>();
        lines.add("compared: rows=%d in %.1f s".formatted(rows, seconds));
        scope.left().forEach(column -> lines.add("not compared: " + column));
        if (!scope.further().isEmpty()) {
            lines.add("only the destination has, and nothing is compared with: " + String.join(", ", scope.further()));
        }
        if (open > 0) {
            lines.add("not judged: " + open + " rows that change all the time");
        }
        if (differences() == 0) {
            lines.add(withoutDifference());
            return lines;
        }
        lines.add("found: missing=%d extra=%d different=%d"
                .formatted(differences(Kind.MISSING), differences(Kind.EXTRA), differences(Kind.DIFFERENT)));
        if (!repaired) {
            lines.add("NOT equal: --repair sends the right state of these rows through the stream");
        } else if (equal()) {
            lines.add("repaired: the destination shows them all as they are in the source");
        } else if (left == 0 && open == 0) {
            lines.add(
                    "NOT known to be equal: the rows that were found are repaired, but not all columns were compared");
        } else if (left == 0) {
            lines.add(
                    "NOT known to be equal: the rows that were found are sent again, but not all were judged; run verify"
                            + " again");
        } else {
            String differ = "NOT equal: " + left + " rows still differ after the repair";
            lines.add(differ
                    + (causes.isEmpty() ? "; are they on the dead-letter topic?" : ", and this can be the cause:"));
            causes.forEach(cause -> lines.add("  " + cause));
            computed().ifPresent(lines::add);
        }
        return lines;
    }

    private String withoutDifference() {
        if (open > 0) {
            return "NOT known to be equal: no row was found to differ, but those were not judged; run verify again";
        }
        String rowsMeant = where.map(condition -> " among those where " + condition.replaceAll("\\s+", " "))
                .orElse("");
        return equal()
                ? "equal: no row differs" + rowsMeant
                : "NOT known to be equal: no row differs" + rowsMeant + " in the columns that were compared";
    }

    /** A repair sends rows, and a column that a table computes comes with none. */
    private Optional<String> computed() {
        List<String> differing = scope.computed().stream()
                .filter(name ->
                        findings.stream().anyMatch(finding -> finding.columns().contains(name)))
                .toList();
        return differing.isEmpty()
                ? Optional.empty()
                : Optional.of("No change carries " + String.join(", ", differing)
                        + ": virtual in the source, or generated in the destination. Let the destination compute it as the"
                        + " source does.");
    }

    /** What a program reads. */
    public JsonObject json() {
        return new JsonObject()
                .with("stream", stream)
                .with("equal", equal())
                .with("rows", rows)
                .with("missing", differences(Kind.MISSING))
                .with("extra", differences(Kind.EXTRA))
                .with("different", differences(Kind.DIFFERENT))
                .with("left", left)
                .with("not_judged", open)
                .withTexts("not_compared", scope.left())
                .withTexts("only_in_destination", scope.further())
                .withSeconds("seconds", seconds)
                .withObjects(
                        "differences",
                        findings.stream().map(ReportedDifference::json).toList());
    }
}
