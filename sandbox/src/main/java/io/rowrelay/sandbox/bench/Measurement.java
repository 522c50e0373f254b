package io.rowrelay.sandbox.bench;

import java.sql.SQLException;

/** Something that is measured in several rounds. */
interface Measurement {
    /** The name, by which it can be chosen. */
    String name();

    /** How many rounds there are to be if so many are wanted. */
    default int rounds(int wanted) {
        return wanted;
    }

    /** Measures once, everything that is to be compared in turns, verifies equality, and adds figures. */
    void round(int number) throws SQLException;

    /** An even number, where what comes first in one round comes second in the next. */
    static int even(int wanted) {
        return wanted == 1 ? 1 : wanted / 2 * 2;
    }

    /** Adds the figures that follow from those of all rounds. */
    default void conclude() {}
}
