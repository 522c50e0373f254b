package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.ChangeApplier;
import io.rowrelay.consumer.apply.TableKeys;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.consumer.apply.UnfitChangesException;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.apply.UnfitChange;
import io.rowrelay.stream.apply.jdbc.AppliedTable;
import io.rowrelay.stream.apply.jdbc.BatchApply;
import io.rowrelay.stream.apply.jdbc.ColumnCheck;
import io.rowrelay.stream.apply.jdbc.DefinitionChangedException;
import io.rowrelay.stream.apply.jdbc.DestinationCatalog;
import io.rowrelay.stream.apply.jdbc.RowWriter;
import io.rowrelay.stream.apply.jdbc.ServerLimits;
import io.rowrelay.stream.jdbc.DestinationHazard;
import io.rowrelay.stream.jdbc.InstalledVersion;
import io.rowrelay.stream.jdbc.ReplicaRole;
import io.rowrelay.stream.jdbc.TableRights;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.jdbc.ProgressTable;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.table.FenceColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies changes to a table of a destination PostgreSQL over a pool. Not thread-safe. */
public final class JdbcChangeApplier implements ChangeApplier {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcChangeApplier.class);

    /**
     * For the sessions of the pool. Plans must not hang on what the planner thinks of a batch or of tables that were never
     * analysed: with either materialised, each row of a batch would be compared with every tombstone. A commit that a crash of
     * the server undoes takes its progress or its stamp in cdc_progress with it, so it is made again, and nobody has to wait for
     * the disk. A lock that takes too long is an outage, and the consumer must get back to its group in between. One that is
     * frozen in the middle of a batch must not hold its locks against its successor for ever. A policy that hides rows must be
     * an error: a deletion would find no row, and count as applied.
     */
    public static final String SESSION = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;"
            + " SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_memoize = off;"
            + " SET synchronous_commit = off; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '30s';";

    private static final Duration QUIET_BEFORE_PROBE = Duration.ofSeconds(3);
    /** What acts on the rows beside the consumer is looked for as often as this at least; the definition itself with each batch. */
    private static final Duration LONGEST_BETWEEN_LOOKS = Duration.ofSeconds(10);
    /** A table that is altered during each of this many attempts is waited for as in an outage. */
    private static final int ATTEMPTS = 3;

    private final HikariDataSource pool;
    private final String stream;
    private final TopicTable table;
    private final LongSupplier nanoClock;
    private final ProgressTable progress;
    private final ServerLimits limits = new ServerLimits();
    private final LongWork applying;
    private final HazardReport hazards = new HazardReport();
    private @Nullable RowWriter writer;
    private boolean reportedUnmarked;
    private long heardAt;
    private long lookedAt;

    /** The pool stays the caller's to close. Each batch is noted in {@code progress}, by the transaction that applies it. */
    public JdbcChangeApplier(HikariDataSource pool, JdbcProgress progress, TopicTable table, LongSupplier nanoClock) {
        this.pool = pool;
        this.progress = progress.table();
        this.stream = this.progress.stream();
        this.table = table;
        this.nanoClock = nanoClock;
        this.applying = new LongWork(nanoClock);
    }

    @Override
    public TableKeys keys() throws OutageException {
        RowWriter known = writer;
        long now = nanoClock.getAsLong();
        if (known == null
                || now - heardAt >= QUIET_BEFORE_PROBE.toNanos()
                || now - lookedAt >= LONGEST_BETWEEN_LOOKS.toNanos()) {
            // Without changes to apply nothing else would notice that the destination is gone.
            try (Connection connection = pool.getConnection()) {
                known = readTable(connection);
            } catch (SQLException failure) {
                throw SqlFailures.outage("reading the definition of " + table.name() + " in the destination", failure);
            }
        }
        return TableKeys.of(table.topic(), known.table().key());
    }

    @Override
    public TableKeys keysNow(Set<String> topics) throws OutageException {
        writer = null;
        return keys();
    }

    @Override
    public List<String> hazards() {
        return hazards.lines();
    }

    @Override
    public Applied apply(List<ValidChange> changes, List<OffsetRange> ranges, boolean finishes) throws OutageException {
        if (changes.isEmpty()) {
            return new Applied(0, 0, List.of());
        }
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Applied outcome = run(connection, changes, ranges, finishes);
            heardAt = nanoClock.getAsLong();
            return outcome;
        } catch (SQLException failure) {
            // The table may have been altered or replaced: the next attempt reads its definition again.
            writer = null;
            throw SqlFailures.outage("applying changes to " + table.name() + " in the destination", failure);
        }
    }

    /** A session keeps what it was opened with, read-only among it, so an outage is not waited out with the same one. */
    private Applied run(Connection connection, List<ValidChange> changes, List<OffsetRange> ranges, boolean finishes)
            throws SQLException, OutageException {
        try {
            return applying.run(connection, () -> attempts(connection, changes, ranges, finishes));
        } catch (SQLException failure) {
            pool.evictConnection(connection);
            throw failure;
        }
    }

    /** Each time the table turns out to be altered, all is undone and written again in the form for what it is now. */
    private Applied attempts(
            Connection connection, List<ValidChange> changes, List<OffsetRange> ranges, boolean finishes)
            throws SQLException, OutageException {
        for (int attempt = 1; ; attempt++) {
            RowWriter current = writerFor(connection, changes);
            try {
                ApplyTransaction transaction = new ApplyTransaction(progress, ranges, finishes);
                return new BatchApply(connection, current, transaction, limits, applying).run(changes);
            } catch (DefinitionChangedException altered) {
                connection.rollback();
                writer = null;
                if (attempt == ATTEMPTS) {
                    throw altered;
                }
            }
        }
    }

    /** A column that is not known may have been added since. */
    private RowWriter writerFor(Connection connection, List<ValidChange> changes) throws SQLException, OutageException {
        RowWriter known = writer;
        if (known != null && check(known).problem(changes).isEmpty()) {
            return known;
        }
        RowWriter current = readTable(connection);
        applying.renew(connection);
        List<UnfitChange> unfit = check(current).unfit(changes);
        if (!unfit.isEmpty()) {
            throw new UnfitChangesException(unfit);
        }
        return current;
    }

    private ColumnCheck check(RowWriter by) {
        return new ColumnCheck(by.table(), table.name());
    }

    /** Between transactions: what the session becomes by it is kept. */
    private RowWriter readTable(Connection connection) throws SQLException, OutageException {
        RowWriter known = writer;
        if (known == null) {
            InstalledVersion.DESTINATION.require(connection);
        }
        ReplicaRole.take(connection);
        AppliedTable read = DestinationCatalog.read(connection, table.name(), stream);
        if (known == null) {
            TableRights.ofConsumer(read.name()).require(connection);
        }
        hazards.found(DestinationHazard.read(connection, table.name()));
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
        RowWriter current = known != null && known.table().equals(read) ? known : new RowWriter(read, stream);
        boolean marked = read.fence().map(FenceColumn::marked).orElse(true);
        if (!marked && !reportedUnmarked) {
            LOG.warn(
                    "nothing marks the column action_id as the consumer's; it is used, since the stream has applied changes"
                            + " before: run SELECT cdc_destination('{}')",
                    table.name());
        }
        reportedUnmarked = !marked;
        writer = current;
        heardAt = nanoClock.getAsLong();
        lookedAt = heardAt;
        return current;
    }
}
