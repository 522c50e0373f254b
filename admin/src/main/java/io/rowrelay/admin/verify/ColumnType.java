package io.rowrelay.admin.verify;

import java.util.List;
import java.util.Optional;

/**
 * The type of a column on one side.
 *
 * @param name as in SQL, with length or precision
 * @param virtual what the column is computed from whenever it is read, in SQL; empty where the table stores it
 * @param generated whether the table computes the column itself
 * @param base its name in pg_type, of a domain that of what it is made of
 * @param modifier length or precision as PostgreSQL keeps it, negative where there is none
 */
record ColumnType(String name, boolean generated, String virtual, String base, int modifier) {
    private static final List<String> TEXTS = List.of("text", "varchar");
    private static final List<String> LISTS_OF_TEXTS = List.of("_text", "_varchar");
    private static final List<String> WHOLE_NUMBERS = List.of("int2", "int4", "int8");
    private static final List<String> NUMBERS = List.of("int2", "int4", "int8", "numeric");

    /** Those that a cast cuts or fills up to their length, and input does not. */
    private static final List<String> CUT = List.of("bpchar", "bit", "varbit", "_bpchar", "_bit", "_varbit");

    private static final int LENGTH_WORD = 4;
    private static final int SCALE_BITS = 11;

    boolean json() {
        return base.equals("json") || base.equals("jsonb");
    }

    /**
     * What becomes of a value of another type that is written into a column of this type, as an expression, where a cast would do
     * more than that: it cuts what is too long, and fails for a number that is too large, while the write would be refused. Of such
     * a value the expression makes something that no column of this type holds. Nothing for other types.
     */
    Optional<String> takes(String value, ColumnType from) {
        if (TEXTS.contains(base) && TEXTS.contains(from.base)) {
            return Optional.of(base.equals("varchar") && modifier >= 0 ? withoutBlanksBehind(value) : value);
        }
        boolean sameText = (LISTS_OF_TEXTS.contains(base) && LISTS_OF_TEXTS.contains(from.base))
                || (WHOLE_NUMBERS.contains(base) && NUMBERS.contains(from.base));
        if (sameText) {
            return Optional.of(value);
        }
        if (base.equals("numeric") && modifier >= 0 && NUMBERS.contains(from.base)) {
            return Optional.of("round(" + value + "::numeric, " + scale() + ")");
        }
        return CUT.contains(base) ? Optional.of(value + "::text::pg_catalog.\"" + base + "\"") : Optional.empty();
    }

    /** Blanks beyond its length are all that varchar(n) lets go. */
    private String withoutBlanksBehind(String value) {
        int length = modifier - LENGTH_WORD;
        return "CASE WHEN btrim(substr(%1$s::text, %2$d), ' ') = '' THEN left(%1$s::text, %3$d) ELSE %1$s::text END"
                .formatted(value, length + 1, length);
    }

    /** The lowest bits, as a signed number. */
    private int scale() {
        int shift = Integer.SIZE - SCALE_BITS;
        return (modifier - LENGTH_WORD) << shift >> shift;
    }
}
