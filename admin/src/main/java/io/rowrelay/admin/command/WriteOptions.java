package io.rowrelay.admin.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --chunk} and {@code --rate}, for commands that write many rows beside an application. */
public final class WriteOptions {
    private static final String CHUNK = "--chunk";
    private static final String RATE = "--rate";

    /** Set by picocli. */
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = CHUNK,
            paramLabel = "N",
            description = "Write at most this many rows in one transaction, from 1 to 10000 (default: 1000).")
    private int chunk = 1_000;

    @Option(
            names = RATE,
            paramLabel = "ROWS",
            description = "Write at most this many rows a second, from 1 to 1000000 (default: no limit).")
    private Optional<Integer> rate = Optional.empty();

    /** Refuses numbers that are out of range. To be called before anything is opened. */
    public void check() {
        chunk();
        rate();
    }

    /** Rows written in one transaction. */
    public int chunk() {
        return AdminCommand.inRange(command, CHUNK, chunk, 1, 10_000);
    }

    /** Rows written in a second; empty for no limit. */
    public Optional<Integer> rate() {
        return rate.map(rows -> AdminCommand.inRange(command, RATE, rows, 1, 1_000_000));
    }
}
