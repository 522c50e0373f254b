package io.rowrelay.sandbox.daemon;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a daemon is to be.
 *
 * @param name what to call it
 * @param jar its runnable jar
 * @param wantedHttpPort where it serves health and metrics, unless the port is taken
 * @param environment its configuration
 * @param log the file it logs to
 * @param processFile the file that says which process it is
 */
public record DaemonSettings(
        String name, Path jar, int wantedHttpPort, Map<String, String> environment, Path log, ProcessFile processFile) {
    public DaemonSettings {
        environment = Map.copyOf(environment);
    }
}
