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
 * @param brokers how many brokers form the cluster: 1 or 3
 * @param recovery how long a change may take to arrive when all faults are over
 */
record CampaignSettings(long seed, Duration length, boolean brief, String kinds, int brokers, Duration recovery) {
    private static final String ALL_KINDS = ".*";
    private static final int RECOVERY_SECONDS = 180;

    CampaignSettings {
        if (brokers != 1 && brokers != 3) {
            throw new IllegalArgumentException("chaos.brokers is " + brokers + ": 1 or 3");
        }
    }

    /**
     * The system properties {@code chaos.seed}, {@code chaos.kinds}, {@code chaos.brokers} and {@code chaos.recovery} (in
     * seconds) come first.
     */
    static CampaignSettings of(long seed, Duration length, boolean brief) {
        return new CampaignSettings(
                Long.getLong("chaos.seed", seed),
                length,
                brief,
                System.getProperty("chaos.kinds", ALL_KINDS),
                Integer.getInteger("chaos.brokers", brief ? 1 : 3),
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
                + " -Dchaos.seed=" + seed + " -Dchaos.brokers=" + brokers
                + (kinds.equals(ALL_KINDS) ? "" : " '-Dchaos.kinds=" + kinds + "'");
    }
}
