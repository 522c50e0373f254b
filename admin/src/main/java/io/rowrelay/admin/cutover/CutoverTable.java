package io.rowrelay.admin.cutover;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.ValueOrigin;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A table as the catalog knows it; names are printed with their schemas. Not thread-safe.
 *
 * @param database stays the caller's to close
 * @param table by its name as in SQL
 * @param destinationTable the destination's, for statements
 */
record CutoverTable(Database database, String table, String destinationTable) {
    /** Owned by the column, behind its identity, or named in its default. */
    private static final String SEQUENCES = """
            WITH used AS (
                SELECT d.refobjsubid AS attnum, d.objid AS sequence FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::oid
                  AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
                UNION
                SELECT f.adnum, d.refobjid FROM pg_catalog.pg_attrdef f
                JOIN pg_catalog.pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid
                    AND d.refclassid = 'pg_class'::regclass
                WHERE f.adrelid = ?::oid)
            SELECT u.attnum, format('%I.%I', n.nspname, s.relname), q.seqincrement,
                   CASE WHEN has_sequence_privilege(s.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.oid) END,
                   format_type(q.seqtypid, NULL), has_sequence_privilege(s.oid, 'SELECT, USAGE')
            FROM used u JOIN pg_catalog.pg_class s ON s.oid = u.sequence AND s.relkind = 'S'
            JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
            ORDER BY u.attnum""";

    /** The numbers of columns whose defaults name a sequence. */
    private static final String SEQUENCE_DEFAULTS = """
            SELECT f.adnum FROM pg_catalog.pg_attrdef f
            JOIN pg_catalog.pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
            JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
            WHERE f.adrelid = ?::oid""";

    /** A lock that writers take lasts as long as their transaction; a prepared one has no process. */
    private static final String WRITERS = """
            SELECT count(DISTINCT l.virtualtransaction) FROM pg_catalog.pg_locks l
            WHERE l.locktype = 'relation' AND l.granted
              AND l.relation IN (SELECT ?::oid UNION ALL SELECT p.relid::oid FROM pg_partition_tree(?::oid::regclass) p)
              AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
              AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
              AND l.pid IS DISTINCT FROM pg_backend_pid()""";

    /** A kind, what it says without its own name, and the statements, of which %1$s is the destination's table. */
    private static final String DEFINITIONS = """
            WITH t AS (SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
                       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid)
            SELECT 1 AS place, 'index' AS kind, concat_ws(' ', CASE WHEN i.indisunique THEN 'unique' END, rest.behind_name) AS says,
                   ARRAY[format('CREATE %sINDEX %I ON %s%s', CASE WHEN i.indisunique THEN 'UNIQUE ' END, x.relname, '%1$s', rest.behind_name)] AS statements
            FROM t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid AND NOT i.indisprimary
            JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
            CROSS JOIN LATERAL (
                SELECT substr(pg_get_indexdef(x.oid), 1 + length(concat('CREATE ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, 'INDEX ',
                           quote_ident(x.relname), ' ON ', CASE WHEN x.relkind = 'I' THEN 'ONLY ' END, t.name))) AS behind_name) rest
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = t.oid)
            UNION ALL
            SELECT 2, 'constraint', pg_get_constraintdef(k.oid),
                   CASE WHEN k.contype IN ('c', 'f') AND k.convalidated THEN
                       ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', '%1$s', k.conname, pg_get_constraintdef(k.oid)),
                             format('ALTER TABLE %s VALIDATE CONSTRAINT %I', '%1$s', k.conname)]
                   ELSE ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %I %s', '%1$s', k.conname, pg_get_constraintdef(k.oid))] END
            FROM t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('c', 'f', 'u', 'x')
            UNION ALL
            SELECT 3, 'foreign key', format('%I.%I %s', n.nspname, c.relname, pg_get_constraintdef(k.oid)),
                   ARRAY[format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))]
            FROM t JOIN pg_catalog.pg_constraint k ON k.confrelid = t.oid AND k.conrelid <> t.oid AND k.contype = 'f' AND k.conparentid = 0
            JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            UNION ALL
            SELECT 4, 'trigger', concat(g.tgname, ' ', g.tgfoid::regproc, ' ', CASE WHEN g.tgenabled = 'D' THEN 'disabled' END),
                   -- One that is there and disabled is enabled by that.
                   ARRAY[regexp_replace(replace(pg_get_triggerdef(g.oid), ' ON ' || t.name || ' ', ' ON %1$s '), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER')]
            FROM t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgenabled <> 'D'
                AND g.tgname NOT IN ('cdc_insert', 'cdc_update', 'cdc_delete', 'cdc_truncate')
            ORDER BY 1, 3""";

    /** What it has besides its rows, sequences apart. */
    List<Definition> definitions() throws OutageException {
        return database.read("reading the definition of " + table, connection -> {
            Table found = withExpressions(connection);
            List<Definition> definitions = new ArrayList<>(ofColumns(connection, found));
            definitions.addAll(Query.list(connection, DEFINITIONS, this::definition, found.oid()));
            return definitions;
        });
    }

