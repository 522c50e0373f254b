package io.rowrelay.stream.table;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The type of a column. Its names in SQL are qualified, but for those of PostgreSQL's own types, so that they mean the same under
 * every search_path.
 *
 * @param declared as the column has it, with length or precision; a domain by its name
 * @param unmodified the same without length or precision, so that a cast to it alters no value
 * @param domain whether it is a domain
 * @param refusesNull whether the domain does
 * @param base what the domain is made of in the end, with length or precision; of any other type {@code declared}
 * @param schema of the base type, unquoted
 * @param name of the base type, as in pg_type
 * @param modifier length or precision of the base type as PostgreSQL keeps it, negative where there is none
 * @param shape how a value stands in JSON
 * @param textOnly whether only the text form keeps a value, and what JSON makes of its parts does not
 * @param foreign whether something in it that is no composite is none of PostgreSQL's own types: its owner can add casts, which
 *     would run with the rights of who reads or writes a value; so it is printed and read without any
 * @param enums the enums that values are made of, qualified, each with its labels in their order
 */
public record ColumnType(
        String declared,
        String unmodified,
        boolean domain,
        boolean refusesNull,
        String base,
        String schema,
        String name,
        int modifier,
        Shape shape,
        boolean textOnly,
        boolean foreign,
        Map<String, List<String>> enums) {
    private static final String CATALOG = "pg_catalog";

    public ColumnType {
        enums = Collections.unmodifiableMap(new LinkedHashMap<>(enums));
    }

    /** How a value of a type stands in JSON. */
    public enum Shape {
        /** As a string, a number or a truth value. */
        SCALAR,
        /** As an array of what its elements are. */
        ARRAY,
        /** As an object of what its attributes are. */
        COMPOSITE,
        /** As itself; the type keeps its text. */
        JSON,
        /** As itself. */
        JSONB;

        /** Whether it is json or jsonb. */
        public boolean isJson() {
            return this == JSON || this == JSONB;
        }

        /** Whether a value has parts that JSON shows as its own values. */
        public boolean hasParts() {
            return this == ARRAY || this == COMPOSITE;
        }
    }

    /** Whether the base type is one of PostgreSQL's own, which have no casts but PostgreSQL's own. */
    public boolean isOwn() {
        return schema.equals(CATALOG);
    }

    /** An SQL expression for the text of a value. */
    public String text(String value) {
        return isOwn() ? value + "::text" : output(value);
    }

    /** An SQL expression for the value that a text stands for, without length or precision. */
    public String read(String text) {
        return isOwn() ? text + "::" + unmodified : input(text, unmodified);
    }

    /** The text of a value of whatever type, by the type's output function. */
    public static String output(String value) {
        return "CASE num_nulls(" + value + ") WHEN 0 THEN concat(" + value + ") END";
    }

    /** The value that a text stands for, by the type's input function: that is what functions for JSON call. */
    public static String input(String text, String type) {
        return "(SELECT v FROM json_to_record(json_build_object('v', " + text + ")) AS one (v " + type + "))";
    }

    /** An SQL expression for what PostgreSQL may turn into JSON in the place of a value, where the value itself may not be. */
    public String printable(String value) {
        if (!foreign) {
            return value;
        }
        return shape == Shape.ARRAY && !textOnly ? "(" + text(value) + ")::text[]" : text(value);
    }

    /** The traits of the base type, where it is one of PostgreSQL's own scalar types. */
    public Optional<BuiltInType> builtIn() {
        return schema.equals(CATALOG) ? BuiltInType.named(name) : Optional.empty();
    }

    /** The same of what a list is a list of. */
    public Optional<BuiltInType> builtInElement() {
        return schema.equals(CATALOG) && shape == Shape.ARRAY && name.startsWith("_")
                ? BuiltInType.named(name.substring(1))
                : Optional.empty();
    }

    /** Whether the base type is an enum. */
    public boolean isEnum() {
        return enums.containsKey(base);
    }

    /** Whether another type has the same names, but for the schemas, in which they may lie elsewhere in another database. */
    public boolean isCalledLike(ColumnType other) {
        return TypeFit.unqualified(declared).equals(TypeFit.unqualified(other.declared))
                && TypeFit.unqualified(base).equals(TypeFit.unqualified(other.base));
    }

    /** Whether the base type is one of these. */
    public boolean isOneOf(Collection<BuiltInType> types) {
        return builtIn().filter(types::contains).isPresent();
    }
}
