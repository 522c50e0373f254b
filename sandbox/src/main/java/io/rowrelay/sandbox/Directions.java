package io.rowrelay.sandbox;

import io.rowrelay.sandbox.process.JarProcess;

/** Tells the user where to look while everything is up. */
final class Directions {
    private final Sandbox sandbox;
    private final Screen screen;

    Directions(Sandbox sandbox, Screen screen) {
        this.sandbox = sandbox;
        this.screen = screen;
    }

    void show() {
        screen.title("Look around");
        screen.info("the source        %s", sandbox.source().psqlCommand());
        screen.info("the destination   %s", sandbox.destination().psqlCommand());
        screen.info(
                "the topic         java -jar sandbox/target/sandbox.jar read-topic --bootstrap-server %s",
                sandbox.kafka().bootstrapServers());
        screen.info("both ends, live   %s", sandbox.daemons().get(0).url("/"));
        for (JarProcess daemon : sandbox.daemons()) {
            screen.info("the %-13s %s", daemon.name(), daemon.url("/health/ready"));
            screen.info("                  %s", daemon.url("/metrics"));
            screen.info("                  %s", daemon.log());
        }
    }
}
