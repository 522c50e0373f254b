package io.rowrelay.stream.table;

import java.util.List;

/**
 * What the statements need to know of a change table.
 *
 * @param name the change table, qualified and quoted
 * @param oid its object id
 * @param printedLike the object id of the source table, where how a row is printed depends on that too, else 0
 * @param definition of its columns, as {@link #definitionNow} computes it
 * @param columns the captured columns in their order
 * @param key those that are the source's primary key, in key order
 */
public record ChangeTable(
        String name,
        long oid,
        long printedLike,
        long definition,
        List<CapturedColumn> columns,
        List<CapturedColumn> key) {
    public ChangeTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * An SQL expression for the {@linkplain DefinitionHash definition} of this table, and of the one that it is printed like, as it
     * is when the expression is computed.
     */
    public String definitionNow() {
        return printedLike == 0
                ? DefinitionHash.sql(oid + "::oid")
                : DefinitionHash.sqlOfBoth(oid + "::oid", printedLike + "::oid");
    }
}
