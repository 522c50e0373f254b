package io.rowrelay.it.stream;

import static io.rowrelay.it.stack.Databases.execute;
import static io.rowrelay.it.stack.Databases.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.apply.jdbc.Rehearsal;
import io.rowrelay.stream.apply.jdbc.Rehearsal.Outcome;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a rehearsal says of a record is what the consumer would meet. */
@Timeout(120)
class RehearsalIT {
    @Test
    void takes_and_rejects_what_the_consumer_does_and_leaves_nothing_behind() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Connection destination = pipeline.destination();
            execute(
                    destination,
                    "CREATE SCHEMA ext; CREATE EXTENSION ltree SCHEMA ext; CREATE DOMAIN document AS json",
                    "CREATE TABLE t (k bytea, l ext.ltree, doc document, b jsonb, n int[], v text, PRIMARY KEY (k, l));"
                            + " SELECT cdc_destination('t')",
                    "INSERT INTO t (k, l) SELECT decode(string_agg(md5(n::text), ''), 'hex'), 'a.b' FROM generate_series(1, 94) n");
            String longKey = query(destination, "SELECT json_build_array(k, l)::text FROM t")
                    .get(0);
            String members = query(destination, "SELECT format('\"k\":%s,\"l\":%s', to_json(k), to_json(l)) FROM t")
                    .get(0);

            assertThat(outcome(
                            destination,
                            longKey,
                            "{\"action_id\":5,\"action\":\"DELETE\"," + members + ",\"doc\":{\"a\":\"\\u0000\"}}"))
                    .isEqualTo(Outcome.TAKEN);
            assertThat(outcome(
                            destination,
                            longKey,
                            insert(members, "\"doc\":[\"\\u0000\",\"\\ud800\"],\"n\":[1,2],\"v\":{\"a\":1}")))
                    .isEqualTo(Outcome.TAKEN);
            assertThat(outcome(destination, longKey, insert(members, "\"b\":[\"\\u0000\"]")))
                    .isEqualTo(Outcome.REJECTED);
            assertThat(outcome(destination, longKey, insert(members, "\"v\":\"\\u0000\"")))
                    .isEqualTo(Outcome.REJECTED);
            assertThat(outcome(destination, longKey, insert(members, "\"w\":1")))
                    .isEqualTo(Outcome.HOLDS_UP);
            assertThat(outcome(destination, longKey, "[]")).isEqualTo(Outcome.REJECTED);
            assertThat(outcome(destination, longKey, "{\"action_id\":5")).isEqualTo(Outcome.REJECTED);

            assertThat(query(destination, "SELECT count(*) FROM t WHERE doc IS NULL"))
                    .containsExactly("1");
            assertThat(query(destination, "SELECT count(*) FROM cdc_tombstone")).containsExactly("0");
        }
    }

    /** What the daemon's own table of SQLSTATEs calls an outage is none of the record's faults here either. */
    @Test
    void takes_no_limit_of_a_statement_for_a_fault_of_a_record() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Connection destination = pipeline.destination();
            execute(
                    destination,
                    "CREATE FUNCTION fail(state text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'no' USING ERRCODE = state; END $$");

            assertThat(List.of("54000", "54001", "22003"))
                    .allSatisfy(state ->
                            assertThat(query(destination, rehearsed(state))).containsExactly(state));
            assertThat(List.of("54011", "54023", "42P01"))
                    .allSatisfy(state -> assertThatThrownBy(() -> query(destination, rehearsed(state)))
                            .hasMessageContaining("ERROR: no"));
        }
    }

    private static String rehearsed(String state) {
        return "SELECT state FROM rowrelay.rehearse('SELECT fail(''" + state + "'')', NULL, NULL, NULL)";
    }

    private static String insert(String key, String members) {
        return "{\"action_id\":4611686018427387904,\"action\":\"INSERT\"," + key + "," + members + "}";
    }

    private static Outcome outcome(Connection destination, String key, String value) throws Exception {
        TopicRecord record = new TopicRecord(
                new Partition("t_cdc", 0),
                0,
                key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8),
                0);
        return new Rehearsal(destination, "t", "t", new JsonRecordReader(Optional.empty()))
                .of(record, 0)
                .outcome();
    }
}
