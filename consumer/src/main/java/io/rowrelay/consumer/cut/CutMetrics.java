package io.rowrelay.consumer.cut;

import io.rowrelay.stream.record.Rejected;
import java.util.List;

/** What the consumer of cuts tells about itself. Implementations are fast and never throw. */
public interface CutMetrics {
    /** Windows were committed in the destination. */
    void applied(List<CutWindow> windows, CutOutcome outcome);

    /** Records that belong to no window are acknowledged on the dead-letter topic. */
    void foreign(List<Rejected> rejected);
}
