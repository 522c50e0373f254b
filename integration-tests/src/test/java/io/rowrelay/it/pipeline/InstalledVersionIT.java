package io.rowrelay.it.pipeline;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.sandbox.stack.SqlScripts;
import io.rowrelay.stream.jdbc.InstalledVersion;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Daemons and commands ask for the version of what the scripts have made, before they use any of it. */
@Timeout(180)
class InstalledVersionIT {
    private static final String OLD = "are of version 0, version 1 is needed: run Rowrelay's SQL scripts for the ";
    private static final String MISSING = "Rowrelay's tables and functions are missing in the ";

    private final Pipeline pipeline = Pipeline.create();

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void is_the_one_that_this_release_needs_and_its_roles_may_ask() {
        String[] roles = {pipeline.topic() + "_p", pipeline.topic() + "_c"};
        execute(
                pipeline.sourceUrl(),
                "CREATE ROLE " + roles[0],
                "SELECT cdc_grant('emp_cdc', '" + roles[0] + "')",
                "SET ROLE " + roles[0],
                "SELECT 1 / (rowrelay.version() = " + InstalledVersion.NEEDED + ")::int");
        execute(
                pipeline.destinationUrl(),
                "CREATE ROLE " + roles[1],
                "SELECT cdc_grant_destination('employees', '" + roles[1] + "')",
                "SET ROLE " + roles[1],
                "SELECT 1 / (rowrelay.version() = " + InstalledVersion.NEEDED + ")::int");
    }

    @Test
    void an_earlier_one_is_refused_until_the_scripts_were_run() throws Exception {
        both("CREATE OR REPLACE FUNCTION rowrelay.version() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 0'");
        execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id) VALUES (1)");

        RunningDaemon producer = pipeline.startProducer();
        RunningDaemon consumer = pipeline.startConsumer();

        awaitReason(producer, OLD + "source, in the order of their names (see docs/operate/upgrade.md)");
        awaitReason(consumer, OLD + "destination, in the order of their names (see docs/operate/upgrade.md)");
        refused(OLD + "source", "pause");
        refused(OLD + "source", "capture", "employees");
        refused(OLD + "source", "verify");
        assertThat(said(1, "status")).contains("source " + OLD + "source", "destination " + OLD + "destination");
        assertThat(DoctorRun.of(pipeline.environment()).ids())
                .contains("source-scripts-old", "destination-scripts-old");
        assertThat(said(0, "uninstall", "--dry-run")).contains("DROP TABLE public.emp_cdc");
        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT FROM cdc_offset"))
                .isEmpty();

        runScripts("source");
        runScripts("destination");

        pipeline.awaitEqual();
        await().atMost(Pipeline.PATIENCE).until(() -> producer.isReady() && consumer.isReady());
    }

    @Test
    void a_later_one_serves() {
        both("CREATE OR REPLACE FUNCTION rowrelay.version() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 2'");
        execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id) VALUES (1)");

        pipeline.start();

        pipeline.awaitEqual();
        assertThat(said(0, "status")).contains("applied");
    }

    @Test
    void without_any_the_tables_are_not_set_up() {
        both("DROP FUNCTION rowrelay.version()");

        awaitReason(pipeline.startProducer(), MISSING + "source");
        awaitReason(pipeline.startConsumer(), MISSING + "destination");
        refused(MISSING + "source", "pause");
        assertThat(DoctorRun.of(pipeline.environment()).ids())
                .contains("source-scripts-missing", "destination-scripts-missing");
    }

    /** A trigger of such a table would run with the rights of the daemon, or of who runs the command. */
    @Test
    void tables_that_others_have_put_first_on_the_path_are_not_used() throws Exception {
        String role = pipeline.topic() + "_stranger";
        for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
            execute(
                    url,
                    "DO $$ BEGIN CREATE ROLE " + role + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                    "CREATE SCHEMA early",
                    "DO $$ DECLARE t text; BEGIN FOR t IN SELECT relname FROM pg_class WHERE relname LIKE 'cdc\\_%' AND relkind = 'r' LOOP"
                            + " EXECUTE format('CREATE TABLE early.%1$I (LIKE public.%1$I INCLUDING ALL); ALTER TABLE early.%1$I OWNER TO "
                            + role + "', t); END LOOP;"
                            + " EXECUTE format('ALTER DATABASE %I SET search_path = early, public', current_database()); END $$");
        }
        execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id) VALUES (1)");

        awaitReason(pipeline.startProducer(), "early.cdc_offset belongs to role " + role);
        awaitReason(pipeline.startConsumer(), "belongs to role " + role);
        refused("early.cdc_offset belongs to role " + role, "pause");

        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT FROM early.cdc_offset"))
                .isEmpty();
        // He may have installed Rowrelay himself.
        for (String owned : List.of("SCHEMA rowrelay", "DATABASE " + pipeline.topic())) {
            execute(pipeline.sourceUrl(), "ALTER " + owned + " OWNER TO " + role);
            try (Connection session = pipeline.source()) {
                assertThat(RolePath.schema(session, "cdc_offset")).as(owned).isEqualTo("early");
            }
            execute(pipeline.sourceUrl(), "ALTER " + owned + " OWNER TO cdc");
        }
    }

    /** The scripts do not alter them, so they must not get the number that says that they fit. */
    @Test
    void tables_of_before_the_first_release_do_not_pass_for_those_of_this_one() {
        execute(pipeline.sourceUrl(), "ALTER TABLE cdc_offset DROP COLUMN published_action_ids");
        execute(pipeline.destinationUrl(), "ALTER TABLE cdc_progress DROP COLUMN leader_epoch");

        assertThatThrownBy(() -> runScripts("source"))
                .hasStackTraceContaining("cdc_offset.published_action_ids is missing")
                .hasStackTraceContaining("cannot be upgraded");
        assertThatThrownBy(() -> runScripts("destination"))
                .hasStackTraceContaining("cdc_progress.leader_epoch is missing");
    }

    private void both(String sql) {
        execute(pipeline.sourceUrl(), sql);
        execute(pipeline.destinationUrl(), sql);
    }

    private void runScripts(String side) throws Exception {
        SqlScripts.in(SqlScripts.findDirectory().resolve(side))
                .runOn(side.equals("source") ? pipeline.source() : pipeline.destination());
    }

    private static void awaitReason(RunningDaemon daemon, String reason) {
        await().atMost(Pipeline.PATIENCE).until(daemon::reason, said -> said.contains(reason));
        assertThat(daemon.isReady()).isFalse();
    }

    private void refused(String reason, String... command) {
        assertThat(said(1, command)).contains(reason);
    }

    private String said(int exitCode, String... command) {
        return AdminRun.expecting(exitCode, pipeline.environment(), command).said();
    }
}
