package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.common.runtime.OutageException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the commands about dead letters work on. It connects on first use: most commands need no source. */
public final class DlqSession implements AutoCloseable {
    /** The server gives up before this side does. Otherwise it would go on without a client and hold the lock of a row. */
    private static final String SESSION = "SET lock_timeout = '2s';";

    /** The part of the memory that dead letters may take. */
    private static final int PART_OF_MEMORY = 4;

    private final AdminSettings settings;
    private final Database source;
    private final Database destination;
    private final DlqTopic topic;
    private final HandlingTable handling;
    private final OriginalRecords originals;
    private final Set<String> streamTopics;
    private final StreamLetters many;
    private final CommandClock clock;
    private @Nullable PresentStates presentStates;

    public DlqSession(AdminSettings settings, CommandClock clock) {
        this(settings, settings, List.of(), clock);
    }

    /** That of a stream of many tables, whose letters are in one topic. */
    static DlqSession ofMany(AdminSettings stream, List<RegisteredTable> tables, CommandClock clock) {
        return new DlqSession(tables.get(0).settings(stream), stream, tables, clock);
    }

    private DlqSession(AdminSettings settings, AdminSettings stream, List<RegisteredTable> tables, CommandClock clock) {
        this.streamTopics = tables.isEmpty()
                ? Set.of(settings.stream().topic())
                : tables.stream().map(RegisteredTable::topic).collect(Collectors.toSet());
        this.clock = clock;
        this.settings = settings;
        this.source = Database.source(settings, SESSION);
        this.destination = Database.destination(settings, SESSION);
        this.topic = new DlqTopic(settings, clock);
        this.originals = new OriginalRecords(settings, clock);
        this.handling = new HandlingTable(destination, settings.stream().name());
        this.many = new StreamLetters(stream, tables, source, destination);
    }

    /** Whether a letter is of this stream. */
    boolean isOwn(DeadLetter letter) {
        return streamTopics.stream().anyMatch(letter::isOf);
    }

    /** The name of the dead-letter topic. */
    String deadLetterTopic() {
        return settings.stream().deadLetterTopic();
    }

    /** The dead-letter topic. */
    DlqTopic topic() {
        return topic;
    }

    /** Remembers which dead letters were replayed or discarded. */
    HandlingTable handling() {
        return handling;
    }

    /** The dead letters, with what was done about each. */
    DeadLetterList deadLetters() {
        return new DeadLetterList(topic, handling, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY);
    }

    /** What sends them again. */
    Replays replays(Console console) throws OutageException, InterruptedException {
        return isOfMany() ? presentStates(console) : new ReplaySender(settings);
    }

    /** What sends the rows of dead letters of a stream of many tables. */
    PresentStates presentStates(Console console) throws OutageException, InterruptedException {
        PresentStates open = presentStates;
        if (open == null) {
            open = new PresentStates(many, clock, console);
            presentStates = open;
        }
        return open;
    }

    /** The table of a stream of many that a dead letter is of. */
    Optional<RegisteredTable> table(DeadLetter letter) {
        return many.table(letter);
    }

    /** The row that a dead letter is about; empty if it is of another stream. */
    Optional<RelatedRows> rows(DeadLetter letter) {
        return isOfMany() ? many.rows(letter) : Optional.of(rows());
    }

    private RelatedRows rows() {
        return new RelatedRows(settings, source, destination, true);
    }

    /** The columns of a JSON object, each with its value as text (null for null); empty when the text is none. */
    Optional<Map<String, @Nullable String>> columns(String json) throws OutageException {
        return rows().columns(json);
    }

    /** Whether it is of a stream of many tables, which is applied in cuts. */
    boolean isOfMany() {
        return !many.tables().isEmpty();
    }

    /** What would happen to those dead letters if they were sent again. */
    Forecasts check(Collection<DeadLetterEntry> entries) throws OutageException, InterruptedException {
        if (isOfMany()) {
            return many;
        }
        Map<DeadLetterId, String> differences = originals.differences(
                entries.stream().map(DeadLetterEntry::letter).toList());
        return new ReplayCheck(settings.stream().topic(), rows()::rehearse, differences);
    }

    /**
     * Says who else uses the dead-letter topic: several streams can share one. Looks into the destination and at the headers
     * of every dead letter: a stream to another destination is known by these only.
     *
     * @return in words who they are; empty when there is none
     */
    public Optional<String> otherUsers() throws OutageException, InterruptedException {
        Optional<String> id = topic.id();
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Collection<String> streams = handling.otherStreams(id.get());
        if (!streams.isEmpty()) {
            return Optional.of("it is the dead-letter topic of stream " + String.join(" and ", streams) + " as well");
        }
        Set<String> origins = new TreeSet<>();
        topic.read(Instant.EPOCH, letter -> {
            if (!isOwn(letter)) {
                origins.add(letter.origin().topic());
            }
        });
        return origins.isEmpty()
                ? Optional.empty()
                : Optional.of("it has dead letters of topic " + String.join(" and ", origins));
    }

    @Override
    public void close() {
        if (presentStates != null) {
            presentStates.close();
        }
        source.close();
        destination.close();
    }
}
