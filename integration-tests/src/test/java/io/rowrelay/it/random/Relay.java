package io.rowrelay.it.random;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.Databases;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.consumer.jdbc.JdbcProgress;
import io.rowrelay.it.stack.EmployeesStream;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.SourceSession;
import io.rowrelay.producer.jdbc.FlushRule;
import io.rowrelay.producer.jdbc.JdbcSourceDatabase;
import io.rowrelay.producer.jdbc.Retention;
import io.rowrelay.producer.jdbc.SourceOptions;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.json.RecordSchemas;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The real reader and the real appliers with a list between them instead of Kafka: it reads tiny pages, forgets them by
 * restarts from the stored checkpoint, and delivers what it read late, repeated, shuffled, in batches of any size and
 * by two appliers at once. Not thread-safe.
 */
public final class Relay implements AutoCloseable {
    private static final List<String> KEY_COLUMNS = List.of("emp_id");
    private static final int LARGEST_VALUE = 900_000;

    private final HikariDataSource source;
    private final HikariDataSource destination;
    private final Supplier<String> currentSnapshot;
    private final JsonRecordReader reader = new JsonRecordReader(Optional.of(RecordSchemas.shipped("employees")));
    private final List<JdbcChangeApplier> appliers;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Consumer<String> history;

    private final List<ValidChange> published = new ArrayList<>();
    private final List<ValidChange> undelivered = new ArrayList<>();
    private final Set<Long> known = new HashSet<>();
    private final Map<String, Long> newest = new HashMap<>();
    private JdbcSourceDatabase database;
    private @Nullable SourceSession session;
    private Checkpoint read = new Checkpoint("", null, 0, 0);

    /** Reads one database and writes another; {@code currentSnapshot} asks the source for its snapshot. */
    public Relay(String sourceUrl, String destinationUrl, Supplier<String> currentSnapshot, Consumer<String> history) {
        this.source = open(sourceUrl);
        this.destination = open(destinationUrl);
        this.currentSnapshot = currentSnapshot;
        this.history = history;
        this.appliers = List.of(applier(), applier());
        this.database = database(1);
    }

    private JdbcSourceDatabase database(int pageSize) {
        SourceOptions options = new SourceOptions(pageSize, LARGEST_VALUE, Duration.ofMillis(10), FlushRule.NONE);
        return new JdbcSourceDatabase(source, EmployeesStream.STREAM, options);
    }

    private JdbcChangeApplier applier() {
        return new JdbcChangeApplier(
                destination,
                new JdbcProgress(destination, "employees", "none"),
                new TopicTable("employees", "none"),
                System::nanoTime);
    }

    private static HikariDataSource open(String url) {
        return Databases.open(new DatabaseSettings(url, "cdc", "cdc"), "relay", 4, "", new SimpleMeterRegistry());
    }

    /** Forgets all, to begin with empty tables. */
    public void reset(int pageSize) {
        crash();
        published.clear();
        undelivered.clear();
        known.clear();
        newest.clear();
        database = database(pageSize);
    }

    /** Does something. */
    public void step(Random random) throws Exception {
        switch (random.nextInt(12)) {
            case 0 -> crash();
            case 1 -> {
                if (random.nextInt(4) == 0) {
                    new Retention(
                                    source,
                                    EmployeesStream.STREAM.name(),
                                    EmployeesStream.TABLE,
                                    Duration.ZERO,
                                    rows -> history.accept("removed " + rows),
                                    System::nanoTime)
                            .step();
                }
            }
            case 2, 3, 4 -> deliver(random);
            default -> produce(random);
        }
    }

