package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares dead letters with the records that they say they are, where the stream's topic still has these. Who may write to the
 * dead-letter topic could otherwise have any change sent to the stream, by the hands of whoever replays.
 */
record OriginalRecords(AdminSettings settings, CommandClock clock) {

    /**
     * Returns why a dead letter is not the record that it says it is, by the dead letter; nothing about one that is, or whose
     * record the topic no longer has. The topic is read once for all of them.
     */
    Map<DeadLetterId, String> differences(Collection<DeadLetter> letters) throws OutageException, InterruptedException {
        String topic = settings.stream().topic();
        Map<DeadLetterId, String> differences = new HashMap<>();
        Map<DeadLetterId, List<DeadLetter>> byRecord = new HashMap<>();
        for (DeadLetter letter : letters) {
            DeadLetter.Origin origin = letter.origin();
            if (origin.partition() < 0 || origin.offset() < 0) {
                differences.put(letter.id(), "it does not say which record of the topic it is");
            } else if (letter.isOf(topic)) {
                byRecord.computeIfAbsent(
                                new DeadLetterId(origin.partition(), origin.offset()), record -> new ArrayList<>())
                        .add(letter);
            }
        }
        if (byRecord.isEmpty()) {
            return differences;
        }
        Set<DeadLetterId> found = new HashSet<>();
        try (DlqReader reader = new DlqReader(settings, clock, topic)) {
            reader.read(byRecord.keySet(), record -> {
                found.add(record.id());
                for (DeadLetter letter : byRecord.getOrDefault(record.id(), List.of())) {
                    if (!isSame(record, letter)) {
                        differences.put(letter.id(), "the topic has another record at " + letter.origin());
                    }
                }
            });
        }
        byRecord.keySet().removeAll(found);
        if (!byRecord.isEmpty()) {
            Map<Integer, Long> ends =
                    new PatientTopics(settings, clock).ends(topic).next();
            byRecord.forEach((record, missing) -> {
                if (record.offset() >= ends.getOrDefault(record.partition(), 0L)) {
                    missing.forEach(letter ->
                            differences.put(letter.id(), "the topic has never had a record at " + letter.origin()));
                }
            });
        }
        return differences;
    }

    private static boolean isSame(DeadLetter record, DeadLetter letter) {
        return Arrays.equals(record.key(), letter.key()) && Arrays.equals(record.value(), letter.value());
    }
}
