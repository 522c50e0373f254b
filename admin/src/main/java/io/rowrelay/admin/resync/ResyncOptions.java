package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.WriteOptions;
import io.rowrelay.admin.tables.DeletionGuard;
import io.rowrelay.admin.tables.WhereOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be typed behind {@code resync} and {@code reanchor}. */
public final class ResyncOptions {
    @Mixin
    private final WhereOption where = new WhereOption();

    @Option(names = "--dry-run", description = "Say what would be done, and write nothing.")
    private boolean dryRun;

    @Mixin
    private final WriteOptions write = new WriteOptions();

    @Option(
            names = "--no-wait",
            description = "End when everything is written; do not wait until it has arrived in the destination.")
    private boolean noWait;

    @Option(names = "--yes", description = DeletionGuard.YES)
    private boolean yes;

    /** Which rows to repair. */
    WhereOption where() {
        return where;
    }

    /** Whether to look only, and write nothing. */
    public boolean dryRun() {
        return dryRun;
    }

    /** How much to write at once. */
    public WriteOptions write() {
        return write;
    }

    /** Whether to wait until the destination shows the result. */
    boolean waits() {
        return !noWait;
    }

    /** Whether the user has said yes to deletions beforehand. */
    boolean confirmed() {
        return yes;
    }
}
