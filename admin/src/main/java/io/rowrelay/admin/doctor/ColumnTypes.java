package io.rowrelay.admin.doctor;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a column's type in the destination holds what its type in the source can. Types are as PostgreSQL prints them. */
public final class ColumnTypes {
    private static final Pattern TYPE = Pattern.compile("([^(]*)(?:\\((-?\\d+)(?:,(-?\\d+))?\\))?(.*)");
    private static final List<List<String>> LADDERS =
            List.of(List.of("smallint", "integer", "bigint", "numeric"), List.of("real", "double precision"));

    private ColumnTypes() {}

    /** How the two compare. */
    public enum Fit {
        /** Every value fits. */
        HOLDS,
        /** Some values do not. */
        NARROWER,
        /** Nobody knows. */
        OTHER
    }

    private record Type(String base, long first, long second, boolean bounded) {
        static Type of(String printed) {
            Matcher parts = TYPE.matcher(printed);
            if (!parts.matches()) {
                return new Type(printed, 0, 0, false);
            }
            String base = (parts.group(1) + parts.group(4)).equals("text")
                    ? "character varying"
                    : parts.group(1) + parts.group(4);
            boolean bounded = parts.group(2) != null;
            return new Type(
                    base,
                    bounded ? Long.parseLong(parts.group(2)) : 0,
                    parts.group(3) == null ? 0 : Long.parseLong(parts.group(3)),
                    bounded);
        }
    }

    /** Compares. */
    public static Fit compare(String source, String destination) {
        if (source.equals(destination)) {
            return Fit.HOLDS;
        }
        Type from = Type.of(source);
        Type to = Type.of(destination);
        return from.base().equals(to.base()) ? bounds(from, to) : ladders(from, to);
    }

    private static Fit bounds(Type from, Type to) {
        if (!to.bounded()) {
            return Fit.HOLDS;
        }
        boolean holds = from.bounded()
                && to.second() >= from.second()
                && to.first() - to.second() >= from.first() - from.second();
        return holds ? Fit.HOLDS : Fit.NARROWER;
    }

    private static Fit ladders(Type from, Type to) {
        for (List<String> ladder : LADDERS) {
            int narrow = ladder.indexOf(from.base());
            int wide = ladder.indexOf(to.base());
            if (narrow >= 0 && wide >= 0 && !to.bounded()) {
                return wide > narrow ? Fit.HOLDS : Fit.NARROWER;
            }
        }
        return Fit.OTHER;
    }
}
