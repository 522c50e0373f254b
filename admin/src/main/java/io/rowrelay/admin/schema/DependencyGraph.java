package io.rowrelay.admin.schema;

import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * What tables need and what belongs to them, as pg_depend has it: types, functions, sequences, constraints and so on, also what
 * these need. Foreign keys to other tables are no part of it.
 */
final class DependencyGraph {
    /** What stands inside the statement of another object (contains), counts as that object. */
    private static final String EDGES = """
            WITH RECURSIVE wanted AS (
                SELECT coalesce(part.relid, asked.oid)::oid AS oid
                FROM unnest(?::bigint[]) AS asked (oid) LEFT JOIN LATERAL pg_partition_tree(asked.oid::oid::regclass) AS part ON true
            ), edge (how, of_class, of_object, classid, objid) AS (
                SELECT 'has', 0::oid, 0::oid, 'pg_class'::regclass::oid, oid FROM wanted
                UNION
                SELECT next.how, edge.classid, edge.objid, next.classid, next.objid
                FROM edge CROSS JOIN LATERAL (
                    -- A member of an extension comes with it.
                    SELECT 'needs', d.refclassid, d.refobjid
                    FROM pg_depend AS d
                    WHERE d.classid = edge.classid AND d.objid = edge.objid AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
                      AND (d.deptype = 'e' OR NOT EXISTS (SELECT FROM pg_depend AS e
                                                          WHERE e.classid = edge.classid AND e.objid = edge.objid AND e.deptype = 'e'))
                    UNION ALL
                    SELECT CASE a.attgenerated WHEN '' THEN 'has' ELSE 'contains' END, 'pg_attrdef'::regclass, d.oid
                    FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                    WHERE edge.classid = 'pg_class'::regclass AND d.adrelid = edge.objid
                      AND (a.attgenerated <> '' OR d.adrelid IN (SELECT oid FROM wanted))
                    UNION ALL
                    SELECT 'has', 'pg_constraint'::regclass, k.oid
                    FROM pg_constraint AS k
                    WHERE edge.classid = 'pg_class'::regclass AND k.conrelid = edge.objid AND k.conrelid IN (SELECT oid FROM wanted)
                      AND k.conparentid = 0 AND k.conislocal AND k.contype IN ('c', 'p', 'u', 'x', 'f')
                      AND (k.contype <> 'f' OR k.confrelid IN (SELECT oid FROM wanted))
                    UNION ALL
                    SELECT 'has', 'pg_class'::regclass, i.indexrelid
                    FROM pg_index AS i
                    WHERE edge.classid = 'pg_class'::regclass AND i.indrelid = edge.objid AND i.indrelid IN (SELECT oid FROM wanted)
                    UNION ALL
                    SELECT 'has', 'pg_trigger'::regclass, t.oid
                    FROM pg_trigger AS t
                    WHERE edge.classid = 'pg_class'::regclass AND t.tgrelid = edge.objid AND t.tgrelid IN (SELECT oid FROM wanted)
                      AND NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgname NOT IN ('cdc_insert', 'cdc_update', 'cdc_delete', 'cdc_truncate')
                    UNION ALL
                    SELECT 'has', 'pg_statistic_ext'::regclass, s.oid
                    FROM pg_statistic_ext AS s
                    WHERE edge.classid = 'pg_class'::regclass AND s.stxrelid = edge.objid AND s.stxrelid IN (SELECT oid FROM wanted)
                    UNION ALL
                    SELECT 'contains', 'pg_constraint'::regclass, k.oid
                    FROM pg_constraint AS k
                    WHERE edge.classid = 'pg_type'::regclass AND k.contypid = edge.objid
                    UNION ALL
                    SELECT 'contains', 'pg_rewrite'::regclass, r.oid
                    FROM pg_rewrite AS r JOIN pg_class AS v ON v.oid = r.ev_class
                    WHERE edge.classid = 'pg_class'::regclass AND v.oid = edge.objid AND v.relkind IN ('v', 'm')
                    UNION ALL
                    SELECT 'contains', 'pg_class'::regclass, c.oid
                    FROM pg_type AS t JOIN pg_class AS c ON c.oid = t.typrelid AND c.relkind = 'c'
                    WHERE edge.classid = 'pg_type'::regclass AND t.oid = edge.objid
                ) AS next (how, classid, objid)
            )
            SELECT how, of_class::bigint, of_object::bigint, classid::bigint, objid::bigint FROM edge""";

