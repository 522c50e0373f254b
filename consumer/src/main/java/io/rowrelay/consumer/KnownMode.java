package io.rowrelay.consumer;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.consumer.jdbc.JdbcApplyMode;
import io.rowrelay.stream.ApplyMode;

/**
 * How a stream is applied. A destination that is out at the start cannot say so: then the parts for one table begin, since they know
 * what waits, and end if the answer is another. Not thread-safe.
 */
final class KnownMode {
    private final JdbcApplyMode destination;
    private boolean confirmed;

    /** The destination applies the stream in another way than the one that has begun. */
    static final class EndException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient ApplyMode mode;

        private EndException(ApplyMode mode) {
            super("the destination applies the stream " + mode);
            this.mode = mode;
        }

        ApplyMode mode() {
            return mode;
        }
    }

    KnownMode(JdbcApplyMode destination) {
        this.destination = destination;
    }

    /** Asks once; while there is no answer, it is that of a stream of one table. */
    ApplyMode first() {
        try {
            ApplyMode mode = destination.ask();
            confirmed = true;
            return mode;
        } catch (OutageException unknown) {
            // The first step asks again, and reports it.
            return ApplyMode.ONE_TABLE;
        }
    }

    /** Makes sure that Kafka answers. */
    @FunctionalInterface
    interface KafkaAnswer {
        void require() throws OutageException, InterruptedException;
    }

    /**
     * A task that does nothing before the mode is known; ends with an {@link EndException} if it is not that of one table. Where
     * neither Kafka nor the destination answers, it names Kafka.
     */
    Task unlessAnother(KafkaAnswer kafka, Task task) {
        return () -> {
            if (!confirmed) {
                kafka.require();
                ApplyMode mode = destination.ask();
                if (mode != ApplyMode.ONE_TABLE) {
                    throw new EndException(mode);
                }
                confirmed = true;
            }
            return task.step();
        };
    }
}
