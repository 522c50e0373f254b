package io.rowrelay.sandbox.bench;

import java.sql.SQLException;

/** Something that is measured in several rounds. */
interface Measurement {
    /** The name, by which it can be chosen. */
    String name();

    /** Measures once, everything that is to be compared in turns, verifies equality, and adds figures. */
    void round(int number) throws SQLException;

    /** Adds the figures that follow from those of all rounds. */
    default void conclude() {}
}
