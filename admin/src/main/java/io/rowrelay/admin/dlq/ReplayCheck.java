package io.rowrelay.admin.dlq;

import io.rowrelay.admin.dlq.ReplayForecast.Effect;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.jdbc.Rehearsal;
import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.TopicRecord;
import java.util.Map;
import java.util.Optional;

/**
 * Says what would happen to a dead letter that is sent again, without sending it.
 *
 * @param topic that of the stream
 * @param trial what asks the destination
 * @param differences why a dead letter is not the record that it says it is, as {@link OriginalRecords} tells
 */
record ReplayCheck(String topic, ReplayCheck.Trial trial, Map<DeadLetterId, String> differences) implements Forecasts {
    ReplayCheck {
        differences = Map.copyOf(differences);
    }

    /** Does with a record what the consumer would do, and rolls it back. */
    @FunctionalInterface
    interface Trial {
        Rehearsal.Result of(String key, TopicRecord record) throws OutageException;
    }

    private static String afterReference(DeadLetter letter) {
        DeadLetter.Origin origin = letter.origin();
        if (origin.offset() >= 0) {
            return "the record lies at " + origin + ", too large for the dead-letter topic: repair what rejected it ("
                    + letter.reason() + "), then run resync";
        }
        return isFor(letter, RejectionReason.UNPRINTABLE)
                ? "the source cannot print the row: change its value there, which sends it again"
                : "let such rows through (KAFKA_MAX_REQUEST_SIZE, the topic's max.message.bytes), then run resync";
    }

    @Override
    public ReplayForecast of(DeadLetter letter) throws OutageException {
        if (letter.header(DeadLetterNames.STAGE)
                .filter(DeadLetterNames.STAGE_OF_REFERENCES::equals)
                .isPresent()) {
            return new ReplayForecast(Effect.REFERENCE, afterReference(letter));
        }
        if (!letter.isOf(topic)) {
            return new ReplayForecast(
                    Effect.FOREIGN, letter.origin().topic() + "; run this with the settings of its stream");
        }
        String difference = differences.get(letter.id());
        if (difference != null) {
            return new ReplayForecast(
                    Effect.ALTERED,
                    difference
                            + ": somebody else wrote this dead letter, or the topic was created again; --force sends it");
        }
        if (RejectionReason.named(letter.reasonWord())
                .filter(RejectionReason::liesInRecord)
                .isPresent()) {
            return new ReplayForecast(Effect.REJECTED, "the record itself is wrong, " + letter.reason());
        }
        Optional<String> key = Texts.utf8(letter.key());
        if (key.isEmpty() || Texts.utf8(letter.value()).isEmpty()) {
            return new ReplayForecast(Effect.REJECTED, "the record has no key or no value in UTF-8");
        }
        Rehearsal.Result tried = trial.of(key.get(), record(letter));
        if (tried.outcome() == Rehearsal.Outcome.TAKEN && isFor(letter, RejectionReason.SCHEMA)) {
            return new ReplayForecast(
                    Effect.UNKNOWN,
                    "the consumer's JSON Schema rejected it (" + letter.reason()
                            + "), the destination would not; --force sends it, once the schema is repaired");
        }
        return new ReplayForecast(effect(tried.outcome()), tried.detail());
    }

    private static boolean isFor(DeadLetter letter, RejectionReason reason) {
        return letter.reasonWord().equals(reason.name());
    }

    private static TopicRecord record(DeadLetter letter) {
        DeadLetter.Origin origin = letter.origin();
        return new TopicRecord(
                new Partition(origin.topic(), origin.partition()), origin.offset(), letter.key(), letter.value(), 0);
    }

    private static Effect effect(Rehearsal.Outcome outcome) {
        return switch (outcome) {
            case TAKEN -> Effect.TAKEN;
            case SUPERSEDED -> Effect.SUPERSEDED;
            case REJECTED -> Effect.REJECTED;
            case HOLDS_UP -> Effect.STOPS_THE_CONSUMER;
        };
    }
}
