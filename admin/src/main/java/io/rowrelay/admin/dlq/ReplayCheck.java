package io.rowrelay.admin.dlq;

import io.rowrelay.admin.dlq.ReplayForecast.Verdict;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterNames;
import java.util.Optional;
import java.util.Set;

/** Tells what would come of sending a letter again, without sending it. */
final class ReplayCheck {
    /** Reasons that lie in the record alone: whatever is mended elsewhere, it stays refused. */
    private static final Set<String> IN_THE_RECORD = Set.of("NOT_JSON", "ENVELOPE", "KEY");

    private static final String UNPRINTABLE = "UNPRINTABLE";
    private static final String SCHEMA = "SCHEMA";

    private final String topic;
    private final Trial trial;

    /** Does with a record what the consumer would do, and undoes it. */
    @FunctionalInterface
    interface Trial {
        ReplayForecast of(String key, String value) throws OutageException;
    }

    ReplayCheck(String topic, Trial trial) {
        this.topic = topic;
        this.trial = trial;
    }

    private static String afterReference(DeadLetter letter) {
        DeadLetter.Origin origin = letter.origin();
        if (origin.offset() >= 0) {
            return "the record lies at " + origin + ", too large for the dead-letter topic: repair what refused it ("
                    + letter.reason() + "), then run resync";
        }
        return letter.reasonWord().equals(UNPRINTABLE)
                ? "the source cannot print the row: change its value there, which sends it again"
                : "let such rows through (KAFKA_MAX_REQUEST_SIZE, the topic's max.message.bytes), then run resync";
    }

    ReplayForecast of(DeadLetter letter) throws OutageException {
        if (letter.header(DeadLetterNames.STAGE)
                .filter(DeadLetterNames.STAGE_OF_REFERENCES::equals)
                .isPresent()) {
            return new ReplayForecast(Verdict.REFERENCE, afterReference(letter));
        }
        if (!letter.isOf(topic)) {
            return new ReplayForecast(
                    Verdict.FOREIGN, letter.origin().topic() + "; run this with the settings of its stream");
        }
        if (IN_THE_RECORD.contains(letter.reasonWord())) {
            return new ReplayForecast(Verdict.REFUSED, "the record itself is wrong, " + letter.reason());
        }
        Optional<String> key = Texts.utf8(letter.key());
        Optional<String> value = Texts.utf8(letter.value());
        if (key.isEmpty() || value.isEmpty()) {
            return new ReplayForecast(Verdict.REFUSED, "the record has no key or no value in UTF-8");
        }
        ReplayForecast rehearsed = trial.of(key.get(), value.get());
        if (rehearsed.verdict() == Verdict.TAKEN && letter.reasonWord().equals(SCHEMA)) {
            return new ReplayForecast(
                    Verdict.UNKNOWN,
                    "the consumer's JSON Schema refused it (" + letter.reason()
                            + "), the destination would not; --force sends it, once the schema is mended");
        }
        return rehearsed;
    }
}