    private enum How {
        NEEDS,
        HAS,
        CONTAINS
    }

    private record Edge(How how, ObjectAddress from, ObjectAddress to) {}

    private final Set<ObjectAddress> objects = new LinkedHashSet<>();
    private final Map<ObjectAddress, ObjectAddress> owners = new HashMap<>();
    private final Map<ObjectAddress, Set<ObjectAddress>> needs = new HashMap<>();

    private DependencyGraph(List<Edge> edges) {
        for (Edge edge : edges) {
            objects.add(edge.to());
            if (edge.how() == How.CONTAINS) {
                owners.put(edge.to(), edge.from());
            }
        }
        for (Edge edge : edges) {
            ObjectAddress from = owner(edge.from());
            ObjectAddress to = owner(edge.to());
            if (edge.how() == How.NEEDS && !from.equals(to)) {
                needs.computeIfAbsent(from, none -> new LinkedHashSet<>()).add(to);
            }
        }
    }

    /** Reads that of tables by their oids, with their partitions. */
    static DependencyGraph read(Connection connection, List<Long> tables) throws SQLException {
        return new DependencyGraph(Query.list(
                connection,
                EDGES,
                row -> new Edge(
                        How.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                        new ObjectAddress(row.getLong(2), row.getLong(3)),
                        new ObjectAddress(row.getLong(4), row.getLong(5))),
                (Object) tables.toArray(Long[]::new)));
    }

    private ObjectAddress owner(ObjectAddress object) {
        ObjectAddress owner = owners.get(object);
        return owner == null ? object : owner(owner);
    }

    /** All objects, also those that need no statement. */
    List<ObjectAddress> objects() {
        return List.copyOf(objects);
    }

    /** Those that have a definition, each behind all that it needs. */
    List<ObjectDefinition> inOrder(Map<ObjectAddress, ObjectDefinition> definitions) {
        Map<ObjectAddress, Integer> missing = new HashMap<>();
        Map<ObjectAddress, List<ObjectAddress>> neededBy = new HashMap<>();
        PriorityQueue<ObjectAddress> ready = new PriorityQueue<>(order(definitions));
        for (ObjectAddress object : objects) {
            Set<ObjectAddress> needed = needs.getOrDefault(object, Set.of());
            missing.put(object, needed.size());
            needed.forEach(each ->
                    neededBy.computeIfAbsent(each, none -> new ArrayList<>()).add(object));
            if (needed.isEmpty()) {
                ready.add(object);
            }
        }
        Set<ObjectAddress> done = new LinkedHashSet<>();
        while (!ready.isEmpty()) {
            ObjectAddress next = ready.remove();
            done.add(next);
            for (ObjectAddress waiting : neededBy.getOrDefault(next, List.of())) {
                if (missing.merge(waiting, -1, Integer::sum) == 0) {
                    ready.add(waiting);
                }
            }
        }
        // Those of a circle come last: the server says what is wrong with them.
        done.addAll(objects);
        return done.stream()
                .filter(definitions::containsKey)
                .map(object -> Objects.requireNonNull(definitions.get(object)))
                .toList();
    }

    /** What an object needs, and what that needs, and so on, with itself. */
    Set<ObjectAddress> closure(ObjectAddress object) {
        Set<ObjectAddress> found = new LinkedHashSet<>();
        Deque<ObjectAddress> left = new ArrayDeque<>(List.of(object));
        while (!left.isEmpty()) {
            ObjectAddress next = left.pop();
            if (found.add(next)) {
                left.addAll(needs.getOrDefault(next, Set.of()));
            }
        }
        return found;
    }

    private static Comparator<ObjectAddress> order(Map<ObjectAddress, ObjectDefinition> definitions) {
        return Comparator.comparing((ObjectAddress object) -> definitions.containsKey(object))
                .thenComparing(object -> kind(definitions, object))
                .thenComparing(object -> name(definitions, object))
                .thenComparing(ObjectAddress::number);
    }

    /** Any for those without definition, which are only compared with each other. */
    private static ObjectKind kind(Map<ObjectAddress, ObjectDefinition> definitions, ObjectAddress object) {
        ObjectDefinition definition = definitions.get(object);
        return definition == null ? ObjectKind.SCHEMA : definition.kind();
    }

    private static String name(Map<ObjectAddress, ObjectDefinition> definitions, ObjectAddress object) {
        ObjectDefinition definition = definitions.get(object);
        return definition == null ? "" : definition.name();
    }
}
