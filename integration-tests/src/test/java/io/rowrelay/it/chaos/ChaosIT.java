package io.rowrelay.it.chaos;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A campaign of a minute, so that the machinery of the long ones works; {@code -Dchaos.seed=...} chooses another. */
@Tag("nightly")
@Timeout(900)
class ChaosIT {
    @Test
    void everything_adds_up_after_a_minute_of_faults() throws InterruptedException {
        Campaign.run(CampaignSettings.of(1, Duration.ofMinutes(1), true));
    }
}
