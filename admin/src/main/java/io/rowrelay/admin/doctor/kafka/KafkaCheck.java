package io.rowrelay.admin.doctor.kafka;

import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Set;

/**
 * A check that asks Kafka.
 *
 * @param name what it is called
 * @param subject what it is about
 * @param needs without these it is skipped
 * @param question what to ask
 */
record KafkaCheck(String name, Subject subject, Set<Need> needs, Question question) implements Check {
    KafkaCheck {
        needs = Set.copyOf(needs);
    }

    /** Asks, and judges the answer. */
    @FunctionalInterface
    interface Question {
        List<Finding> ask() throws OutageException, InterruptedException;
    }

    @Override
    public List<Finding> look() throws OutageException, InterruptedException {
        return question.ask();
    }

    /** The findings, or that all is well when there are none. */
    static List<Finding> orSound(List<Finding> findings, String text) {
        return findings.isEmpty() ? List.of(Finding.sound(text)) : List.copyOf(findings);
    }
}
