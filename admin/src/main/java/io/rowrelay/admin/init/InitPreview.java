package io.rowrelay.admin.init;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.schema.SchemaPlan;
import io.rowrelay.admin.schema.SourceSchema;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.jdbc.InstalledVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** Prints what {@link Init} would run, as SQL for psql. What it has to try for that, it rolls back. */
record InitPreview(
        Database source,
        Database destination,
        StreamDestination there,
        List<String> patterns,
        Roles roles,
        boolean foreignKeys) {

    private record Found(CapturePlan plan, SourceSchema schema, List<String> naming) {}

    void print(Console console) throws OutageException {
        Found found = source.read("looking at the tables", this::look);
        List<CapturePlan.Table> tables = found.plan().all();
        console.say("-- source " + source.address());
        scripts(InstalledVersion.SOURCE, console);
        found.naming().forEach(console::say);
        found.plan().refused().forEach(each -> console.say("-- not captured: " + each));
        console.say("-- destination " + destination.address());
        scripts(InstalledVersion.DESTINATION, console);
        destination
                .read("looking at the tables", connection -> inDestination(connection, found.schema(), tables))
                .forEach(console::sayAll);
        console.say("-- source " + source.address());
        source.read("printing", connection -> inSource(connection, found.plan()))
                .forEach(console::say);
    }

    private Found look(Connection connection) throws SQLException {
        Init.refuseStandby(connection, InstalledVersion.SOURCE);
        if (InstalledVersion.SOURCE.shortfall(connection).isPresent()) {
            new ScriptInstallation(InstalledVersion.SOURCE).run(connection);
        }
        CapturePlan plan = new StreamSource(there.stream()).name(connection, patterns);
        if (there.mode() == ApplyMode.ROWS) {
            StreamSource.requireKeys(connection, plan);
        }
        SourceSchema schema = SourceSchema.read(
                connection, plan.all().stream().map(CapturePlan.Table::oid).toList());
        List<String> naming = patterns.isEmpty()
                ? List.of()
                : Query.list(
                        connection,
                        "SELECT format('SELECT rowrelay.name_tables(%L, %L);', ?::text, ?::text[])",
                        row -> row.getString(1),
                        there.stream(),
                        patterns.toArray(String[]::new));
        return new Found(plan, schema, naming);
    }

    private static void scripts(InstalledVersion side, Console console) {
        RowrelayScripts.of(side.database()).scripts().forEach(script -> console.say("\\i " + script.name()));
    }

    private List<String> inDestination(Connection connection, SourceSchema schema, List<CapturePlan.Table> tables)
            throws SQLException {
        Init.refuseStandby(connection, InstalledVersion.DESTINATION);
        boolean inCuts = there.mode() == ApplyMode.CUTS;
        boolean replica = there.mayBeReplica(connection, roles.consumer());
        SchemaPlan plan =
                SchemaPlan.of(schema, connection, new SchemaPlan.Choice(inCuts && (replica || foreignKeys), replica));
        if (!plan.refusals().isEmpty()) {
            throw new CommandFailedException(String.join("\n", plan.refusals()));
        }
        Stream<String> made = plan.statements().isEmpty()
                ? Stream.empty()
                : Stream.concat(
                        Stream.of("BEGIN;", "SET LOCAL check_function_bodies = off;"),
                        Stream.concat(
                                plan.statements().stream().map(each -> each.strip() + ";"), Stream.of("COMMIT;")));
        Stream<String> prepared = Query.list(
                connection,
                "SELECT format('SELECT " + there.preparing() + "(%L, %L);', ?::text, t) FROM unnest(?::text[]) AS t",
                row -> row.getString(1),
                there.stream(),
                tables.stream().map(CapturePlan.Table::name).toArray(String[]::new))
                .stream();
        Stream<String> granted = roles.grantConsumer()
                ? Query.list(
                        connection,
                        inCuts
                                ? "SELECT format('SELECT cdc_grant_destination_stream(%L, VARIADIC %L);', ?::text, ?::text[])"
                                : "SELECT format('SELECT cdc_grant_destination(%2$L, %1$L);', ?::text, t) FROM unnest(?::text[]) AS t",
                        row -> row.getString(1),
                        roles.consumer(),
                        tables.stream().map(CapturePlan.Table::name).toArray(String[]::new))
                        .stream()
                : Stream.empty();
        Stream<String> remarks = Stream.concat(
                plan.remarks().stream().map(remark -> "-- note: " + remark),
                inCuts || plan.created().isEmpty()
                        ? Stream.empty()
                        : Stream.of(
                                "-- note: init also drops what is unique beside the keys in the tables that it makes"));
        return Stream.of(remarks, made, prepared, granted).flatMap(each -> each).toList();
    }

    private List<String> inSource(Connection connection, CapturePlan plan) throws SQLException {
        List<String> captured = Query.list(
                connection,
                "SELECT format('SELECT rowrelay.capture_into(%L, %L);', ?::text, t) FROM unnest(?::text[]) AS t",
                row -> row.getString(1),
                there.stream(),
                plan.candidates().stream().map(CapturePlan.Table::name).toArray(String[]::new));
        List<String> granted = roles.producer().isEmpty()
                ? List.of()
                : Query.list(
                        connection,
                        "SELECT format('SELECT cdc_grant_stream(%L, %L);', ?::text, ?::text)",
                        row -> row.getString(1),
                        there.stream(),
                        roles.producer().get());
        return Stream.concat(captured.stream(), granted.stream()).toList();
    }
}
