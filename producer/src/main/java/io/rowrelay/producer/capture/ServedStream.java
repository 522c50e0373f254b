package io.rowrelay.producer.capture;

import io.rowrelay.stream.Stream;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream that the producer serves: the one of the settings, or that of the same name which the source has in its registry. Which
 * it is, which tables are in it, and whether their captures are sound, is known once the source has been asked. Safe for any thread.
 */
public final class ServedStream {
    private final Stream configured;
    private final Consumer<Stream> watcher;
    private volatile @Nullable Stream served;
    private volatile Set<String> unsound = Set.of();

    /** Where the source does not know it, this is it. */
    public ServedStream(Stream configured) {
        this(configured, another -> {});
    }

    /** The same; {@code watcher} gets the stream when it is known, and whenever it has become another one. */
    public ServedStream(Stream configured, Consumer<Stream> watcher) {
        this.configured = configured;
        this.watcher = watcher;
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
        boolean another = !stream.equals(served);
        served = stream;
        if (another) {
            watcher.accept(stream);
        }
    }

    /** The tables whose captures the source was last found to have unsound. */
    public Set<String> unsound() {
        return unsound;
    }

    /** The source has been asked which captures are not sound. */
    public void found(Set<String> unsoundTables) {
        unsound = Set.copyOf(unsoundTables);
    }
}
