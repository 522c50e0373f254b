package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.Progress;
import io.rowrelay.stream.TableStream;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The destination's memory of how far it is, for each table of a stream under a name of its own. Not thread-safe. */
public final class ManyProgress implements Progress {
    /** In place of the stamp of a table whose changes were committed together with its progress. */
    static final String FINISHED = "finished";

    /** Tables that are compared in one look; the next look goes on behind them. */
    private static final int LOOK = 20;

    private final HikariDataSource pool;
    private final String stream;
    private final Supplier<List<String>> topics;
    private final Map<String, JdbcProgress> tables = new HashMap<>();
    private int next;

    /** The pool stays the caller's to close; {@code topics} are those of the tables, which can become more. */
    public ManyProgress(HikariDataSource pool, String stream, Supplier<List<String>> topics) {
        this.pool = pool;
        this.stream = stream;
        this.topics = topics;
    }

    JdbcProgress of(String topic) {
        return tables.computeIfAbsent(topic, first -> new JdbcProgress(pool, TableStream.of(stream, topic), topic));
    }

    @Override
    public Map<Partition, PartitionProgress> load() throws OutageException {
        Map<Partition, PartitionProgress> stored = new HashMap<>();
        for (String topic : topics.get()) {
            stored.putAll(of(topic).load());
        }
        return stored;
    }

    @Override
    public boolean covers(Map<Partition, PartitionProgress> polled) throws OutageException {
        List<Map.Entry<String, Map<Partition, PartitionProgress>>> all =
                List.copyOf(byTopic(polled).entrySet());
        for (int i = 0; i < Math.min(LOOK, all.size()); i++) {
            next = (next + 1) % all.size();
            if (!of(all.get(next).getKey()).covers(all.get(next).getValue())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void correct(Map<Partition, PartitionProgress> beginnings) throws OutageException {
        for (Map.Entry<String, Map<Partition, PartitionProgress>> each :
                byTopic(beginnings).entrySet()) {
            of(each.getKey()).correct(each.getValue());
        }
    }

    /**
     * The stamp is one for each table, see {@link #joined}. A table that is finished already is left alone: had a crash of the
     * destination undone its commit since, its progress would move past changes that are gone.
     */
    @Override
    public void advance(List<OffsetRange> ranges, @Nullable String stamp) throws OutageException {
        Map<String, String> stamps = parted(stamp);
        for (Map.Entry<String, List<OffsetRange>> each :
                RowsOfTables.byTopic(ranges, OffsetRange::partition).entrySet()) {
            String own = stamps.get(each.getKey());
            if (!FINISHED.equals(own)) {
                of(each.getKey()).advance(each.getValue(), own);
            }
        }
    }

    /** The stamps of tables as one; null for none. No topic has a blank in its name. */
    static @Nullable String joined(Map<String, String> byTopic) {
        return byTopic.isEmpty()
                ? null
                : byTopic.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> parted(@Nullable String stamp) {
        Map<String, String> byTopic = new HashMap<>();
        if (stamp != null) {
            stamp.lines().forEach(line -> {
                int blank = line.indexOf(' ');
                byTopic.put(line.substring(0, blank), line.substring(blank + 1));
            });
        }
        return byTopic;
    }

    private static Map<String, Map<Partition, PartitionProgress>> byTopic(Map<Partition, PartitionProgress> progress) {
        return progress.entrySet().stream()
                .collect(Collectors.groupingBy(
                        each -> each.getKey().topic(), Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
