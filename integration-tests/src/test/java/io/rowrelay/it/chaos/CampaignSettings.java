package io.rowrelay.it.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a campaign is to be.
 *
 * @param seed decides which faults come, when and for how long, and what is written
 * @param length how long faults are injected at most
 * @param brief whether to take only some faults, short ones, and each once
 * @param kinds what the names of the faults must match, as a regular expression
 * @param recovery how long a change may take to arrive when all faults are over
 */
record CampaignSettings(long seed, Duration length, boolean brief, String kinds, Duration recovery) {
    private static final String ALL_KINDS = ".*";
    private static final int RECOVERY_SECONDS = 180;

    /** The system properties {@code chaos.seed}, {@code chaos.kinds} and {@code chaos.recovery} (in seconds) come first. */
    static CampaignSettings of(long seed, Duration length, boolean brief) {
        return new CampaignSettings(
                Long.getLong("chaos.seed", seed),
                length,
                brief,
                System.getProperty("chaos.kinds", ALL_KINDS),
                Duration.ofSeconds(Integer.getInteger("chaos.recovery", RECOVERY_SECONDS)));
    }

    /** Where its data, its logs and its findings are. */
    Path directory() {
        return Path.of("target", "chaos", Long.toString(seed)).toAbsolutePath();
    }

    /** The command that runs it again. */
    String replay() {
        return (brief
                        ? "mvn -B verify -Dit.test=ChaosIT"
                        : "mvn -B verify -Pchaos -Dchaos.minutes=" + Math.max(1, length.toMinutes()))
                + " -Dchaos.seed=" + seed + (kinds.equals(ALL_KINDS) ? "" : " '-Dchaos.kinds=" + kinds + "'");
    }
}
