package io.rowrelay.admin.cutover.jdbc;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.cutover.ColumnSequence;
import io.rowrelay.admin.cutover.Definition;
import io.rowrelay.admin.cutover.TableFacts;
import io.rowrelay.admin.jdbc.SourceSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A table as the catalog knows it; names are printed with their schemas. Not thread-safe. */
public final class JdbcTableFacts implements TableFacts {
    /** So that what PostgreSQL prints is qualified. */
    private static final String QUALIFIED = "SET LOCAL search_path = pg_catalog";

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
            SELECT a.attname, format('%I.%I', n.nspname, s.relname), q.seqincrement,
                   CASE WHEN has_sequence_privilege(s.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.oid) END,
                   a.attidentity, format('%I', a.attname), format_type(q.seqtypid, NULL),
                   has_sequence_privilege(s.oid, 'SELECT, USAGE')
            FROM used u JOIN pg_catalog.pg_class s ON s.oid = u.sequence AND s.relkind = 'S'
            JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = ?::oid AND a.attnum = u.attnum AND NOT a.attisdropped
            ORDER BY a.attnum""";

    /** A lock that writers take lasts as long as their transaction; a prepared one has no process. */
    private static final String WRITERS = """
            SELECT count(DISTINCT l.virtualtransaction) FROM pg_catalog.pg_locks l
            WHERE l.locktype = 'relation' AND l.granted AND l.relation = ?::oid
              AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
              AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
              AND l.pid IS DISTINCT FROM pg_backend_pid()""";

    /** A kind, what it says without its own name, and the statements, of which %1$s is the destination's table. */
    private static final String DEFINITIONS = """
            WITH t AS (SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
                       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid)
            SELECT 1 AS place, 'not null' AS kind, a.attname::text AS says,
                   ARRAY[format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', '%1$s', a.attname)] AS statements
            FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped
            UNION ALL
            SELECT 2, 'default', a.attname || ' ' || pg_get_expr(d.adbin, d.adrelid),
                   ARRAY[format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', '%1$s', a.attname, pg_get_expr(d.adbin, d.adrelid))]
            FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped AND a.attgenerated = ''
            JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_class s ON s.oid = p.refobjid AND s.relkind = 'S'
                              WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_class'::regclass)
            UNION ALL
            SELECT 3, 'identity', concat(a.attname, ' ', a.attidentity),
                   ARRAY[format('ALTER TABLE %s ALTER COLUMN %I SET GENERATED ALWAYS', '%1$s', a.attname)]
            FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attidentity = 'a' AND NOT a.attisdropped
            UNION ALL
            SELECT 4, 'index', concat_ws(' ', CASE WHEN i.indisunique THEN 'unique' END, rest.behind_name),
                   ARRAY[format('CREATE %sINDEX %I ON %s%s', CASE WHEN i.indisunique THEN 'UNIQUE ' END, x.relname, '%1$s', rest.behind_name)]
            FROM t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid AND NOT i.indisprimary
            JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
            CROSS JOIN LATERAL (
                SELECT substr(pg_get_indexdef(x.oid), 1 + length(concat('CREATE ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, 'INDEX ',
                           quote_ident(x.relname), ' ON ', CASE WHEN x.relkind = 'I' THEN 'ONLY ' END, t.name))) AS behind_name) rest
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = t.oid)
            UNION ALL
            SELECT 5, 'constraint', pg_get_constraintdef(k.oid),
                   CASE WHEN k.contype IN ('c', 'f') AND k.convalidated THEN
                       ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', '%1$s', k.conname, pg_get_constraintdef(k.oid)),
                             format('ALTER TABLE %s VALIDATE CONSTRAINT %I', '%1$s', k.conname)]
                   ELSE ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %I %s', '%1$s', k.conname, pg_get_constraintdef(k.oid))] END
            FROM t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('c', 'f', 'u', 'x')
            UNION ALL
            SELECT 6, 'foreign key', format('%I.%I %s', n.nspname, c.relname, pg_get_constraintdef(k.oid)),
                   ARRAY[format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))]
            FROM t JOIN pg_catalog.pg_constraint k ON k.confrelid = t.oid AND k.conrelid <> t.oid AND k.contype = 'f' AND k.conparentid = 0
            JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            UNION ALL
            SELECT 7, 'trigger', concat(g.tgname, ' ', g.tgfoid::regproc, ' ', CASE WHEN g.tgenabled = 'D' THEN 'disabled' END),
                   -- One that is there and disabled is enabled by that.
                   ARRAY[regexp_replace(replace(pg_get_triggerdef(g.oid), ' ON ' || t.name || ' ', ' ON %1$s '), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER')]
            FROM t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgenabled <> 'D'
                AND g.tgname NOT IN ('cdc_insert', 'cdc_update', 'cdc_delete', 'cdc_truncate')
            ORDER BY 1, 3""";

    private final SourceSessions sessions;
    private final String table;
    private final String destinationTable;

    /**
     * The sessions stay the caller's to close.
     *
     * @param table by its name as in SQL
     * @param destinationTable the destination's, for statements
     */
    public JdbcTableFacts(SourceSessions sessions, String table, String destinationTable) {
        this.sessions = sessions;
        this.table = table;
        this.destinationTable = destinationTable;
    }

    @Override
    public List<Definition> definitions() throws OutageException {
        return sessions.run("reading the definition of " + table, connection -> {
            List<Definition> definitions = new ArrayList<>();
            try (PreparedStatement statement = catalog(connection, DEFINITIONS, 1);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> statements = new ArrayList<>();
                    for (String text : (String[]) row.getArray(4).getArray()) {
                        statements.add(text.replace("%1$s", destinationTable));
                    }
                    definitions.add(new Definition(row.getString(2), row.getString(3), statements));
                }
            }
            return definitions;
        });
    }

    @Override
    public List<ColumnSequence> sequences() throws OutageException {
        return sessions.run("reading the sequences of " + table, connection -> {
            List<ColumnSequence> sequences = new ArrayList<>();
            try (PreparedStatement statement = catalog(connection, SEQUENCES, 3);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (!row.getBoolean(8)) {
                        throw new CommandFailedException("this role may not read sequence " + row.getString(2) + " of "
                                + connection.getCatalog() + ": GRANT SELECT ON SEQUENCE " + row.getString(2)
                                + " TO it, or run the command as the table's owner");
                    }
                    long last = row.getLong(4);
                    OptionalLong given = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(last);
                    sequences.add(new ColumnSequence(
                            row.getString(1), row.getString(2), row.getLong(3), given, creation(row)));
                }
            }
            return sequences;
        });
    }

    private List<String> creation(ResultSet row) throws SQLException {
        String identity = row.getString(5);
        String column = row.getString(6);
        if (!identity.isEmpty()) {
            // The consumer cannot write one that is ALWAYS; that is a definition of its own, for later.
            String alter = "ALTER TABLE " + destinationTable + " ALTER COLUMN " + column;
            return List.of(
                    alter + " SET NOT NULL",
                    alter + " ADD GENERATED BY DEFAULT AS IDENTITY (START WITH %1$s INCREMENT BY " + row.getLong(3)
                            + ")");
        }
        String name = row.getString(2);
        return List.of(
                "CREATE SEQUENCE " + name + " AS " + row.getString(7) + " INCREMENT BY " + row.getLong(3)
                        + " START WITH %1$s OWNED BY " + destinationTable + "." + column,
                "ALTER TABLE " + destinationTable + " ALTER COLUMN " + column + " SET DEFAULT nextval('"
                        + name.replace("'", "''") + "')");
    }

    @Override
    public long openWriters() throws OutageException {
        return sessions.run("looking for open transactions that have written " + table, connection -> {
            try (PreparedStatement statement = catalog(connection, WRITERS, 1);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** A statement whose parameters are the table. */
    private PreparedStatement catalog(Connection connection, String sql, int parameters) throws SQLException {
        long oid;
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regclass(?)::oid::bigint")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                oid = row.getLong(1);
                if (row.wasNull()) {
                    throw new CommandFailedException("there is no table " + table + " in " + connection.getCatalog()
                            + ": check SOURCE_TABLE and DESTINATION_TABLE");
                }
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(QUALIFIED);
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int place = 1; place <= parameters; place++) {
            statement.setLong(place, oid);
        }
        return statement;
    }

    @Override
    public void setSequence(String name, long value) throws OutageException {
        sessions.run("setting sequence " + name, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT pg_catalog.setval(?::pg_catalog.regclass, ?)")) {
                statement.setString(1, name);
                statement.setLong(2, value);
                statement.execute();
                return value;
            } catch (SQLException failure) {
                if (SqlFailures.isForWantOfRights(failure)) {
                    throw new CommandFailedException(
                            SqlFailures.describe(failure) + ": run this as the sequence's owner in the"
                                    + " destination: SELECT setval('" + name.replace("'", "''") + "', " + value + ");");
                }
                throw failure;
            }
        });
    }
}
