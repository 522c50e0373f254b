package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.ChangeApplier;
import io.rowrelay.consumer.apply.TableKeys;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.consumer.apply.UnfitChangesException;
import io.rowrelay.stream.TableStream;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.apply.UnfitChange;
import io.rowrelay.stream.apply.jdbc.UnpreparedTableException;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.RecordAddress;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Applies the changes of many tables row by row: each table as if it were the only one of its stream, in transactions and with tombstones
 * of its own. A table that is missing or not prepared holds up its own partitions only; a lock on one holds up the batch, a right that is
 * missing the stream. Not thread-safe.
 */
public final class RowsOfTables implements ChangeApplier {
    private static final Duration BETWEEN_SEARCHES = Duration.ofSeconds(2);
    /** Most of hundreds of tables are quiet, and each look at one of them reads the catalog. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final HikariDataSource pool;
    private final String stream;
    private final Supplier<List<String>> topics;
    private final ManyProgress progress;
    private final LongSupplier nanoClock;

    private final Map<String, JdbcChangeApplier> appliers = new HashMap<>();
    private final Map<String, List<String>> keys = new TreeMap<>();
    private final Map<String, String> problems = new LinkedHashMap<>();
    private TableKeys known = new TableKeys(Map.of(), Map.of());
    private List<String> lastWanted = List.of();
    private List<String> searched = List.of();
    private long searchedAt;
    private long lookedAt;
    private int next;

    /** The pool stays the caller's to close; {@code topics} are those of the tables, which can become more. */
    public RowsOfTables(
            HikariDataSource pool,
            String stream,
            Supplier<List<String>> topics,
            ManyProgress progress,
            LongSupplier nanoClock) {
        this.pool = pool;
        this.stream = stream;
        this.topics = topics;
        this.progress = progress;
        this.nanoClock = nanoClock;
        this.searchedAt = nanoClock.getAsLong();
        this.lookedAt = searchedAt;
    }

    /** Those that are not known are searched for; of the others, one is looked at again. */
    @Override
    public TableKeys keys() throws OutageException {
        List<String> wanted = topics.get();
        if (!wanted.equals(lastWanted)) {
            keys.keySet().retainAll(Set.copyOf(wanted));
            problems.keySet().retainAll(Set.copyOf(wanted));
            lastWanted = wanted;
        }
        List<String> unknown =
                wanted.stream().filter(topic -> !keys.containsKey(topic)).toList();
        boolean due = nanoClock.getAsLong() - searchedAt >= BETWEEN_SEARCHES.toNanos();
        if (!unknown.isEmpty() && (due || !searched.equals(unknown))) {
            search(unknown);
        } else if (!keys.isEmpty() && nanoClock.getAsLong() - lookedAt >= BETWEEN_LOOKS.toNanos()) {
            lookedAt = nanoClock.getAsLong();
            next = (next + 1) % wanted.size();
            if (keys.containsKey(wanted.get(next))) {
                look(wanted.get(next), applier -> applier.keys());
            }
        }
        return told();
    }

    @Override
    public TableKeys keysNow(Set<String> asked) throws OutageException {
        for (String topic : asked) {
            if (appliers.containsKey(topic)) {
                look(topic, applier -> applier.keysNow(asked));
            }
        }
        return told();
    }

    private TableKeys told() {
        if (!known.columns().equals(keys) || !known.problems().equals(problems)) {
            known = new TableKeys(keys, problems);
        }
        return known;
    }

    private void search(List<String> unknown) throws OutageException {
        for (Map.Entry<String, String> found : tables(unknown).entrySet()) {
            String topic = found.getKey();
            TopicTable table = new TopicTable(found.getValue(), topic);
            appliers.put(topic, new JdbcChangeApplier(pool, progress.of(topic), table, nanoClock));
            look(topic, applier -> applier.keys());
        }
        searched = unknown.stream().filter(topic -> !keys.containsKey(topic)).toList();
        searchedAt = nanoClock.getAsLong();
    }