    private Definition definition(ResultSet row) throws SQLException {
        List<String> statements = Arrays.stream((String[]) row.getArray(4).getArray())
                .map(text -> text.replace("%1$s", destinationTable))
                .toList();
        return new Definition(row.getString(2), row.getString(3), statements);
    }

    /** Each column's NOT NULL, then the defaults but for those that name a sequence, then identities. */
    private List<Definition> ofColumns(Connection connection, Table found) throws SQLException {
        List<Definition> notNull = new ArrayList<>();
        List<Definition> defaults = new ArrayList<>();
        List<Definition> identities = new ArrayList<>();
        List<Integer> numbered = Query.list(connection, SEQUENCE_DEFAULTS, row -> row.getInt(1), found.oid());
        for (Column column : found.columns()) {
            if (column.notNull()) {
                notNull.add(definition("not null", column.name(), column, "SET NOT NULL"));
            }
            if (column.origin() == ValueOrigin.DEFAULT && !numbered.contains(column.number())) {
                defaults.add(definition(
                        "default",
                        column.name() + " " + column.expression(),
                        column,
                        "SET DEFAULT " + column.expression()));
            }
            if (column.origin() == ValueOrigin.IDENTITY_ALWAYS) {
                identities.add(definition("identity", column.name() + " a", column, "SET GENERATED ALWAYS"));
            }
        }
        return Stream.of(notNull, defaults, identities)
                .flatMap(definitions -> definitions.stream().sorted(Comparator.comparing(Definition::text)))
                .toList();
    }

    private Definition definition(String kind, String says, Column column, String change) {
        return new Definition(
                kind,
                says,
                List.of("ALTER TABLE " + destinationTable + " ALTER COLUMN " + column.sqlName() + " " + change));
    }

    /** The sequences of its columns. */
    List<ColumnSequence> sequences() throws OutageException {
        return database.read("reading the sequences of " + table, connection -> {
            Table found = withExpressions(connection);
            return Query.list(connection, SEQUENCES, row -> sequence(found, row), found.oid(), found.oid());
        });
    }

    private ColumnSequence sequence(Table found, ResultSet row) throws SQLException {
        String name = row.getString(2);
        if (!row.getBoolean(6)) {
            throw new CommandFailedException("this role may not read sequence " + name + " of "
                    + row.getStatement().getConnection().getCatalog() + ": GRANT SELECT ON SEQUENCE " + name
                    + " TO it, or run the command as the table's owner");
        }
        int number = row.getInt(1);
        Column column = found.columns().stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow();
        long last = row.getLong(4);
        OptionalLong given = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(last);
        return new ColumnSequence(column.name(), name, row.getLong(3), given, creation(column, row));
    }

    private List<String> creation(Column column, ResultSet row) throws SQLException {
        if (column.origin() == ValueOrigin.IDENTITY_ALWAYS || column.origin() == ValueOrigin.IDENTITY_BY_DEFAULT) {
            // The consumer cannot write one that is ALWAYS; that is a definition of its own, for later.
            String alter = "ALTER TABLE " + destinationTable + " ALTER COLUMN " + column.sqlName();
            return List.of(
                    alter + " SET NOT NULL",
                    alter + " ADD GENERATED BY DEFAULT AS IDENTITY (START WITH %1$s INCREMENT BY " + row.getLong(3)
                            + ")");
        }
        String name = row.getString(2);
        return List.of(
                "CREATE SEQUENCE " + name + " AS " + row.getString(5) + " INCREMENT BY " + row.getLong(3)
                        + " START WITH %1$s OWNED BY " + destinationTable + "." + column.sqlName(),
                "ALTER TABLE " + destinationTable + " ALTER COLUMN " + column.sqlName() + " SET DEFAULT nextval('"
                        + name.replace("'", "''") + "')");
    }

    /** How many transactions have written the table, prepared ones among them, and are still open. */
    long openWriters() throws OutageException {
        return database.read("looking for open transactions that have written " + table, connection -> {
            long oid = found(connection).oid();
            return Query.one(connection, WRITERS, row -> row.getLong(1), oid, oid);
        });
    }

    private Table found(Connection connection) throws SQLException {
        return there(connection, TableCatalog.find(connection, table));
    }

    private Table withExpressions(Connection connection) throws SQLException {
        return there(connection, TableCatalog.findWithExpressions(connection, table));
    }

    private Table there(Connection connection, Optional<Table> found) throws SQLException {
        String catalog = connection.getCatalog();
        return found.orElseThrow(() -> new CommandFailedException(
                "there is no table " + table + " in " + catalog + ": check SOURCE_TABLE and DESTINATION_TABLE"));
    }

    /** Lets a sequence go on behind a value. */
    void setSequence(String name, long value) throws OutageException {
        database.change("setting sequence " + name, connection -> {
            try {
                return Query.one(
                        connection,
                        "SELECT pg_catalog.setval(?::pg_catalog.regclass, ?)",
                        row -> row.getLong(1),
                        name,
                        value);
            } catch (SQLException failure) {
                if (SqlFailures.isForWantOfRights(failure)) {
                    throw new CommandFailedException(
                            SqlFailures.explain(failure) + ": run this as the sequence's owner in the"
                                    + " destination: SELECT setval('" + name.replace("'", "''") + "', " + value + ");");
                }
                throw failure;
            }
        });
    }
}
