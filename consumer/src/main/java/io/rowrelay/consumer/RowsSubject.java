package io.rowrelay.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.consumer.apply.ChangeApplier;
import io.rowrelay.consumer.apply.Progress;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.consumer.jdbc.JdbcProgress;
import io.rowrelay.consumer.jdbc.ManyProgress;
import io.rowrelay.consumer.jdbc.RegisteredProgress;
import io.rowrelay.consumer.jdbc.RowsOfTables;
import io.rowrelay.consumer.kafka.StreamTopics;
import io.rowrelay.stream.kafka.TopicCreation;
import io.rowrelay.stream.kafka.TopicRights;
import io.rowrelay.stream.settings.StreamSettings;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a consumer applies row by row.
 *
 * @param name as readiness calls it
 * @param topics where the changes are
 * @param settings the topic of the dead letters among them
 * @param hasLetters whether a dead letter whose record was on that topic is one of the stream
 * @param applier writes the changes
 * @param progress what the destination remembers, for the loop
 * @param watched the same, for the watch of other consumers
 * @param rights what must be allowed before anything is read
 * @param start what the work waits for
 */
record RowsSubject(
        String name,
        StreamTopics topics,
        StreamSettings settings,
        Predicate<String> hasLetters,
        ChangeApplier applier,
        Progress progress,
        Progress watched,
        TopicRights rights,
        UnaryOperator<Task> start) {

    /** The one table that the settings name. */
    static RowsSubject oneTable(ConsumerSettings settings, HikariDataSource pool, KnownMode mode) {
        String stream = settings.stream().name();
        TopicTable table = settings.stream().tables().get(0);
        JdbcProgress progress = new JdbcProgress(pool, stream, table.topic());
        return new RowsSubject(
                "table " + table.name(),
                StreamTopics.of(table.topic()),
                settings.topics(),
                table.topic()::equals,
                new JdbcChangeApplier(pool, progress, table, System::nanoTime),
                new RegisteredProgress(progress, pool, settings.stream()),
                new JdbcProgress(pool, stream, table.topic()),
                rights(settings.topics()).read(List.of(table.topic())),
                task -> mode.unlessAnother(
                        () -> TopicCreation.requireAnswer(settings.kafka().admin(), table.topic()), task));
    }

    /** All tables of a stream. Whether their topics may be read shows when they are. */
    static RowsSubject manyTables(ConsumerSettings settings, HikariDataSource pool) {
        String stream = settings.stream().name();
        StreamSettings letters = settings.topics().ofMany();
        StreamTopics topics = StreamTopics.ofTables(stream);
        ManyProgress progress = new ManyProgress(pool, stream, topics::names);
        return new RowsSubject(
                "stream " + stream,
                topics,
                letters,
                anyTopic -> true,
                new RowsOfTables(pool, stream, topics::names, progress, System::nanoTime),
                progress,
                new ManyProgress(pool, stream, topics::names),
                rights(letters),
                task -> task);
    }

    private static TopicRights rights(StreamSettings settings) {
        return new TopicRights().read(List.of(settings.deadLetterTopic())).write(List.of(settings.deadLetterTopic()));
    }
}
