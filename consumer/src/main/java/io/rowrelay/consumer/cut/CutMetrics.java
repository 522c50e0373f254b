package io.rowrelay.consumer.cut;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the consumer of cuts tells about itself. Implementations are fast and never throw. */
public interface CutMetrics {
    /** This consumer applies from now on; these tables are paused. */
    void began(Set<String> paused);

    /** Windows were committed in the destination. */
    void applied(List<CutWindow> windows, CutOutcome outcome);

    /** A window that waited in the destination was committed; {@code changes} of each table. */
    void appliedLarge(Map<String, Long> changes, CutOutcome outcome);

    /** Changes of each table wait, as far as is known; called about once a second while something waits, and once when nothing does. */
    void waiting(Map<String, Long> changes);
}
