package io.rowrelay.admin.cutover;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;

/** A table on one side. */
public interface TableFacts {
    /** What it has besides its rows, sequences apart. */
    List<Definition> definitions() throws OutageException;

    /** The sequences of its columns. */
    List<ColumnSequence> sequences() throws OutageException;

    /** Returns how many transactions have written the table, prepared ones among them, and are still open. */
    long openWriters() throws OutageException;

    /** Lets a sequence go on behind a value. */
    void setSequence(String name, long value) throws OutageException;
}