    private Map<String, String> tables(List<String> unknown) throws OutageException {
        try (Connection connection = pool.getConnection()) {
            Map<String, String> tables = TableOfTopic.find(connection, stream, unknown);
            unknown.stream()
                    .filter(topic -> !tables.containsKey(topic))
                    .forEach(topic -> problems.put(
                            topic,
                            "the destination has no table for topic " + topic
                                    + ", or the role may not use its schema: run init for the stream again; the consumer goes on by"
                                    + " itself"));
            for (Map.Entry<String, String> table : tables.entrySet()) {
                WriterTable.note(connection, TableStream.of(stream, table.getKey()), table.getValue());
            }
            return tables;
        } catch (SQLException failure) {
            throw SqlFailures.outage("looking for the tables of the stream in the destination", failure);
        }
    }

    /** Work on one table. */
    @FunctionalInterface
    private interface Look {
        TableKeys at(JdbcChangeApplier applier) throws OutageException;
    }

    private void look(String topic, Look look) throws OutageException {
        try {
            TableKeys found = look.at(applier(topic));
            keys.putAll(found.columns());
            problems.remove(topic);
        } catch (UnpreparedTableException problem) {
            keys.remove(topic);
            problems.put(topic, String.valueOf(problem.getMessage()));
        }
    }

    private JdbcChangeApplier applier(String topic) {
        JdbcChangeApplier applier = appliers.get(topic);
        if (applier == null) {
            throw new IllegalStateException("nobody has looked for the table of topic " + topic);
        }
        return applier;
    }

    /** Tables that cannot be written among them: as long as no record comes, they hold up nothing. */
    @Override
    public List<String> hazards() {
        return Stream.concat(
                        problems.values().stream(),
                        keys.keySet().stream().flatMap(topic -> applier(topic).hazards().stream()))
                .toList();
    }

    /** A transaction for each table: what one of them has committed is done, whatever becomes of the next. */
    @Override
    public Applied apply(List<ValidChange> changes, List<OffsetRange> ranges, boolean finishes) throws OutageException {
        Map<String, List<ValidChange>> byTopic =
                byTopic(changes, change -> change.origin().partition());
        Map<String, List<OffsetRange>> rangesByTopic = byTopic(ranges, OffsetRange::partition);
        int applied = 0;
        int superseded = 0;
        List<Rejected> rejected = new ArrayList<>();
        List<ValidChange> waiting = new ArrayList<>();
        Map<String, String> stamps = new TreeMap<>();
        for (Map.Entry<String, List<ValidChange>> each : byTopic.entrySet()) {
            Applied outcome = apply(
                    each.getKey(), each.getValue(), rangesByTopic.getOrDefault(each.getKey(), List.of()), finishes);
            applied += outcome.applied();
            superseded += outcome.superseded();
            rejected.addAll(outcome.rejected());
            waiting.addAll(outcome.waiting());
            if (outcome.stamp() != null) {
                stamps.put(each.getKey(), outcome.stamp());
            } else if (finishes
                    && outcome.rejected().isEmpty()
                    && outcome.waiting().isEmpty()) {
                stamps.put(each.getKey(), ManyProgress.FINISHED);
            }
        }
        if (finishes) {
            rangesByTopic.keySet().removeAll(byTopic.keySet());
            for (List<OffsetRange> empty : rangesByTopic.values()) {
                progress.advance(empty, null);
            }
        }
        return new Applied(applied, superseded, rejected, waiting, ManyProgress.joined(stamps));
    }

    private Applied apply(String topic, List<ValidChange> changes, List<OffsetRange> ranges, boolean finishes)
            throws OutageException {
        try {
            return applier(topic).apply(changes, ranges, finishes);
        } catch (UnpreparedTableException problem) {
            keys.remove(topic);
            problems.put(topic, String.valueOf(problem.getMessage()));
            throw new UnfitChangesException(firstOfEach(changes, String.valueOf(problem.getMessage())));
        }
    }

    private static List<UnfitChange> firstOfEach(List<ValidChange> changes, String problem) {
        Map<Partition, UnfitChange> first = new TreeMap<>();
        for (ValidChange change : changes) {
            Partition partition = change.origin().partition();
            first.merge(
                    partition,
                    new UnfitChange(new RecordAddress(partition, change.origin().offset()), problem),
                    (one, other) -> one.record().offset() <= other.record().offset() ? one : other);
        }
        return List.copyOf(first.values());
    }

    static <T> Map<String, List<T>> byTopic(List<T> all, Function<T, Partition> partition) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        each -> partition.apply(each).topic(), TreeMap::new, Collectors.toList()));
    }
}
