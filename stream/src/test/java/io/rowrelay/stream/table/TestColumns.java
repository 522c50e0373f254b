package io.rowrelay.stream.table;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Columns and tables as tests need them: only what is named differs from a plain nullable column. */
final class TestColumns {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private TestColumns() {}

    static Table table(Column... columns) {
        return new Table(1, "public.t", 7, false, List.of(columns));
    }

    /** A column of one of PostgreSQL's own types, by its name in pg_type. */
    static Column column(String name, String typeName) {
        return column(name, type(typeName, -1));
    }

    static Column column(String name, ColumnType type) {
        return new Column(
                NUMBERS.incrementAndGet(), name, name, type, false, ValueOrigin.NOTHING, "", Optional.empty(), false);
    }

    static Column keyColumn(String name, String typeName, int position) {
        KeyPart part = new KeyPart(position, "<", "<=", "=", ">=", ">", typeName);
        return new Column(
                NUMBERS.incrementAndGet(),
                name,
                name,
                type(typeName, -1),
                true,
                ValueOrigin.NOTHING,
                "",
                Optional.of(part),
                false);
    }

    static Column from(Column column, ValueOrigin origin) {
        return new Column(
                column.number(),
                column.name(),
                column.sqlName(),
                column.type(),
                column.notNull(),
                origin,
                column.expression(),
                column.key(),
                column.markedAsFence());
    }

    static Column marked(Column column) {
        return new Column(
                column.number(),
                column.name(),
                column.sqlName(),
                column.type(),
                column.notNull(),
                column.origin(),
                column.expression(),
                column.key(),
                true);
    }

    static ColumnType type(String typeName, int modifier) {
        ColumnType.Shape shape = switch (typeName) {
            case "json" -> ColumnType.Shape.JSON;
            case "jsonb" -> ColumnType.Shape.JSONB;
            default -> typeName.startsWith("_") ? ColumnType.Shape.ARRAY : ColumnType.Shape.SCALAR;
        };
        return type("pg_catalog", typeName, modifier, shape, false);
    }

    static ColumnType type(String schema, String typeName, int modifier, ColumnType.Shape shape, boolean textOnly) {
        String declared = typeName.equals("int8") ? "bigint" : typeName;
        return new ColumnType(
                declared,
                declared,
                false,
                false,
                declared,
                schema,
                typeName,
                modifier,
                shape,
                textOnly,
                !schema.equals("pg_catalog") && shape != ColumnType.Shape.COMPOSITE,
                Map.of());
    }
}
