package io.rowrelay.admin.doctor;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether dead letters are open, or were lost. */
final class DeadLettersCheck {
    static final Problem DEAD_LETTERS = Problem.problem(
            "dead-letters", "Dead letters are open: their changes are not in the destination. Replay or discard each.");

    static final Problem DEAD_LETTERS_LOST = Problem.problem(
            "dead-letters-lost", "The dead-letter topic dropped open dead letters: their rows may differ.");

    static final Check CHECK = new Check(
            "dead-letters",
            Subject.TOPIC,
            Set.of(Need.KAFKA, Need.DESTINATION),
            List.of(DEAD_LETTERS, DEAD_LETTERS_LOST),
            DeadLettersCheck::look);

    private DeadLettersCheck() {}

    private static List<CheckResult> look(CheckContext context) throws OutageException, InterruptedException {
        String topic = context.settings().stream().deadLetterTopic();
        DeadLetterCounts counts = context.servers().deadLetters();
        List<CheckResult> results = new ArrayList<>();
        if (counts.open() > 0) {
            results.add(CheckResult.found(
                    DEAD_LETTERS,
                    counts.open() + " open in " + topic,
                    Remedy.admin("dlq list"),
                    Remedy.byHand("repair what they were rejected for, then: " + Programs.command("dlq replay")
                            + "; or, where that is of no use: " + Programs.command("dlq discard"))));
        }
        if (counts.lost() > 0) {
            results.add(CheckResult.found(
                    DEAD_LETTERS_LOST,
                    counts.lost() + " lost from " + topic,
                    Remedy.admin("verify --repair"),
                    Remedy.byHand("when the tables are equal: " + Programs.command("dlq discard --lost"))));
        }
        return results.isEmpty() ? List.of(CheckResult.ok("no dead letter is open")) : results;
    }
}
