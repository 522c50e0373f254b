package io.rowrelay.it.chaos;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The long campaign, run by {@code mvn verify -Pchaos}; {@code -Dchaos.minutes=30 -Dchaos.seed=42} choose. */
class ChaosCampaign {
    @Test
    void everything_adds_up_after_all_faults() throws InterruptedException {
        long seed = Long.getLong("chaos.seed", System.currentTimeMillis() % 1_000_000);
        Campaign.run(new CampaignSettings(seed, Duration.ofMinutes(Long.getLong("chaos.minutes", 10)), false));
    }
}
