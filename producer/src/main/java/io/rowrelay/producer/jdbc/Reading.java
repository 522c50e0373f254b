package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import java.sql.SQLException;

/** A way to read the changes of a window. After a failure the session is given up, whatever it is left in. */
public interface Reading {
    /** The ways there are. */
    enum Way {
        /** Narrow rows, many at a time. */
        NARROW,
        /** Rows of any width, few at a time. */
        WIDE,
        /** One by one, since one of them cannot be printed. */
        SINGLE
    }

    /** How many changes a page has, unless it ends early. */
    int pageSize();

    /** Up to how many changes a window is read without being measured first; 0 for none. */
    int smallWindow();

    /** Reads a window whole, of {@link #smallWindow} changes at most. One more than that says that it has more. */
    ReadChanges small(String s1) throws SQLException, OutageException;

    /** Reads the changes of a window behind an action_id, and ends the transaction. */
    ReadChanges page(String s1, OpenWindow window, long after) throws SQLException, OutageException;

    /** The way for the changes behind those that were read in this one. */
    Way next(ReadChanges read);
}
