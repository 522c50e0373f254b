package io.rowrelay.it.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The long campaign for a stream of several tables, run by {@code mvn verify -Pchaos -Dchaos.campaign=CutCampaign}. */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class CutCampaign {
    @Test
    void readers_see_only_states_that_the_source_had() throws InterruptedException {
        long anySeed = System.currentTimeMillis() % 1_000_000;
        CutRun.run(CampaignSettings.of(anySeed, Duration.ofMinutes(Long.getLong("chaos.minutes", 10)), false));
    }
}
