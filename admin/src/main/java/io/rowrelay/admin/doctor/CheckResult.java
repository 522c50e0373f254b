package io.rowrelay.admin.doctor;

import java.util.List;

/** The result of a check. */
sealed interface CheckResult {

    /** What it is about, in one line. */
    String text();

    /** All is well; the text says what was seen. */
    record Ok(String text) implements CheckResult {}

    /**
     * Something is wrong.
     *
     * @param problem what
     * @param text which thing has it, and how
     * @param remedies what repairs it, in order
     */
    record Found(Problem problem, String text, List<Remedy> remedies) implements CheckResult {
        public Found {
            remedies = List.copyOf(remedies);
        }
    }

    /** The check could not be made; the text says why. */
    record Skipped(String text) implements CheckResult {}

    /** The check failed in a way that is no known problem, so its result is unknown; the text says how. */
    record Unclear(String text) implements CheckResult {}

    static CheckResult ok(String text) {
        return new Ok(text);
    }

    static CheckResult found(Problem problem, String text, Remedy... remedies) {
        return new Found(problem, text, List.of(remedies));
    }

    /** The problems that a check found; none means that all is well. */
    static List<CheckResult> orOk(List<CheckResult> found, String text) {
        return found.isEmpty() ? List.of(ok(text)) : List.copyOf(found);
    }
}
