package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Pipeline;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code admin.jar doctor} finds in a destination table that refuses what the source accepts, and what it does not find. */
@Timeout(180)
class DoctorDestinationIT {
    @Test
    void finds_each_value_that_the_destination_refuses_and_mends_it() throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("STREAM", "films")
                .with("CHANGE_TABLE", "films_cdc")
                .with("RECORD_SCHEMA", "none")) {
            execute(
                    pipeline.sourceUrl(),
                    "CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'it''s')",
                    "CREATE SCHEMA app",
                    "CREATE TYPE app.kind AS ENUM ('a', 'b')",
                    "CREATE DOMAIN kinds AS app.kind[]",
                    "CREATE TABLE films (id int PRIMARY KEY, rating mpaa_rating, other_schema app.kind, several kinds, title varchar(9),"
                            + " length int CHECK (length > 0))",
                    "SELECT cdc_capture('films', 'films_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    "CREATE TYPE mpaa_rating AS ENUM ('PG', 'G', 'it''s')",
                    "CREATE TYPE kind AS ENUM ('a', 'b')",
                    "CREATE TABLE films (id int PRIMARY KEY, rating mpaa_rating, other_schema kind, several kind[], title varchar(9),"
                            + " length int CHECK (length > 0), own int NOT NULL DEFAULT 1)",
                    "SELECT cdc_destination('films')");
            assertThat(ids(doctor(pipeline))).isEmpty();

            execute(
                    pipeline.sourceUrl(),
                    "ALTER TYPE mpaa_rating ADD VALUE 'NC-17'",
                    "ALTER TYPE app.kind ADD VALUE 'c''d'");
            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE films ALTER COLUMN title SET NOT NULL, ADD CHECK (id > 0)",
                    "CREATE RULE swallow AS ON INSERT TO cdc_tombstone DO INSTEAD NOTHING",
                    "INSERT INTO cdc_writer (stream, destination_table) VALUES ('other', 'public.films')");

            DoctorRun found = doctor(pipeline);
            assertThat(ids(found))
                    .as(found.said())
                    .containsExactlyInAnyOrder(
                            "destination-column-required",
                            "destination-enum-label",
                            "destination-condition",
                            "destination-shared",
                            "destination-tampered");
            assertThat(found.said()).contains("rule swallow of public.cdc_tombstone", "DROP RULE swallow");
            found.commands("destination").forEach(sql -> execute(pipeline.destinationUrl(), sql));
            execute(pipeline.destinationUrl(), "DELETE FROM cdc_writer", "DROP RULE swallow ON cdc_tombstone");
            assertThat(ids(doctor(pipeline))).isEmpty();

            execute(pipeline.sourceUrl(), "ALTER TABLE films RENAME TO movies");
            DoctorRun renamed = doctor(pipeline);
            assertThat(renamed.ids()).contains("table-missing");
            assertThat(renamed.said())
                    .contains("the triggers that write films_cdc are on public.movies: it was renamed");
        }
    }

    /** No daemon runs and there is no topic: what doctor says of these is left out. */
    private static List<String> ids(DoctorRun run) {
        return run.ids().stream().filter(id -> id.startsWith("destination-")).toList();
    }

    private static DoctorRun doctor(Pipeline pipeline) {
        return DoctorRun.of(pipeline.environment());
    }
}
