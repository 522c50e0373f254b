package io.rowrelay.consumer.jdbc;

import io.rowrelay.stream.jdbc.DestinationHazard;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log once of each thing that acts on the destination table beside the consumer, and once when it is gone. Not thread-safe. */
public final class HazardReport {
    private static final Logger LOG = LoggerFactory.getLogger(HazardReport.class);

    private List<String> lines = List.of();

    /** What was found by the newest look. */
    public void found(List<DestinationHazard> hazards) {
        List<String> now = hazards.stream().map(DestinationHazard::line).toList();
        now.stream()
                .filter(line -> !lines.contains(line))
                .forEach(line -> LOG.warn("the destination can come to differ: {}", line));
        lines.stream().filter(line -> !now.contains(line)).forEach(line -> LOG.info("no longer: {}", line));
        lines = now;
    }

    /** What there is, one line each. */
    public List<String> lines() {
        return lines;
    }
}
