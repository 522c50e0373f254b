package io.rowrelay.consumer.apply;

import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.ValidChange;
import java.util.List;

/** What the apply step tells about itself. Implementations are fast and never throw. */
public interface ApplyMetrics {
    /** A batch was committed in the destination. */
    void applied(List<ValidChange> changes, Applied outcome);

    /** Records are acknowledged on the dead-letter topic. */
    void deadLettered(List<Rejected> rejected);

    /** The topic dropped this many records before this destination saw them. */
    void lost(long records);

    /** This many partitions have lost their tails. */
    void cut(int partitions);

    /** Whether no record is taken because nearly everything was rejected. */
    void holdingBack(boolean stopped);
}
