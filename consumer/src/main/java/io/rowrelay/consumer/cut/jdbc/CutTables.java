package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.jdbc.HazardReport;
import io.rowrelay.consumer.jdbc.WriterTable;
import io.rowrelay.stream.apply.jdbc.AppliedTable;
import io.rowrelay.stream.apply.jdbc.ColumnCheck;
import io.rowrelay.stream.apply.jdbc.DefinitionChangedException;
import io.rowrelay.stream.apply.jdbc.RowWriter;
import io.rowrelay.stream.jdbc.DestinationHazard;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables of a stream in the destination, as they are now as far as is known. Not thread-safe. */
final class CutTables {
    /**
     * By oid: whether foreign keys act on others, whether more than the key is unique, and what its own foreign keys name. Nothing of
     * them acts in a session that is a replica. Those of a partition count for its root.
     */
    private static final String RULES = """
            WITH asked AS (SELECT o AS oid FROM unnest(?::bigint[]) o),
            keys AS (
                SELECT coalesce(pg_partition_root(k.conrelid), k.conrelid)::oid::bigint AS child,
                       coalesce(pg_partition_root(k.confrelid), k.confrelid)::oid::bigint AS parent,
                       k.confdeltype IN ('c', 'n', 'd', 'r') OR k.confupdtype IN ('c', 'n', 'd', 'r') AS acts,
                       k.conindid <> rowrelay.key_index(k.confrelid) AS elsewhere,
                       format('%I of %s', k.conname, k.conrelid::regclass) AS called,
                       -- Whether any row hangs on the row shown, but for itself.
                       format('NOT EXISTS (SELECT FROM %s child WHERE %s%s)', k.conrelid::regclass, (
                           SELECT string_agg(format('shown.%I OPERATOR(%I.%s) child.%I', p.attname, n.nspname, o.oprname, c.attname), ' AND ')
                           FROM unnest(k.confkey, k.conkey, k.conpfeqop) AS part (parent, child, equal)
                           JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = part.parent
                           JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = part.child
                           JOIN pg_operator o ON o.oid = part.equal JOIN pg_namespace n ON n.oid = o.oprnamespace),
                           CASE WHEN k.conrelid = k.confrelid
                                THEN ' AND (child.tableoid, child.ctid) IS DISTINCT FROM (shown.tableoid, shown.ctid)' ELSE '' END) AS free
                FROM pg_constraint k
                WHERE k.contype = 'f' AND k.conparentid = 0 AND current_setting('session_replication_role') <> 'replica')
            SELECT asked.oid,
                   EXISTS (SELECT FROM keys WHERE keys.parent = asked.oid AND keys.acts),
                   EXISTS (SELECT FROM pg_index i
                           WHERE i.indrelid = asked.oid::oid AND (i.indisunique OR i.indisexclusion)
                             AND i.indexrelid <> coalesce(rowrelay.key_index(asked.oid::oid::regclass), 0)),
                   ARRAY(SELECT DISTINCT keys.parent FROM keys WHERE keys.child = asked.oid),
                   (SELECT min(keys.called) FROM keys WHERE keys.parent = asked.oid AND keys.acts AND keys.elsewhere),
                   (SELECT string_agg(DISTINCT keys.free, ' AND ') FROM keys WHERE keys.parent = asked.oid AND keys.acts),
                   ARRAY(SELECT DISTINCT a.attname::text
                         FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) AS part (attnum)
                         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.attnum
                         WHERE i.indrelid = asked.oid AND (i.indisunique OR i.indisexclusion) AND NOT a.attnotnull AND a.attgenerated = '')
            FROM asked""";

    /**
     * What the order of writing rests on besides the definition: constraint triggers of foreign keys stand at both their tables.
     */
    private static final String FINGERPRINTS = "SELECT t.name, " + AppliedTable.fingerprintSql("t.oid")
            + ", (SELECT coalesce(sum(g.oid::bigint), 0) FROM pg_trigger g WHERE g.tgrelid = t.oid)"
            + " FROM (SELECT n, to_regclass(n)::oid FROM unnest(?::text[]) n) t(name, oid)";

    private final String stream;
    private final HazardReport hazards = new HazardReport();
    private final Map<String, List<DestinationHazard>> acting = new HashMap<>();
    private final Set<String> noted = new HashSet<>();
    private final Map<String, CutTable> known = new HashMap<>();
    private final Map<String, Long> triggers = new HashMap<>();

    CutTables(String stream) {
        this.stream = stream;
    }

    /** Forgets them all. */
    void forget() {
        known.clear();
        triggers.clear();
    }

    /** The definitions that are known. */
    Collection<CutTable> all() {
        return known.values();
    }

    CutTable get(String name) {
        CutTable table = known.get(name);
        if (table == null) {
            throw new IllegalStateException("the definition of " + name + " has not been read");
        }
        return table;
    }

    /**
     * Reads those that are not known yet.
     *
     * @throws OutageException when one is not there
     */
    void require(Connection connection, Set<String> names) throws SQLException, OutageException {
        List<String> wanted =
                names.stream().filter(name -> !known.containsKey(name)).toList();
        if (wanted.isEmpty()) {
            return;
        }
        Map<String, Table> found = TableCatalog.read(connection, wanted);
        List<String> missing =
                wanted.stream().filter(name -> !found.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            throw OutageException.waitingForAHuman(
                    "the destination lacks the table " + String.join(", ", missing)
                            + ", or the role may not use its schema: create it as it is in the source; the consumer goes on by itself");
        }
        String role =
                Query.one(connection, "SELECT current_setting('session_replication_role')", row -> row.getString(1));
        Map<Long, CutTable.Rules> rules = rules(connection, found.values());
        refuse(rules.values());
        found.forEach((name, table) -> known.put(
                name,
                new CutTable(
                        name,
                        new RowWriter(AppliedTable.withoutFence(table, role), stream),
                        rules.getOrDefault(
                                table.oid(),
                                new CutTable.Rules(true, true, Set.of(), Optional.empty(), "false", List.of())))));
        readTriggers(connection, wanted);
        note(connection, wanted);
        look(connection, wanted);
    }

