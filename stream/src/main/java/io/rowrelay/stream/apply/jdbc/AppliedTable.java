package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.stream.record.ColumnNames;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.ColumnType;
import io.rowrelay.stream.table.DefinitionHash;
import io.rowrelay.stream.table.FenceColumn;
import io.rowrelay.stream.table.Table;
import java.util.List;
import java.util.Optional;

/**
 * What the statements that apply changes need to know of a destination table.
 *
 * @param table the table
 * @param fence the column of it that says which change a row shows; empty where the whole database shows one state of the source
 * @param columns its columns, without the fence
 * @param keyColumns those of the primary key, in key order; none where the table has no key, which only one without a fence may lack
 * @param replicationRole of the session, which says which triggers it meets
 */
public record AppliedTable(
        Table table,
        Optional<FenceColumn> fence,
        List<AppliedColumn> columns,
        List<AppliedColumn> keyColumns,
        String replicationRole) {
    /**
     * An SQL expression for what the statements depend on, by the table's name. It differs from {@link #fingerprint} when the
     * table is gone, another one has its name, a column was altered, or the session has another role in replication. A key that
     * is altered makes the statements fail.
     */
    static final String FINGERPRINT_NOW =
            "SELECT " + fingerprintSql("t.oid") + " FROM (SELECT to_regclass(?)::oid) t(oid)";

    public AppliedTable {
        columns = List.copyOf(columns);
        keyColumns = List.copyOf(keyColumns);
    }

    /** One of a database that shows one state of the source. */
    public static AppliedTable withoutFence(Table table, String replicationRole) {
        return of(table, Optional.empty(), replicationRole);
    }

    /** What {@link #FINGERPRINT_NOW} selects, for an SQL expression of the table's oid. */
    public static String fingerprintSql(String oid) {
        return "concat_ws(' ', " + oid + ", current_setting('session_replication_role'), " + DefinitionHash.sql(oid)
                + ")";
    }

    static AppliedTable of(Table table, Optional<FenceColumn> fence, String replicationRole) {
        return new AppliedTable(
                table, fence, applied(table.columns(), fence), applied(table.key(), fence), replicationRole);
    }

    private static List<AppliedColumn> applied(List<Column> columns, Optional<FenceColumn> fence) {
        return columns.stream()
                .filter(column ->
                        fence.filter(kept -> column.equals(kept.column())).isEmpty())
                .map(column -> new AppliedColumn(column, column.inRecord()))
                .toList();
    }

    /** What {@link #FINGERPRINT_NOW} was when the table was read. */
    public String fingerprint() {
        return table.oid() + " " + replicationRole + " " + table.definition();
    }

    /** The name in SQL, qualified. */
    public String name() {
        return table.sqlName();
    }

    /** Whether a change is only told by its whole row which row it is about. */
    public boolean keyless() {
        return keyColumns.isEmpty();
    }

    /** The names of the primary key's columns in key order. */
    public List<String> key() {
        return keyColumns.stream().map(AppliedColumn::name).toList();
    }

    /** Whether a value could have a text that PostgreSQL's JSON functions do not keep. */
    boolean keepsJsonTexts() {
        return columns.stream().anyMatch(column -> column.column().type().shape() == ColumnType.Shape.JSON);
    }

    private Optional<AppliedColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** The column that a member of a record belongs to; {@code members} are all of its columns. */
    Optional<AppliedColumn> columnOf(String member, List<String> members) {
        String name =
                ColumnNames.ofMember(member, members, known -> column(known).isPresent());
        return column(name).map(column -> new AppliedColumn(column.column(), member));
    }

    /** Whether deletions are planned the same way whatever the planner knows of the table. */
    public boolean deletesByLookup() {
        return keyColumns.stream().allMatch(column -> column.plainType().isPresent());
    }
}
