package io.rowrelay.stream.table;

import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a value of one type that is written into a column of another, where a cast would do more than that: it cuts
 * what is too long, and fails for a number that is too large, while the write would be rejected.
 */
public final class WrittenValue {
    private static final Set<BuiltInType> TEXTS = Set.of(BuiltInType.TEXT, BuiltInType.VARCHAR);
    private static final Set<BuiltInType> WHOLE_NUMBERS = Set.of(BuiltInType.INT2, BuiltInType.INT4, BuiltInType.INT8);
    private static final Set<BuiltInType> NUMBERS =
            Set.of(BuiltInType.INT2, BuiltInType.INT4, BuiltInType.INT8, BuiltInType.NUMERIC);
    private static final int LENGTH_WORD = 4;
    private static final int SCALE_BITS = 11;

    private WrittenValue() {}

    /**
     * An SQL expression for what becomes of {@code value}; a value that the write would reject becomes something that no column
     * of that type holds. Empty for types where a cast gives the right result.
     */
    public static Optional<String> of(String value, ColumnType from, ColumnType to) {
        if (to.isOneOf(TEXTS) && from.isOneOf(TEXTS)) {
            return Optional.of(isBoundedText(to) ? withoutBlanksBehind(value, to) : value);
        }
        if ((to.isOneOf(WHOLE_NUMBERS) && from.isOneOf(NUMBERS)) || (isListOfTexts(to) && isListOfTexts(from))) {
            return Optional.of(value);
        }
        if (to.isOneOf(Set.of(BuiltInType.NUMERIC)) && to.modifier() >= 0 && from.isOneOf(NUMBERS)) {
            return Optional.of("round(" + value + "::numeric, " + scale(to) + ")");
        }
        return to.builtIn()
                .or(to::builtInElement)
                .filter(type -> type.has(BuiltInType.Trait.CUT))
                .map(type -> from.text(value) + "::pg_catalog.\"" + to.name() + "\"");
    }

    private static boolean isBoundedText(ColumnType type) {
        return type.isOneOf(Set.of(BuiltInType.VARCHAR)) && type.modifier() >= 0;
    }

    private static boolean isListOfTexts(ColumnType type) {
        return type.builtInElement().filter(TEXTS::contains).isPresent();
    }

    /** varchar(n) cuts only blanks beyond its length. */
    private static String withoutBlanksBehind(String value, ColumnType type) {
        int length = type.modifier() - LENGTH_WORD;
        return "CASE WHEN btrim(substr(%1$s::text, %2$d), ' ') = '' THEN left(%1$s::text, %3$d) ELSE %1$s::text END"
                .formatted(value, length + 1, length);
    }

    /** The lowest bits, as a signed number. */
    private static int scale(ColumnType type) {
        int shift = Integer.SIZE - SCALE_BITS;
        return (type.modifier() - LENGTH_WORD) << shift >> shift;
    }
}
