package io.rowrelay.admin.dlq;

import io.rowrelay.common.runtime.OutageException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who else uses the dead-letter topic of a stream: several streams can share one. */
public final class OtherUsers {
    private OtherUsers() {}

    /**
     * Looks into the destination and at the headers of every letter: a stream to another destination is known by these only.
     *
     * @return in words who they are; empty when there is none
     */
    public static Optional<String> of(DlqParts parts) throws OutageException, InterruptedException {
        Optional<String> id = parts.topic().id();
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Collection<String> streams = parts.marks().otherStreams(id.get());
        if (!streams.isEmpty()) {
            return Optional.of("it is the dead-letter topic of stream " + String.join(" and ", streams) + " as well");
        }
        Set<String> origins = new TreeSet<>();
        parts.topic().read(Instant.EPOCH, letter -> {
            if (!letter.isOf(parts.streamTopic())) {
                origins.add(letter.origin().topic());
            }
        });
        return origins.isEmpty()
                ? Optional.empty()
                : Optional.of("it has dead letters of topic " + String.join(" and ", origins));
    }
}
