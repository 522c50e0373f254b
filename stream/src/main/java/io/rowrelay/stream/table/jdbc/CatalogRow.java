package io.rowrelay.stream.table.jdbc;

import io.rowrelay.stream.table.BuiltInType;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.ColumnType;
import io.rowrelay.stream.table.KeyPart;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.ValueOrigin;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a row of the {@link CatalogQuery} tells. */
final class CatalogRow {
    private CatalogRow() {}

    /** The table, without its columns. */
    static Table table(ResultSet row) throws SQLException {
        return new Table(
                row.getLong("oid"),
                row.getString("sql_name"),
                row.getLong("definition"),
                row.getBoolean("deferrable"),
                List.of());
    }

    static Column column(ResultSet row) throws SQLException {
        ColumnType type = type(row);
        return new Column(
                row.getInt("attnum"),
                row.getString("attname"),
                row.getString("sql_column"),
                type,
                row.getBoolean("attnotnull"),
                origin(row),
                orEmpty(row.getString("expression")),
                keyPart(row, type),
                row.getBoolean("marked"));
    }

    private static ValueOrigin origin(ResultSet row) throws SQLException {
        String made = row.getString("attgenerated") + row.getString("attidentity");
        return switch (made) {
            case "s" -> ValueOrigin.STORED;
            case "v" -> ValueOrigin.VIRTUAL;
            case "a" -> ValueOrigin.IDENTITY_ALWAYS;
            case "d" -> ValueOrigin.IDENTITY_BY_DEFAULT;
            default -> row.getBoolean("atthasdef") ? ValueOrigin.DEFAULT : ValueOrigin.NOTHING;
        };
    }

    private static ColumnType type(ResultSet row) throws SQLException {
        return new ColumnType(
                row.getString("declared"),
                row.getString("unmodified"),
                row.getBoolean("is_domain"),
                row.getBoolean("refuses_null"),
                row.getString("base"),
                row.getString("base_schema"),
                row.getString("base_name"),
                row.getInt("modifier"),
                ColumnType.Shape.valueOf(row.getString("shape")),
                row.getBoolean("text_only"),
                row.getBoolean("of_others"),
                enums(texts(row, "enums"), texts(row, "labels")));
    }

    private static Map<String, List<String>> enums(List<String> names, List<String> labels) {
        Map<String, List<String>> enums = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            List<String> known = enums.computeIfAbsent(names.get(i), first -> new ArrayList<>());
            // An enum can be part of a type twice.
            if (!known.contains(labels.get(i))) {
                known.add(labels.get(i));
            }
        }
        return enums;
    }

    private static Optional<KeyPart> keyPart(ResultSet row, ColumnType type) throws SQLException {
        int position = row.getInt("position");
        if (position == 0) {
            return Optional.empty();
        }
        List<String> operators = texts(row, "operators");
        return Optional.of(new KeyPart(
                position,
                operators.get(0),
                operators.get(1),
                operators.get(2),
                operators.get(3),
                operators.get(4),
                order(type, row.getString("encoding"))));
    }

    /** {@code encoding} is that of the database, where the collation orders by bytes. */
    private static String order(ColumnType type, @Nullable String encoding) {
        return type.builtIn()
                .map(known -> {
                    if (known.has(BuiltInType.Trait.ORDERED)) {
                        return known.typeName();
                    }
                    return known.has(BuiltInType.Trait.BYTE_ORDER) && encoding != null
                            ? "bytes of " + known.typeName() + " in " + encoding
                            : "";
                })
                .orElse("");
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array texts = row.getArray(column);
        return texts == null ? List.of() : List.of((String[]) texts.getArray());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
