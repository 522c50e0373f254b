package io.rowrelay.producer;

import io.rowrelay.common.command.DaemonCommand;
import io.rowrelay.common.command.DaemonDescription;
import io.rowrelay.common.command.ExitCode;
import io.rowrelay.common.http.Health;
import io.rowrelay.common.http.HttpEndpoint;
import io.rowrelay.common.http.Metrics;
import io.rowrelay.common.runtime.StopSignal;
import io.rowrelay.common.runtime.Surroundings;
import io.rowrelay.common.runtime.Termination;

/** The entry point of producer.jar. */
public final class ProducerMain {
    static {
        // First of all: the constants below are made in the locale of the machine otherwise.
        Surroundings.pin();
    }

    /** What --help and docs/reference/configuration.md say of this daemon. */
    public static final DaemonDescription DESCRIPTION = new DaemonDescription(
            "producer",
            "Publishes the committed changes of a PostgreSQL table to a Kafka topic.",
            ProducerSettings.TABLE);

    private ProducerMain() {}

    /** Runs until the process is asked to stop; see --help for the exit codes. */
    public static void main(String[] arguments) {
        Termination termination = Termination.install();
        int exitCode = new DaemonCommand(
                        DESCRIPTION, settings -> serve(ProducerSettings.from(settings), termination.stop()))
                .execute(System.getenv(), arguments);
        termination.finished(exitCode);
        System.exit(exitCode);
    }

    private static int serve(ProducerSettings settings, StopSignal stop) throws InterruptedException {
        Health health = new Health(settings.http().livenessTimeout());
        try (Metrics metrics = Metrics.open(settings.stream().name());
                HttpEndpoint http = HttpEndpoint.open(settings.http(), DESCRIPTION.name(), health, metrics)) {
            ProducerDaemon.run(settings, health, metrics.registry(), stop);
        }
        return ExitCode.STOPPED;
    }
}
