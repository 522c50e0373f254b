package io.rowrelay.consumer;

import io.rowrelay.common.command.DaemonCommand;
import io.rowrelay.common.command.DaemonDescription;
import io.rowrelay.common.command.ExitCode;
import io.rowrelay.common.http.Health;
import io.rowrelay.common.http.HttpEndpoint;
import io.rowrelay.common.http.Metrics;
import io.rowrelay.common.runtime.StopSignal;
import io.rowrelay.common.runtime.Surroundings;
import io.rowrelay.common.runtime.Termination;

/** The entry point of consumer.jar. */
public final class ConsumerMain {
    static {
        // First of all: the constants below are made in the locale of the machine otherwise.
        Surroundings.pin();
    }

    /** What --help and docs/reference/configuration.md say of this daemon. */
    public static final DaemonDescription DESCRIPTION = new DaemonDescription(
            "consumer",
            "Applies the changes of a Kafka topic to a PostgreSQL table. What it cannot apply goes to a dead-letter"
                    + " topic.",
            ConsumerSettings.TABLE);

    private ConsumerMain() {}

    /** Runs until the process is asked to stop; see --help for the exit codes. */
    public static void main(String[] arguments) {
        Termination termination = Termination.install();
        int exitCode = new DaemonCommand(
                        DESCRIPTION, settings -> serve(ConsumerSettings.from(settings), termination.stop()))
                .execute(System.getenv(), arguments);
        termination.finished(exitCode);
        System.exit(exitCode);
    }

    private static int serve(ConsumerSettings settings, StopSignal stop) throws InterruptedException {
        Health health = new Health(settings.http().livenessTimeout());
        try (Metrics metrics = Metrics.open(settings.stream().name());
                HttpEndpoint http = HttpEndpoint.open(settings.http(), DESCRIPTION.name(), health, metrics)) {
            ConsumerDaemon.run(settings, health, metrics.registry(), stop);
        }
        return ExitCode.STOPPED;
    }
}
