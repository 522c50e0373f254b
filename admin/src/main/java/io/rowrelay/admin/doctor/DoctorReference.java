package io.rowrelay.admin.doctor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The lists of docs/reference/doctor.md, written from the checks. */
public final class DoctorReference {
    private DoctorReference() {}

    /** A section for each subject, with a line for each problem. */
    public static String sections() {
        return Arrays.stream(Subject.values())
                .map(subject -> "## " + subject + "\n\n" + problems(subject) + "\n")
                .collect(Collectors.joining("\n"));
    }

    private static String problems(Subject subject) {
        return Checks.ALL.stream()
                .filter(check -> check.subject() == subject)
                .flatMap(check -> check.problems().stream())
                .distinct()
                .map(DoctorReference::line)
                .collect(Collectors.joining("\n"));
    }

    private static String line(Problem problem) {
        String severity = problem.severity() == Problem.Severity.WARNING ? " (warning)" : "";
        return "* `" + problem.id() + "`" + severity + ": " + problem.meaning();
    }
}
