package io.rowrelay.admin.doctor;

import java.util.Set;

/**
 * Something that can be wrong.
 *
 * @param id its name for people and programs; it stays the same
 * @param severity how bad it is
 * @param meaning what it means, for people
 * @param missing what is not there where this is found, nor anything that rests on it
 */
record Problem(String id, Severity severity, String meaning, Set<Need> missing) {
    Problem {
        missing = Set.copyOf(missing);
    }

    /** How bad something is. */
    enum Severity {
        /** Changes do not arrive, or can be lost. */
        PROBLEM,
        /** Changes arrive, but an operator should know of it. */
        WARNING
    }

    static Problem problem(String id, String meaning, Need... missing) {
        return new Problem(id, Severity.PROBLEM, meaning, Set.of(missing));
    }

    static Problem warning(String id, String meaning, Need... missing) {
        return new Problem(id, Severity.WARNING, meaning, Set.of(missing));
    }
}
