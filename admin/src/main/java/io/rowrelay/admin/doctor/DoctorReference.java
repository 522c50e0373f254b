package io.rowrelay.admin.doctor;

import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table of docs/reference/doctor.md, written from the checks. */
public final class DoctorReference {
    private DoctorReference() {}

    /** A row for each problem. */
    public static String rows() {
        return Checks.ALL.stream()
                .sorted(Comparator.comparing(Check::subject))
                .flatMap(check -> check.problems().stream().map(problem -> row(check.subject(), problem)))
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    private static String row(Subject subject, Problem problem) {
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        problem.id(), subject, problem.severity().name().toLowerCase(Locale.ROOT), problem.meaning());
    }
}
