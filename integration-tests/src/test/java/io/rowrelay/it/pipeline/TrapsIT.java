package io.rowrelay.it.pipeline;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Traps;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who may do nothing but create functions and operators in a schema that is on the path of the daemons' roles: none of
 * them is ever called by a daemon or a command.
 */
@Timeout(240)
class TrapsIT {
    private static final String TRAP = "trap";

    private static final String TABLE = """
            CREATE TYPE trap.mood AS ENUM ('calm', 'cross'); CREATE TYPE trap.span AS RANGE (SUBTYPE = int4);
            CREATE TYPE trap.pair AS (m trap.mood, n int);
            CREATE TABLE t (id int, m trap.mood, v int, s trap.span, p trap.pair, l trap.mood[], salary numeric, PRIMARY KEY (id, m))""";

    /** The owner of a type can add them at any time. */
    private static final String CASTS = """
            DO $make$
            DECLARE
                own text;
                other text;
            BEGIN
                FOREACH own IN ARRAY '{trap.mood,trap.mood[],trap.span,trap.pair}'::text[] LOOP
                    FOREACH other IN ARRAY '{text,varchar,json,text[]}'::text[] LOOP
                        EXECUTE format('CREATE FUNCTION trap.%I(%s) RETURNS %s LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;'
                                       'CREATE CAST (%2$s AS %3$s) WITH FUNCTION trap.%1$I(%2$s) AS ASSIGNMENT', 'to ' || other, own, other);
                        EXECUTE format('CREATE FUNCTION trap.%I(%s) RETURNS %s LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;'
                                       'CREATE CAST (%2$s AS %3$s) WITH FUNCTION trap.%1$I(%2$s) AS ASSIGNMENT', 'from ' || own, other, own);
                    END LOOP;
                END LOOP;
            END;
            $make$""";

    @TempDir
    private Path directory;

    @Test
    void no_daemon_and_no_command_calls_what_others_have_put_on_the_search_path() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String role = pipeline.topic() + "_trapped";
            for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
                Traps.laid(TRAP).forEach(statement -> execute(url, statement));
                execute(
                        url,
                        "DO $$ BEGIN CREATE ROLE " + role
                                + " LOGIN SUPERUSER PASSWORD 'secret'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "ALTER ROLE " + role + " SET search_path = \"$user\", public, " + TRAP,
                        TABLE);
            }
            execute(pipeline.sourceUrl(), "SELECT cdc_capture('t', 't_cdc')");
            execute(pipeline.destinationUrl(), "SELECT cdc_destination('t')", "ALTER TABLE t ADD CHECK (salary < 100)");
            pipeline.with("SOURCE_DB_USER", role)
                    .with("SOURCE_DB_PASSWORD", "secret")
                    .with("DESTINATION_DB_USER", role)
                    .with("DESTINATION_DB_PASSWORD", "secret")
                    .with("STREAM", "t")
                    .with("SOURCE_TABLE", "t")
                    .with("DESTINATION_TABLE", "t")
                    .with("CHANGE_TABLE", "t_cdc")
                    .with("RECORD_SCHEMA", "none");
            try (RunningDaemon producer = pipeline.startProducer();
                    RunningDaemon standby = pipeline.startProducer();
                    RunningDaemon consumer = pipeline.startConsumer()) {
                execute(
                        pipeline.sourceUrl(),
                        "INSERT INTO t SELECT n, 'calm', n, trap.span(n, n + 2), format('(cross,%s)', n)::trap.pair, '{calm,NULL}', n FROM generate_series(1, 20) n");
                pipeline.awaitEqual("t");
                for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
                    execute(url, CASTS);
                }
                execute(
                        pipeline.sourceUrl(),
                        "UPDATE t SET v = -v WHERE id > 5",
                        "UPDATE t SET m = 'cross' WHERE id > 12",
                        "DELETE FROM t WHERE id > 15",
                        "INSERT INTO t (id, m, salary) VALUES (100, 'calm', 100), (101, 'cross', 101), (102, 'calm', 102)");
                pipeline.awaitDeadLetters(3);
                execute(
                        pipeline.destinationUrl(),
                        "UPDATE t SET v = 0, l = NULL WHERE id = 3",
                        "DELETE FROM t WHERE id = 4");
                commands(pipeline);
                assertThat(producer.hasEnded() || standby.hasEnded() || consumer.hasEnded())
                        .isFalse();
            }
            admin(pipeline, "reanchor", "--yes", "--no-wait");
            admin(pipeline, "uninstall", "--dry-run");
            admin(pipeline, "uninstall", "--yes");

            // What a session has counted is seen when it has ended.
            for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
                await().atMost(Pipeline.PATIENCE)
                        .untilAsserted(() -> assertThat(Databases.query(
                                        url,
                                        "SELECT application_name FROM pg_stat_activity WHERE usename = '" + role + "'"))
                                .isEmpty());
                assertThat(Databases.query(url, Traps.sprung(TRAP))).isEmpty();
            }
            execute(pipeline.sourceUrl(), "DROP ROLE " + role);
        }
    }

    private void commands(Pipeline pipeline) {
        admin(pipeline, "status");
        admin(pipeline, "doctor");
        admin(pipeline, "capture", "t", "--dry-run");
        admin(pipeline, "capture", "t");
        admin(pipeline, "uncapture", "t", "--dry-run");
        admin(pipeline, "pause");
        admin(pipeline, "resume");
        admin(pipeline, "backfill", "--where", "id < 100");
        admin(pipeline, "verify", "--show-values");
        assertThat(admin(pipeline, "verify", "--repair", "--yes")).contains("different", "missing");
        admin(pipeline, "resync", "--yes", "--where", "id < 100");
        admin(pipeline, "cutover", "--dry-run");
        admin(pipeline, "cutover", "--margin", "10");
        String listed = admin(pipeline, "dlq", "list");
        String letter = Pattern.compile("\\b\\d:\\d+\\b")
                .matcher(listed)
                .results()
                .findFirst()
                .orElseThrow()
                .group();
        admin(pipeline, "dlq", "show", letter);
        admin(pipeline, "dlq", "replay", "--dry-run", letter);
        admin(pipeline, "dlq", "replay", "--force", letter);
        admin(pipeline, "dlq", "discard", "--yes", letter);
        admin(pipeline, "dlq", "export", "--to", directory.resolve("letters").toString());
    }

    private static String admin(Pipeline pipeline, String... arguments) {
        AdminRun run = AdminRun.of(pipeline.environment(), arguments);
        // Whether it finds something is not the question here, but it has to work.
        assertThat(run.exitCode()).as("%s: %s", List.of(arguments), run.said()).isNotEqualTo(2);
        assertThat(run.said()).as("%s", List.of(arguments)).doesNotContain("does not exist", "SQLSTATE 42");
        return run.said();
    }
}
