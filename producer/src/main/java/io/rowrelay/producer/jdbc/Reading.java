package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import java.sql.SQLException;

/** A way to read the changes of a window. After a failure the session is given up, so its state does not matter. */
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

    /** A window of up to this many changes is read without being measured first; 0 for none. */
    int smallWindow();

    /** Reads a whole window of at most {@link #smallWindow} changes. One change more means that it is larger. */
    ReadChanges small(String s1) throws SQLException, OutageException;

    /** Reads the changes of a window behind an action_id, and ends the transaction. */
    ReadChanges page(String s1, OpenWindow window, long after) throws SQLException, OutageException;

    /** The way to read the changes after these. */
    Way next(ReadChanges read);
}