    private void note(Connection connection, List<String> names) throws SQLException {
        for (String name : names) {
            if (noted.add(name)) {
                WriterTable.note(connection, stream, name);
            }
        }
    }

    /** What acts on the rows beside the consumer. A cascade does no harm: the rows that it touches have their own changes. */
    private void look(Connection connection, List<String> names) throws SQLException {
        for (String name : names) {
            acting.put(
                    name,
                    DestinationHazard.read(connection, name).stream()
                            .filter(hazard -> hazard.kind() != DestinationHazard.Kind.CASCADE)
                            .toList());
        }
        hazards.found(acting.values().stream().flatMap(List::stream).toList());
    }

    /**
     * Which row has a key says which row it is. With a foreign key that names other columns and acts, rows would hang on a row of which
     * nothing says which one it is after the window: another key can have its values by then.
     */
    private static void refuse(Collection<CutTable.Rules> rules) throws OutageException {
        Optional<String> acting =
                rules.stream().flatMap(each -> each.actingElsewhere().stream()).findFirst();
        if (acting.isPresent()) {
            throw OutageException.waitingForAHuman("the foreign key " + acting.get()
                    + " names columns that are not the key of their table, and acts when they change: let the consumer's role write past"
                    + " it with GRANT SET ON PARAMETER session_replication_role, or give the foreign key NO ACTION here; the consumer"
                    + " goes on by itself");
        }
    }

    private static Map<Long, CutTable.Rules> rules(Connection connection, Collection<Table> tables)
            throws SQLException {
        Map<Long, CutTable.Rules> rules = new HashMap<>();
        Long[] oids = tables.stream().map(Table::oid).toArray(Long[]::new);
        Query.list(
                connection,
                RULES,
                row -> rules.put(
                        row.getLong(1),
                        new CutTable.Rules(
                                row.getBoolean(2),
                                row.getBoolean(3),
                                new HashSet<>(
                                        Arrays.asList((Long[]) row.getArray(4).getArray())),
                                Optional.ofNullable(row.getString(5)),
                                Objects.requireNonNullElse(row.getString(6), "true"),
                                List.of((String[]) row.getArray(7).getArray()))),
                (Object) oids);
        return rules;
    }

    private void readTriggers(Connection connection, List<String> names) throws SQLException {
        Query.list(connection, FINGERPRINTS, row -> triggers.put(row.getString(1), row.getLong(3)), (Object)
                names.toArray(String[]::new));
    }

    /**
     * What the changes have to wait for, and what ends that; a column may have been added since the definition was read, so the caller
     * reads it again first.
     */
    Optional<String> unfit(String name, List<ValidChange> changes) {
        return new ColumnCheck(get(name).definition(), name).problem(changes);
    }

    /**
     * Makes sure, behind the writes and in the same trip, that the tables are still what the statements were made for: the writes hold
     * their locks by now.
     */
    void confirm(RoundTrips trips, Set<String> names, Set<String> altered) throws SQLException, OutageException {
        trips.add(
                FINGERPRINTS,
                0,
                (statement, first) -> {
                    statement.setArray(
                            first, statement.getConnection().createArrayOf("text", names.toArray(String[]::new)));
                    return first + 1;
                },
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        while (row.next()) {
                            String name = row.getString(1);
                            boolean same = get(name).definition().fingerprint().equals(row.getString(2))
                                    && Long.valueOf(row.getLong(3)).equals(triggers.get(name));
                            if (!same) {
                                altered.add(name);
                            }
                        }
                    }
                });
    }

    static DefinitionChangedException changed(Set<String> altered) {
        return new DefinitionChangedException(String.join(", ", altered));
    }

    /** The tables of these names, parents before children. Those that name each other in a circle come in the order of their names. */
    List<CutTable> parentsFirst(Set<String> names) {
        Map<Long, CutTable> left = names.stream()
                .map(this::get)
                .sorted(Comparator.comparing(CutTable::name))
                .collect(Collectors.toMap(CutTable::oid, table -> table, (one, other) -> one, LinkedHashMap::new));
        List<CutTable> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            CutTable next = left.values().stream()
                    .filter(table -> waitsForNone(table, left.keySet()))
                    .findFirst()
                    .orElseGet(() -> left.values().iterator().next());
            left.remove(next.oid());
            ordered.add(next);
        }
        return ordered;
    }

    private static boolean waitsForNone(CutTable table, Set<Long> left) {
        return table.rules().parents().stream().allMatch(parent -> parent == table.oid() || !left.contains(parent));
    }

    /** Those of them to which a way of foreign keys leads back. */
    Set<String> circular(Set<String> names) {
        Map<Long, Set<Long>> reached = new HashMap<>();
        List<CutTable> tables = names.stream().map(this::get).toList();
        tables.forEach(
                table -> reached.put(table.oid(), new HashSet<>(table.rules().parents())));
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Set<Long> ways : reached.values()) {
                for (Long parent : List.copyOf(ways)) {
                    grown |= ways.addAll(reached.getOrDefault(parent, Set.of()));
                }
            }
        }
        return tables.stream()
                .filter(table -> reached.getOrDefault(table.oid(), Set.of()).contains(table.oid()))
                .map(CutTable::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
