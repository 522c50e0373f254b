package io.rowrelay.admin.init;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.schema.SchemaPlan;
import io.rowrelay.admin.schema.SourceSchema;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.jdbc.Standby;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.jdbc.InstalledVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a stream. The source begins to capture last: ended at any moment before, nothing there has to be cleared away. Each step
 * is a transaction, and does nothing where its work is done.
 */
record Init(
        Database source,
        Database destination,
        StreamDestination there,
        Roles roles,
        CommandClock clock,
        Console console) {
    /** A lock that is not free within a moment is tried again this often. */
    private static final int ATTEMPTS = 20;

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Does all of it; returns the tables that could not be captured because others hold them. */
    List<String> run(List<String> patterns, boolean foreignKeys) throws OutageException, InterruptedException {
        console.say("source " + source.address());
        install(source, InstalledVersion.SOURCE);
        StreamSource here = new StreamSource(there.stream());
        CapturePlan plan = source.change("naming tables", connection -> named(connection, here, patterns));
        console.say("  stream " + there.stream() + ": " + String.join(" ", plan.patterns()));
        plan.refused().forEach(each -> console.say("  NOT captured: " + each));
        List<CapturePlan.Table> all = plan.all();
        if (all.isEmpty()) {
            throw new CommandFailedException(
                    "the patterns name no table that can be captured: " + String.join(" ", plan.patterns()));
        }
        prepareDestination(all, foreignKeys);
        return capture(here, plan);
    }

    private CapturePlan named(Connection connection, StreamSource here, List<String> patterns) throws SQLException {
        CapturePlan plan = here.name(connection, patterns);
        if (there.mode() == ApplyMode.ROWS) {
            StreamSource.requireKeys(connection, plan);
        }
        return plan;
    }

    private void install(Database database, InstalledVersion side) throws OutageException {
        ScriptInstallation scripts = new ScriptInstallation(side);
        String what = database.change("installing", connection -> {
            refuseStandby(connection, side);
            return scripts.run(connection);
        });
        console.say("  installed: " + what);
    }

    static void refuseStandby(Connection connection, InstalledVersion side) throws SQLException {
        if (Standby.is(connection)) {
            throw new CommandFailedException(
                    "the " + side.database() + " database is a standby: name the primary in its URL");
        }
    }

    private void prepareDestination(List<CapturePlan.Table> tables, boolean foreignKeys)
            throws OutageException, InterruptedException {
        console.say("destination " + destination.address());
        install(destination, InstalledVersion.DESTINATION);
        SourceSchema schema = source.read(
                "reading the definitions of tables",
                connection -> SourceSchema.read(
                        connection, tables.stream().map(CapturePlan.Table::oid).toList()));
        boolean inCuts = there.mode() == ApplyMode.CUTS;
        boolean replica = destination.read(
                "looking at role " + roles.consumer(), connection -> there.mayBeReplica(connection, roles.consumer()));
        SchemaPlan plan = destination.change(
                "making tables",
                connection ->
                        make(connection, schema, new SchemaPlan.Choice(inCuts && (replica || foreignKeys), replica)));
        plan.created().forEach(table -> console.say("  made: table " + table));
        plan.remarks().forEach(remark -> console.say("  note: " + remark));
        if (plan.foreignKeysLeft() > 0 && !inCuts) {
            console.say("  note: " + plan.foreignKeysLeft()
                    + " foreign keys are not made: rows arrive in any order, so that they would not hold");
        }
        if (plan.foreignKeysLeft() > 0 && inCuts) {
            console.say("  note: " + plan.foreignKeysLeft() + " foreign keys are not made yet: " + roles.consumer()
                    + " may not set session_replication_role, and a backfill brings rows before their parents. After it, run "
                    + Programs.command("init " + there.stream() + " --foreign-keys"));
        }
        for (CapturePlan.Table table : tables) {
            patiently(
                            destination,
                            "preparing " + table.name(),
                            connection -> there.prepare(connection, List.of(table.name())))
                    .orElseThrow(() -> new CommandFailedException(table.name()
                            + " of the destination has been in use all the time by open transactions; run init again"))
                    .stream()
                    // What such a role writes past.
                    .filter(said -> !replica
                            || (!said.contains("lets the consumer's role write past it")
                                    && !said.startsWith("foreign key")))
                    .forEach(said -> console.say("  note: " + said));
        }
        if (!replica && inCuts) {
            tellOfForeignKeys(tables);
        }
        console.say("  prepared: " + tables.size() + " tables, to be applied " + (inCuts ? "in cuts" : "row by row"));
        if (roles.grantConsumer()) {
            List<String> names = tables.stream().map(CapturePlan.Table::name).toList();
            destination
                    .change("granting", connection -> explained(() -> there.grant(connection, roles.consumer(), names)))
                    .forEach(said -> console.say("  note: " + said));
            console.say("  granted: role " + roles.consumer() + " may apply them");
        }
    }

    private void tellOfForeignKeys(List<CapturePlan.Table> tables) throws OutageException {
        List<String> names = tables.stream().map(CapturePlan.Table::name).toList();
        List<String> keys = destination.read(
                "looking at foreign keys", connection -> there.foreignKeysBeforeBegin(connection, names));
        if (!keys.isEmpty()) {
            console.say(
                    "  note: until the backfill has ended, a change of a row whose parent has not come yet becomes a dead"
                            + " letter, for these foreign keys act: " + String.join(", ", keys)
                            + ". Let a superuser GRANT SET ON"
                            + " PARAMETER session_replication_role TO " + roles.consumer() + ", or drop them and run "
                            + Programs.command("init " + there.stream() + " --foreign-keys") + " after the backfill");
        }
    }

    private SchemaPlan make(Connection connection, SourceSchema schema, SchemaPlan.Choice choice) throws SQLException {
        SchemaPlan plan = SchemaPlan.of(schema, connection, choice);
        if (!plan.refusals().isEmpty()) {
            throw new CommandFailedException(String.join("\n", plan.refusals()));
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String each : plan.statements()) {
                make(statement, each);
            }
            if (there.mode() == ApplyMode.ROWS) {
                for (String drop : StreamDestination.uniqueBesideKeys(connection, plan.created())) {
                    make(statement, drop);
                    console.say("  note: rows arrive in any order: " + drop);
                }
            }
        }
        return plan;
    }

    private static void make(Statement statement, String sql) throws SQLException {
        try {
            statement.execute(sql);
        } catch (SQLException failure) {
            if (SqlFailures.isCutShort(failure)) {
                throw failure;
            }
            throw new CommandFailedException(
                    "the destination refuses a definition of the source, and nothing was made: "
                            + SqlFailures.explain(failure) + "\n" + sql);
        }
    }

    private List<String> capture(StreamSource here, CapturePlan plan) throws OutageException, InterruptedException {
        List<String> left = new ArrayList<>();
        console.say("source " + source.address());
        for (CapturePlan.Table table :
                source.change("checking captures", here::problems).keySet()) {
            capture(here, table, "repaired: ", left);
        }
        for (CapturePlan.Table table : plan.candidates()) {
            capture(here, table, "captured: ", left);
        }
        source.change("checking captures", here::problems)
                .forEach((table, problem) -> console.say("  NOT SOUND: " + table.name() + ": " + problem));
        if (roles.producer().isPresent()) {
            String role = roles.producer().get();
            source.change("granting", connection -> explained(() -> here.grant(connection, role)))
                    .forEach(said -> console.say("  note: " + said));
            console.say("  granted: role " + role + " may publish the stream");
        }
        console.say("stream " + there.stream() + " has "
                + (plan.captured().size() + plan.candidates().size() - left.size())
                + " tables. Start " + Programs.PRODUCER + " and " + Programs.CONSUMER + " with STREAM=" + there.stream()
                + ", then run " + Programs.command("backfill") + " for the rows that are there already.");
        return left;
    }

    private void capture(StreamSource here, CapturePlan.Table table, String done, List<String> left)
            throws OutageException, InterruptedException {
        patiently(source, "capturing " + table.name(), connection -> here.capture(connection, table))
                .ifPresentOrElse(
                        said -> {
                            console.say("  " + done + table.name());
                            said.forEach(each -> console.say("  note: " + each));
                        },
                        () -> left.add(table.name()));
    }

    /** A piece of work in a transaction that waits for locks only for a moment; empty where others hold them all the time. */
    private Optional<List<String>> patiently(Database database, String doing, Database.Work<List<String>> work)
            throws OutageException, InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<List<String>> done = database.change(doing, connection -> {
                try {
                    return Optional.of(work.run(connection));
                } catch (SQLException failure) {
                    if (SqlFailures.isBusy(failure)) {
                        connection.rollback();
                        return Optional.empty();
                    }
                    throw StreamSource.explained(failure);
                }
            });
            if (done.isPresent()) {
                return done;
            }
            clock.sleep(PAUSE);
        }
        return Optional.empty();
    }

    @FunctionalInterface
    private interface Call {
        List<String> run() throws SQLException;
    }

    private static List<String> explained(Call call) throws SQLException {
        try {
            return call.run();
        } catch (SQLException failure) {
            throw StreamSource.explained(failure);
        }
    }
}
