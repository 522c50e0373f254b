package io.rowrelay.consumer;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.consumer.jdbc.CutsMode;

/**
 * Whether a stream is applied row by row. A destination that is out at the start cannot say so: then the parts for rows begin, since they
 * know what waits, and end if the answer is another. Not thread-safe.
 */
final class RowsMode {
    private final CutsMode cuts;
    private boolean confirmed;

    /** The destination applies the stream in cuts. */
    static final class EndException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private EndException() {
            super("the destination applies the stream in cuts");
        }
    }

    RowsMode(CutsMode cuts) {
        this.cuts = cuts;
    }

    /** Asks once; false if the destination applies the stream in cuts. */
    boolean mayBegin() {
        try {
            confirmed = !cuts.isOn();
            return confirmed;
        } catch (OutageException unknown) {
            // The first step asks again, and reports it.
            return true;
        }
    }

    /** Makes sure that Kafka answers. */
    @FunctionalInterface
    interface KafkaAnswer {
        void require() throws OutageException, InterruptedException;
    }

    /**
     * A task that does nothing before it is known that rows are applied; ends with an {@link EndException} if they are not. Where
     * neither Kafka nor the destination answers, it names Kafka.
     */
    Task unlessCuts(KafkaAnswer kafka, Task task) {
        return () -> {
            if (!confirmed) {
                kafka.require();
                confirmed = !cuts.isOn();
                if (!confirmed) {
                    throw new EndException();
                }
            }
            return task.step();
        };
    }
}
