package io.rowrelay.admin.schema;

import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whatever has to be made in a destination so that it has the source's tables. Objects that are there already stay as they are.
 *
 * @param statements in their order, to be run in one transaction
 * @param created the tables that are made, qualified
 * @param foreignKeysLeft how many foreign keys the destination's tables lack and do not get by it
 * @param refusals why it cannot be done; empty where it can
 * @param remarks what the destination will not have, or has otherwise
 */
public record SchemaPlan(
        List<String> statements,
        List<String> created,
        int foreignKeysLeft,
        List<String> refusals,
        List<String> remarks) {

    /** What may be made. */
    public record Choice(boolean foreignKeys, boolean activeTriggers) {}

    public SchemaPlan {
        statements = List.copyOf(statements);
        created = List.copyOf(created);
        refusals = List.copyOf(refusals);
        remarks = List.copyOf(remarks);
    }

    /** Looks at the destination, in the transaction of its connection. */
    public static SchemaPlan of(SourceSchema source, Connection destination, Choice choice) throws SQLException {
        List<ObjectDefinition> all = source.inOrder();
        Set<ObjectAddress> there = existing(source, destination, all);
        List<ObjectDefinition> wanted = all.stream()
                .filter(each -> each.relation()
                        .flatMap(source::definition)
                        .filter(table -> source.tables().contains(table.name()) && !there.contains(table.address()))
                        .isPresent())
                .toList();
        Set<ObjectAddress> needed = source.withNeeds(wanted);
        Draft draft = new Draft(source, choice);
        for (ObjectDefinition each : all) {
            boolean ofThereTable =
                    each.isPart() && there.contains(each.relation().orElseThrow());
            boolean lateKey = ofThereTable && each.kind() == ObjectKind.FOREIGN_KEY;
            if (!there.contains(each.address()) && (lateKey || (needed.contains(each.address()) && !ofThereTable))) {
                draft.add(each);
            }
        }
        draft.remarks.addAll(source.remarks());
        draft.remarks.addAll(source.columns().hindrances(TableColumns.read(destination, source.tables())));
        return draft.plan();
    }

    private static Set<ObjectAddress> existing(SourceSchema source, Connection destination, List<ObjectDefinition> all)
            throws SQLException {
        SourceSchema.print(destination);
        String[] relations = all.stream()
                .map(each -> each.relation()
                        .flatMap(source::definition)
                        .map(ObjectDefinition::name)
                        .orElse(""))
                .toArray(String[]::new);
        return new HashSet<>(Query.list(
                destination,
                """
                SELECT w.place
                FROM unnest(?::text[], ?::text[], ?::text[]) WITH ORDINALITY AS w (kind, name, relation, place)
                WHERE CASE w.kind
                    WHEN 'schema' THEN to_regnamespace(w.name) IS NOT NULL
                    WHEN 'extension' THEN EXISTS (SELECT FROM pg_extension AS e WHERE quote_ident(e.extname) = w.name)
                    WHEN 'type' THEN to_regtype(w.name) IS NOT NULL
                    WHEN 'function' THEN EXISTS (SELECT FROM pg_proc AS p WHERE p.oid >= 16384 AND p.oid::regprocedure::text = w.name)
                    WHEN 'foreign key' THEN EXISTS (SELECT FROM pg_constraint AS k
                                                    WHERE k.conrelid = to_regclass(w.relation) AND quote_ident(k.conname) = w.name)
                    WHEN 'sequence' THEN to_regclass(w.name) IS NOT NULL
                    WHEN 'table' THEN to_regclass(w.name) IS NOT NULL
                    WHEN 'view' THEN to_regclass(w.name) IS NOT NULL
                    ELSE false END""",
                row -> all.get((int) row.getLong(1) - 1).address(),
                all.stream().map(each -> each.kind().text()).toArray(String[]::new),
                all.stream().map(ObjectDefinition::name).toArray(String[]::new),
                relations));
    }

    /** What grows while the definitions are gone through. */
    private static final class Draft {
        private final SourceSchema source;
        private final Choice choice;
        private final List<String> statements = new ArrayList<>();
        private final List<String> created = new ArrayList<>();
        private final List<String> refusals = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();
        private final Map<String, List<String>> disabled = new LinkedHashMap<>();
        private int foreignKeysLeft;

        Draft(SourceSchema source, Choice choice) {
            this.source = source;
            this.choice = choice;
        }

        void add(ObjectDefinition each) {
            if (each.statement().isEmpty()) {
                refusals.add("init cannot make " + each.kind().text() + " " + each.name()
                        + ", which tables of the stream need. Make it in the destination, or make the tables there with pg_dump"
                        + " --schema-only --table=..., and run init again.");
                return;
            }
            if (each.kind() == ObjectKind.FOREIGN_KEY && !choice.foreignKeys()) {
                foreignKeysLeft++;
                return;
            }
            statements.add(each.statement().get());
            if (each.kind() == ObjectKind.TABLE) {
                created.add(each.name());
                if (!source.tables().contains(each.name())) {
                    remarks.add(each.name() + " is made without rows: others need it, but it is not in the stream");
                }
            }
            if (each.kind() == ObjectKind.TRIGGER && !choice.activeTriggers()) {
                String table = each.relation()
                        .flatMap(source::definition)
                        .map(ObjectDefinition::name)
                        .orElseThrow();
                statements.add("ALTER TABLE " + table + " DISABLE TRIGGER " + each.name());
                disabled.computeIfAbsent(table, none -> new ArrayList<>()).add(each.name());
            }
        }

        SchemaPlan plan() {
            if (!disabled.isEmpty()) {
                remarks.add("triggers that are made disabled, for they would act on replicated rows: "
                        + disabled.entrySet().stream()
                                .map(each -> each.getKey() + " (" + String.join(", ", each.getValue()) + ")")
                                .collect(Collectors.joining(", ")));
            }
            return new SchemaPlan(statements, created, foreignKeysLeft, refusals, remarks);
        }
    }
}
