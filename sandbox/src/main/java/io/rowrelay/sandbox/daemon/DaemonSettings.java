package io.rowrelay.sandbox.daemon;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a daemon is to be.
 *
 * @param name what to call it
 * @param jar its runnable jar
 * @param httpPort where it serves its status page, health and metrics
 * @param environment its configuration
 * @param log the file it logs to
 * @param processFile the file that says which process it is
 */
public record DaemonSettings(
        String name, Path jar, int httpPort, Map<String, String> environment, Path log, ProcessFile processFile) {
    public DaemonSettings {
        environment = Map.copyOf(environment);
    }
}
