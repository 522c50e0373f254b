package io.rowrelay.producer.capture;

import io.rowrelay.stream.Stream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stream that the producer serves: the one of the settings, or that of the same name which the source has in its registry. Which
 * it is, and which tables are in it, is known once the source has been asked. Safe for any thread.
 */
public final class ServedStream {
    private final Stream configured;
    private volatile @Nullable Stream served;

    /** Where the source does not know it, this is it. */
    public ServedStream(Stream configured) {
        this.configured = configured;
    }

    /** The stream of the settings. */
    public Stream configured() {
        return configured;
    }

    /** The stream as the source was last found to have it; empty before that. */
    public Optional<Stream> served() {
        return Optional.ofNullable(served);
    }

    /** The source has been asked. */
    public void serve(Stream stream) {
        served = stream;
    }
}
