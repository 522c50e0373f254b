package io.rowrelay.it.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The long campaign, run by {@code mvn verify -Pchaos}; {@code -Dchaos.minutes=30 -Dchaos.seed=42} choose. */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class ChaosCampaign {
    @Test
    void everything_adds_up_after_all_faults() throws InterruptedException {
        long anySeed = System.currentTimeMillis() % 1_000_000;
        Campaign.run(CampaignSettings.of(anySeed, Duration.ofMinutes(Long.getLong("chaos.minutes", 10)), false));
    }
}
