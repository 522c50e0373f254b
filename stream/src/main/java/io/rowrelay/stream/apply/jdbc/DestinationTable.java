package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.stream.json.RawMembers;
import io.rowrelay.stream.record.ColumnNames;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the statements need to know of a destination table.
 *
 * @param fingerprint another whenever something of this may be another, see {@link DestinationCatalog#FINGERPRINT_NOW}
 * @param name qualified and quoted
 * @param columns its columns, without the fence
 * @param key the names of the primary key's columns in key order
 * @param fence the name of the column that says which change a row shows
 * @param marked whether a comment says so of it, as of the newer sql/destination
 * @param deferrable whether a constraint of it could speak at the end of the transaction only
 * @param probed whether the destination has the function that finds rejected records, as of the newer sql/destination
 * @param tombstonesInOrder whether the newest tombstones are found by an index, as of the newer sql/destination
 */
public record DestinationTable(
        String fingerprint,
        String name,
        List<Column> columns,
        List<String> key,
        String fence,
        boolean marked,
        boolean deferrable,
        boolean probed,
        boolean tombstonesInOrder) {
    public DestinationTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * One column.
     *
     * @param name as it is, unquoted
     * @param member what it is called in a record
     * @param type as SQL text, with its length or precision
     * @param generated whether the database computes it
     * @param alwaysIdentity whether it is GENERATED ALWAYS AS IDENTITY, which an INSERT can give a value and an UPDATE cannot
     * @param equality the operator of the primary key's index that compares two of its values, with its schema, which need not be
     *     in the search_path; null when the column is not in the key
     * @param shape how a value of the type stands in a record
     * @param plainType the type without length or precision, where a text cast to it and then written is what the JSON string or
     *     number of that text would be; else null
     */
    public record Column(
            String name,
            String member,
            String type,
            boolean generated,
            boolean alwaysIdentity,
            @Nullable String equality,
            Shape shape,
            @Nullable String plainType) {
        Column named(String other) {
            return new Column(name, other, type, generated, alwaysIdentity, equality, shape, plainType);
        }

        /** How the record of a change is written anew for this column, so that the server takes any value as its text. */
        RawMembers.As rewritten() {
            return switch (shape) {
                case SCALAR -> RawMembers.As.TEXT_IF_NESTED;
                case NESTED -> RawMembers.As.ITSELF;
                case JSON, JSONB -> RawMembers.As.TEXT;
            };
        }
    }

    /** How values of a type stand in a record. */
    public enum Shape {
        /** As a string, a number or a truth value. */
        SCALAR,
        /** As an array or an object of what they are made of. */
        NESTED,
        /** As themselves; each keeps its text. */
        JSON,
        /** As themselves. */
        JSONB
    }

    /** Whether a value could have a text that PostgreSQL's JSON functions do not keep. */
    boolean keepsJsonTexts() {
        return columns.stream().anyMatch(column -> column.shape() == Shape.JSON);
    }

    private Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** The column that a member of a record belongs to; {@code members} are all of its columns. */
    Optional<Column> columnOf(String member, List<String> members) {
        String name =
                ColumnNames.ofMember(member, members, known -> column(known).isPresent());
        return column(name).map(column -> column.named(member));
    }

    /** The columns of the primary key, in key order. */
    List<Column> keyColumns() {
        return key.stream().flatMap(name -> column(name).stream()).toList();
    }

    /** Whether a change of the column's value can be written. In the key it never changes: a row with another key is another row. */
    boolean updatable(Column column) {
        return !column.alwaysIdentity() || key.contains(column.name());
    }

    /** Whether deletions are planned the same way whatever the planner knows of the table. */
    boolean deletesByLookup() {
        return keyColumns().stream().allMatch(column -> column.plainType() != null);
    }
}