    /** Reads a page; now and then opens a window of its own accord, as it does when one is large. */
    private int produce(Random random) throws Exception {
        SourceSession active = active();
        if (read.windowSnapshot() == null && random.nextBoolean()) {
            read = read.within(currentSnapshot.get(), 0);
            history.accept("window " + read.snapshot() + " to " + read.windowSnapshot());
        }
        Page page = active.read(read);
        read = page.after();
        List<ValidChange> changes = page.changes().stream().map(this::event).toList();
        changes.forEach(this::publish);
        history.accept("read " + changes.stream().map(Relay::describe).toList() + ", now " + read);
        if (random.nextInt(3) == 0) {
            active.save(read, new PublishedOffsets(Map.of(), Map.of()));
            history.accept("saved");
        }
        return changes.size();
    }

    private SourceSession active() throws Exception {
        SourceSession active = session;
        if (active == null) {
            // The pool closes the connection of the session before, and with it the lock, in a thread of its own.
            active = await().pollInterval(Duration.ofMillis(1))
                    .until(database::tryOpen, Optional::isPresent)
                    .orElseThrow();
            session = active;
            read = active.checkpoint();
            history.accept("started from " + read);
        }
        return active;
    }

    private void crash() {
        SourceSession active = session;
        session = null;
        if (active != null) {
            active.close();
            history.accept("crashed");
        }
    }

    private ValidChange event(Change change) {
        byte[] key = change.key();
        TopicRecord origin =
                new TopicRecord(new Partition("none", 0), change.actionId(), key, change.value(), Arrays.hashCode(key));
        if (reader.read(origin, KEY_COLUMNS) instanceof ValidChange valid) {
            return valid;
        }
        throw new AssertionError("action_id=" + change.actionId() + " is no valid change");
    }

    /** A change that is read again is older; one that is read for the first time must be its key's newest. */
    private void publish(ValidChange event) {
        if (known.add(event.actionId())) {
            Long before = newest.put(event.key(), event.actionId());
            if (before != null && before > event.actionId()) {
                throw new AssertionError("key " + event.key() + ": " + event.actionId() + " came after " + before);
            }
        }
        published.add(event);
        undelivered.add(event);
    }

    private void deliver(Random random) throws Exception {
        if (random.nextBoolean()) {
            Collections.shuffle(undelivered, random);
        }
        List<ValidChange> one = take(random, undelivered.size());
        List<ValidChange> other = take(random, undelivered.size());
        apply(one, other);
    }

    private List<ValidChange> take(Random random, int atMost) {
        List<ValidChange> batch = new ArrayList<>();
        int fresh = atMost == 0 ? 0 : random.nextInt(atMost + 1);
        for (int i = 0; i < fresh; i++) {
            batch.add(undelivered.remove(0));
        }
        int repeated = published.isEmpty() ? 0 : random.nextInt(4);
        for (int i = 0; i < repeated; i++) {
            batch.add(published.get(random.nextInt(published.size())));
        }
        Collections.shuffle(batch, random);
        return batch;
    }

    private void apply(List<ValidChange> one, List<ValidChange> other) throws Exception {
        history.accept("applied " + one.stream().map(ValidChange::actionId).toList() + " beside "
                + other.stream().map(ValidChange::actionId).toList());
        List<Callable<Integer>> work = List.of(() -> apply(appliers.get(0), one), () -> apply(appliers.get(1), other));
        for (Future<Integer> refused : threads.invokeAll(work)) {
            if (refused.get() > 0) {
                throw new AssertionError("a change was refused");
            }
        }
    }

    private static int apply(JdbcChangeApplier applier, List<ValidChange> batch) throws Exception {
        return applier.apply(batch, List.of(), false).rejected().size();
    }

    /** Reads and delivers all that is left; the sessions have ended. */
    public void finish(Random random) throws Exception {
        int empty = 0;
        while (empty < 2) {
            boolean nothing = produce(random) == 0 && read.windowSnapshot() == null;
            empty = nothing ? empty + 1 : 0;
        }
        while (!undelivered.isEmpty()) {
            deliver(random);
        }
    }

    private static String describe(ValidChange event) {
        return event.actionId() + " " + event.action() + " " + event.key();
    }

    @Override
    public void close() {
        crash();
        threads.shutdownNow();
        source.close();
        destination.close();
    }
}
