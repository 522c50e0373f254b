package io.rowrelay.stream.table;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a column of one type holds every value of a column of another. */
public enum TypeFit {
    /** It holds every value. */
    HOLDS,
    /** Some values do not fit. */
    NARROWER,
    /** Nobody knows. */
    UNKNOWN;

    private static final Pattern SCHEMA = Pattern.compile("^(?:\"(?:[^\"]|\"\")+\"|[^\".( ]+)\\.");
    private static final Pattern TYPE = Pattern.compile("([^(]*)(?:\\((-?\\d+)(?:,(-?\\d+))?\\))?(.*)");

    /** Each type holds the values of those before it. */
    private static final List<List<String>> LADDERS =
            List.of(List.of("smallint", "integer", "bigint", "numeric"), List.of("real", "double precision"));

    private record Bounds(String base, long first, long second, boolean bounded) {
        static Bounds of(String printed) {
            Matcher parts = TYPE.matcher(printed);
            if (!parts.matches()) {
                return new Bounds(printed, 0, 0, false);
            }
            String base = parts.group(1) + parts.group(4);
            boolean bounded = parts.group(2) != null;
            return new Bounds(
                    base.equals("text") ? "character varying" : base,
                    bounded ? Long.parseLong(parts.group(2)) : 0,
                    parts.group(3) == null ? 0 : Long.parseLong(parts.group(3)),
                    bounded);
        }
    }

    /** Compares the types of a column in the source and in the destination. A type may lie in another schema there. */
    public static TypeFit of(ColumnType source, ColumnType destination) {
        return of(unqualified(source.base()), unqualified(destination.base()));
    }

    /** Compares types as PostgreSQL prints them, without a schema. */
    static TypeFit of(String source, String destination) {
        if (source.equals(destination)) {
            return HOLDS;
        }
        Bounds from = Bounds.of(source);
        Bounds to = Bounds.of(destination);
        return from.base().equals(to.base()) ? within(from, to) : onLadder(from, to);
    }

    /** A type as PostgreSQL prints it, without its schema. */
    public static String unqualified(String type) {
        return SCHEMA.matcher(type).replaceFirst("");
    }

    private static TypeFit within(Bounds from, Bounds to) {
        if (!to.bounded()) {
            return HOLDS;
        }
        boolean holds = from.bounded()
                && to.second() >= from.second()
                && to.first() - to.second() >= from.first() - from.second();
        return holds ? HOLDS : NARROWER;
    }

    private static TypeFit onLadder(Bounds from, Bounds to) {
        for (List<String> ladder : LADDERS) {
            int narrow = ladder.indexOf(from.base());
            int wide = ladder.indexOf(to.base());
            if (narrow >= 0 && wide >= 0 && !to.bounded()) {
                return wide > narrow ? HOLDS : NARROWER;
            }
        }
        return UNKNOWN;
    }
}
