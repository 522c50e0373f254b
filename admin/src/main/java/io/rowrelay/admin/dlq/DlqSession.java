package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
    private final boolean ofMany;

    public DlqSession(AdminSettings settings, CommandClock clock) {
        this(settings, Set.of(settings.stream().topic()), false, clock);
    }

    /** That of a stream of many tables, whose letters are in one topic. */
    static DlqSession ofMany(AdminSettings stream, List<RegisteredTable> tables, CommandClock clock) {
        return new DlqSession(
                tables.get(0).settings(stream),
                tables.stream().map(RegisteredTable::topic).collect(Collectors.toSet()),
                true,
                clock);
    }

    private DlqSession(AdminSettings settings, Set<String> streamTopics, boolean ofMany, CommandClock clock) {
        this.streamTopics = Set.copyOf(streamTopics);
        this.ofMany = ofMany;
        this.settings = settings;
        this.source = Database.source(settings, SESSION);
        this.destination = Database.destination(settings, SESSION);
        this.topic = new DlqTopic(settings, clock);
        this.originals = new OriginalRecords(settings, clock);
        this.handling = new HandlingTable(destination, settings.stream().name());
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
    ReplaySender replays() {
        return new ReplaySender(settings);
    }

    /** The rows that they are about. */
    RelatedRows rows() {
        return new RelatedRows(settings, source, destination);
    }

    /** Refuses to send letters of a stream that is applied in cuts. */
    void requireReplayable() {
        if (ofMany) {
            throw new CommandFailedException(
                    "letters of a stream of many tables are not sent again, since an old change has no place among later ones: "
                            + Programs.command("verify --repair --table TABLE")
                            + " sends the present state of the rows; dlq list and dlq export show the letters");
        }
    }

    /** What would happen to those dead letters if they were sent again. */
    ReplayCheck check(Collection<DeadLetterEntry> entries) throws OutageException, InterruptedException {
        requireReplayable();
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
        source.close();
        destination.close();
    }
}
