package io.rowrelay.it.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a campaign is to be.
 *
 * @param seed decides which faults come, when and for how long, and what is written
 * @param length how long faults are injected
 * @param brief whether to take only faults that heal at once, and short ones
 */
record CampaignSettings(long seed, Duration length, boolean brief) {
    /** Where its data, its logs and its findings are. */
    Path directory() {
        return Path.of("target", "chaos", Long.toString(seed)).toAbsolutePath();
    }

    /** The command that runs it again. */
    String replay() {
        return "mvn -B verify -Pchaos -Dchaos.minutes=" + Math.max(1, length.toMinutes()) + " -Dchaos.seed=" + seed;
    }
}
