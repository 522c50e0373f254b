package io.rowrelay.stream.table;

import static io.rowrelay.stream.table.BuiltInType.Trait.BARE;
import static io.rowrelay.stream.table.BuiltInType.Trait.BYTE_ORDER;
import static io.rowrelay.stream.table.BuiltInType.Trait.CUT;
import static io.rowrelay.stream.table.BuiltInType.Trait.LENGTH;
import static io.rowrelay.stream.table.BuiltInType.Trait.ORDERED;
import static io.rowrelay.stream.table.BuiltInType.Trait.PLAIN;
import static io.rowrelay.stream.table.BuiltInType.Trait.QUOTED;
import static io.rowrelay.stream.table.BuiltInType.Trait.SMALL;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * PostgreSQL's own scalar types and their traits. A type that is not here, or lacks a trait, works too: it is handled in the
 * way that is right for every type.
 */
public enum BuiltInType {
    BOOL(BARE, SMALL, PLAIN, ORDERED),
    INT2(BARE, SMALL, PLAIN, ORDERED),
    INT4(BARE, SMALL, PLAIN, ORDERED),
    INT8(BARE, SMALL, PLAIN, ORDERED),
    NUMERIC(BARE, PLAIN, ORDERED),
    FLOAT4(BARE, SMALL, PLAIN, ORDERED),
    FLOAT8(BARE, SMALL, PLAIN, ORDERED),
    TEXT(QUOTED, LENGTH, PLAIN, BYTE_ORDER),
    VARCHAR(QUOTED, LENGTH, PLAIN, BYTE_ORDER),
    BPCHAR(LENGTH, PLAIN, BYTE_ORDER, CUT),
    NAME(BYTE_ORDER),
    BYTEA(LENGTH, PLAIN, ORDERED),
    UUID(QUOTED, SMALL, PLAIN, ORDERED),
    DATE(QUOTED, SMALL, PLAIN, ORDERED),
    TIME(SMALL, PLAIN, ORDERED),
    TIMETZ(SMALL, PLAIN, ORDERED),
    TIMESTAMP(SMALL, PLAIN, ORDERED),
    TIMESTAMPTZ(SMALL, PLAIN, ORDERED),
    INTERVAL(SMALL, ORDERED),
    BIT(ORDERED, CUT),
    VARBIT(ORDERED, CUT),
    OID(ORDERED),
    MONEY(ORDERED),
    INET(ORDERED),
    CIDR(ORDERED),
    MACADDR(ORDERED),
    MACADDR8(ORDERED),
    PG_LSN(ORDERED);

    private static final Map<String, BuiltInType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(BuiltInType::typeName, Function.identity()));

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes a set that cannot be changed
    private final Set<Trait> traits;

    BuiltInType(Trait... traits) {
        this.traits = Set.of(traits);
    }

    /** What can be said of a type. */
    public enum Trait {
        /** The text form is JSON; in quotes where it is no number and no truth value, as with NaN. */
        BARE,
        /** The text form in quotes is JSON. */
        QUOTED,
        /** No value has a long text form. */
        SMALL,
        /** A string of characters or bytes, whose length is known without reading it. */
        LENGTH,
        /**
         * A cast of a text to it, without length or precision, reads the text as the type's input does; the write then rejects
         * what is too long. Not so with domains, interval (its fields change what a bare number means) and xml.
         */
        PLAIN,
        /** The values are in the same order everywhere. */
        ORDERED,
        /** Likewise where the collation orders by bytes and the encoding is the same. */
        BYTE_ORDER,
        /** A cast cuts or pads a value to the length of the type. The type's input rejects it instead. */
        CUT
    }

    /** The type that pg_type calls so in the schema pg_catalog. */
    public static Optional<BuiltInType> named(String typeName) {
        return Optional.ofNullable(BY_NAME.get(typeName));
    }

    /** Its name in pg_type. */
    public String typeName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this can be said of it. */
    public boolean has(Trait trait) {
        return traits.contains(trait);
    }
}
