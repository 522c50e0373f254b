package io.rowrelay.admin.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.dlq.ReplayForecast.Effect;
import io.rowrelay.stream.apply.jdbc.Rehearsal;
import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.TopicRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayCheckTest {
    private final List<String> rehearsed = new ArrayList<>();
    private final ReplayCheck check = new ReplayCheck("changes", this::takeEverything, Map.of());

    @Test
    void asks_the_destination_about_a_letter_that_the_destination_refused() throws Exception {
        ReplayForecast forecast = check.of(letter("7", "{}", DeadLetterNames.MESSAGE, "DESTINATION: ERROR: no"));

        assertThat(forecast.effect()).isEqualTo(Effect.TAKEN);
        assertThat(rehearsed).containsExactly("7 {}");
    }

    @Test
    void asks_nobody_about_a_letter_that_is_not_the_record_that_was_rejected() throws Exception {
        ReplayCheck altered = new ReplayCheck(
                "changes",
                this::takeEverything,
                Map.of(new DeadLetterId(0, 0), "the topic has another record at changes-0@1"));

        ReplayForecast forecast = altered.of(letter("7", "{}", DeadLetterNames.MESSAGE, "DESTINATION: ERROR: no"));

        assertThat(forecast.effect()).isEqualTo(Effect.ALTERED);
        assertThat(forecast.detail())
                .startsWith("the topic has another record at changes-0@1: ")
                .contains("--force");
        assertThat(rehearsed).isEmpty();
    }

    @Test
    void asks_nobody_about_a_reference_to_a_change_that_was_too_large_and_says_what_to_do() throws Exception {
        ReplayForecast forecast = check.of(letter("7", "{}", DeadLetterNames.STAGE, "KAFKA_PRODUCE"));

        assertThat(forecast.effect()).isEqualTo(Effect.REFERENCE);
        assertThat(forecast.effect().canBeForced()).isFalse();
        assertThat(forecast.detail()).contains("KAFKA_MAX_REQUEST_SIZE", "resync");
        assertThat(rehearsed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOT_JSON", "ENVELOPE", "KEY"})
    void knows_that_a_record_which_is_wrong_in_itself_stays_so(String reason) throws Exception {
        assertThat(check.of(letter("7", "{}", DeadLetterNames.REASON, reason)).effect())
                .isEqualTo(Effect.REJECTED);
        assertThat(check.of(letter("7", "{}", DeadLetterNames.MESSAGE, reason + ": such and such"))
                        .effect())
                .isEqualTo(Effect.REJECTED);
        assertThat(rehearsed).isEmpty();
    }

    @Test
    void does_not_promise_what_the_schema_of_the_consumer_decides() throws Exception {
        ReplayForecast forecast = check.of(letter("7", "{}", DeadLetterNames.REASON, "SCHEMA (/required)"));

        assertThat(forecast.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(forecast.detail()).contains("--force");
    }

    @Test
    void keeps_off_letters_of_other_streams() throws Exception {
        assertThat(check.of(letter("7", "{}", DeadLetterNames.TOPIC, "others")).effect())
                .isEqualTo(Effect.FOREIGN);
        assertThat(check.of(letter("7", "{}", DeadLetterNames.TOPIC, "changes")).effect())
                .isEqualTo(Effect.TAKEN);
    }

    @Test
    void refuses_what_has_no_key_or_no_value() throws Exception {
        assertThat(check.of(letter(null, "{}", DeadLetterNames.STAGE, "TASK_PUT"))
                        .effect())
                .isEqualTo(Effect.REJECTED);
        assertThat(check.of(letter("7", null, DeadLetterNames.STAGE, "TASK_PUT"))
                        .effect())
                .isEqualTo(Effect.REJECTED);
    }

    private static DeadLetter letter(@Nullable String key, @Nullable String value, String name, String header) {
        return new DeadLetter(
                new DeadLetterId(0, 0),
                Instant.EPOCH,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8),
                List.of(new DeadLetter.Header(name, header.getBytes(StandardCharsets.UTF_8))));
    }

    private Rehearsal.Result takeEverything(String key, TopicRecord record) {
        rehearsed.add(key + " " + new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8));
        return new Rehearsal.Result(Rehearsal.Outcome.TAKEN, "");
    }
}
