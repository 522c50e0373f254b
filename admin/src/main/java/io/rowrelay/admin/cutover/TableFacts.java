package io.rowrelay.admin.cutover;

import io.rowrelay.common.runtime.TransientFailureException;
import java.util.List;

/** A table on one side. */
public interface TableFacts {
    /** What it has besides its rows, sequences apart. */
    List<Definition> definitions() throws TransientFailureException;

    /** The sequences of its columns. */
    List<ColumnSequence> sequences() throws TransientFailureException;

    /** Returns how many transactions have written the table, prepared ones among them, and are still open. */
    long openWriters() throws TransientFailureException;

    /** Lets a sequence go on behind a value. */
    void setSequence(String name, long value) throws TransientFailureException;
}
