package io.rowrelay.stream.table;

import io.rowrelay.stream.table.BuiltInType.Trait;
import io.rowrelay.stream.table.ColumnType.Shape;
import java.util.Optional;
import java.util.Set;

/**
 * A column of a change table that has values of the source table.
 *
 * @param name quoted
 * @param source its name in the source table, quoted
 * @param field its name in a record
 * @param type of the column
 * @param printed whether it holds the text of what the source has
 * @param cast what to put behind a value so that it is printed as the source table's type would be, or nothing
 * @param form what it is printed as in a record
 * @param text what the text form of its type is in JSON
 * @param small whether no value of it has a long text form
 * @param string whether it is a string of characters or bytes, whose length is known without reading it
 */
public record CapturedColumn(
        String name,
        String source,
        String field,
        ColumnType type,
        boolean printed,
        String cast,
        Form form,
        Text text,
        boolean small,
        boolean string) {
    private static final Set<BuiltInType> DOUBLE = Set.of(BuiltInType.FLOAT8);
    private static final Set<BuiltInType> REAL = Set.of(BuiltInType.FLOAT4);
    private static final Set<BuiltInType> NUMERIC = Set.of(BuiltInType.NUMERIC);

    /** What a column of a change table captures: the values of {@code source}, if the source table still has that. */
    static CapturedColumn of(Column captured, Optional<Column> source) {
        ColumnType type = captured.type();
        Optional<ColumnType> printedAs = source.map(Column::type);
        boolean shortNumeric = type.isOneOf(NUMERIC)
                && printedAs
                        .filter(from -> from.isOneOf(NUMERIC) && from.modifier() >= 0)
                        .isPresent();
        return new CapturedColumn(
                captured.quoted(),
                source.orElse(captured).quoted(),
                source.map(Column::inRecord).orElse(captured.name()),
                type,
                printedAs.filter(from -> from.foreign() && !type.foreign()).isPresent(),
                printedAs.map(from -> cast(type, from)).orElse(""),
                form(type, source.flatMap(Column::key).isPresent()),
                text(type),
                has(type, Trait.SMALL) || shortNumeric,
                has(type, Trait.LENGTH));
    }

    /** The change table is made so that it holds more than the source's columns do: a real is a double precision there. */
    private static String cast(ColumnType type, ColumnType source) {
        if (type.isOneOf(DOUBLE) && source.isOneOf(REAL)) {
            return "::real";
        }
        boolean reals = type.builtInElement().filter(DOUBLE::contains).isPresent()
                && source.builtInElement().filter(REAL::contains).isPresent();
        return reals ? "::real[]" : "";
    }

    /** A key is made of scalars, so that it has one text form. */
    private static Form form(ColumnType type, boolean inKey) {
        boolean scalarOfOthers = type.foreign() && type.shape() == Shape.SCALAR;
        if (type.textOnly() || scalarOfOthers || (inKey && type.shape().hasParts())) {
            return Form.TEXT;
        }
        return type.shape() == Shape.ARRAY ? Form.ARRAY : Form.JSON;
    }

    private static Text text(ColumnType type) {
        if (has(type, Trait.BARE)) {
            return Text.BARE;
        }
        if (has(type, Trait.QUOTED)) {
            return Text.STRING;
        }
        return type.shape() == Shape.JSONB ? Text.JSON : Text.OTHER;
    }

    private static boolean has(ColumnType type, Trait trait) {
        return type.builtIn().filter(known -> known.has(trait)).isPresent();
    }

    /** The column of the row that {@code alias} stands for. */
    public String of(String alias) {
        return alias + "." + name + cast;
    }

    /**
     * At most what the column's value takes in a record, in bytes, and computed without reading it: what is wide enough could not
     * even be printed. An element of an array can be printed in fewer bytes than it is stored in, but not in 16 times fewer.
     */
    public String leastSize(String alias) {
        String value = alias + "." + name;
        return string ? "octet_length(" + value + ")" : "pg_column_size(" + value + ") / 16";
    }

    /** What the column captures of a value of the source. */
    public String captured(String value) {
        return printed ? ColumnType.output(value) + (type.shape() == Shape.ARRAY ? "::text[]" : "") : value;
    }

    /** The column's value for a record, of the row that {@code alias} stands for. */
    public String value(String alias) {
        String value = of(alias);
        return switch (form) {
            case JSON -> value;
            case TEXT -> type.text(value);
            case ARRAY ->
                "CASE WHEN replace(array_dims(%1$s), '[1:', '') LIKE '%%[%%' THEN to_json(%2$s) ELSE to_json(%3$s) END"
                        .formatted(value, type.text(value), type.printable(value));
        };
    }

    /**
     * What a column is printed as, so that reading it back gives the same value. A string is read back by the input
     * function of the column's type, whatever the type is.
     */
    public enum Form {
        /** As PostgreSQL turns it into JSON. */
        JSON,
        /** As a JSON array, which can only count from 1; as its text form where it counts otherwise. */
        ARRAY,
        /** As its text form: what it is made of would come back as something else. */
        TEXT
    }

    /** What the text form of a type is in JSON. */
    public enum Text {
        /** The same; in quotes where it is no number and no boolean, as with NaN. */
        BARE,
        /** The same in quotes. */
        STRING,
        /** The same: it is JSON. */
        JSON,
        /** Something else. */
        OTHER
    }
}
