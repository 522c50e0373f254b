package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.verify.Difference.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a comparison has found. Not thread-safe. */
public final class Report {
    /** So that a table that is wholly different cannot fill the memory; all are counted. */
    private static final int MOST_KEPT = 100_000;

    private final String stream;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<Finding> findings = new ArrayList<>();
    private long rows;
    private long left;
    private long open;
    private double seconds;

    Report(String stream) {
        this.stream = stream;
        for (Kind kind : Kind.values()) {
            counts.put(kind, 0L);
        }
    }

    void found(Finding finding) {
        counts.merge(finding.kind(), 1L, Long::sum);
        if (findings.size() < MOST_KEPT) {
            findings.add(finding);
        }
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

    /** Whether every row was found to be the same in the end. */
    public boolean equal() {
        return left == 0 && open == 0;
    }

    /** How long it took. */
    public double seconds() {
        return seconds;
    }

    /** What a person reads at the end. */
    List<String> lines(boolean repaired) {
        List<String> lines = new ArrayList<>();
        lines.add("compared: rows=%d in %.1f s".formatted(rows, seconds));
        if (open > 0) {
            lines.add("not judged: " + open + " rows that change all the time");
        }
        if (differences() == 0) {
            lines.add(
                    equal()
                            ? "equal: no row differs"
                            : "NOT known to be equal: no row was found to differ, but those were not judged; run verify again");
            return lines;
        }
        lines.add("found: missing=%d extra=%d different=%d"
                .formatted(differences(Kind.MISSING), differences(Kind.EXTRA), differences(Kind.DIFFERENT)));
        if (!repaired) {
            lines.add("NOT equal: --repair sends the right state of these rows through the stream");
        } else if (equal()) {
            lines.add("repaired: the destination shows them all as they are in the source");
        } else if (left == 0) {
            lines.add(
                    "NOT known to be equal: the rows that were found are sent again, but not all were judged; run verify"
                            + " again");
        } else {
            lines.add("NOT equal: " + left + " rows still differ after the repair; are they on the dead-letter topic?");
        }
        return lines;
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
                .withSeconds("seconds", seconds)
                .withObjects("differences", findings.stream().map(Finding::json).toList());
    }
}
