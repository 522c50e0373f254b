package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.runtime.OutageException;

/** The destination table is not what its statements were made for. Nothing of the batch is kept: it is written again. */
public final class DefinitionChangedException extends OutageException {
    /** Names the table as in SQL. */
    public DefinitionChangedException(String table) {
        super("the destination table " + table + " is being altered while changes are written to it", null);
    }
}
