package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.EventSink;
import io.rowrelay.producer.capture.TableCapture;
import io.rowrelay.producer.capture.UnsoundTable;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.table.jdbc.StreamRegistry.Registered;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The captures of all tables of a stream, over the connection of a session. Tables whose capture is not sound can be left out, for a
 * whole session each time. Not thread-safe.
 */
final class StreamCapture implements TableCapture {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCapture.class);

    private final SourceConnection source;
    private final Registered registered;
    private final UnsoundTable policy;
    private final StreamSoundness soundness;
    private final Set<String> leftOut;

    private StreamCapture(
            SourceConnection source,
            Registered registered,
            UnsoundTable policy,
            StreamSoundness soundness,
            Set<String> leftOut) {
        this.source = source;
        this.registered = registered;
        this.policy = policy;
        this.soundness = soundness;
        this.leftOut = Set.copyOf(leftOut);
    }

    /** Those that a session begins with. */
    static StreamCapture open(
            SourceConnection source, Registered registered, UnsoundTable policy, StreamSoundness soundness)
            throws SQLException, OutageException {
        if (policy == UnsoundTable.STOP) {
            return new StreamCapture(source, registered, policy, soundness, Set.of());
        }
        Map<String, List<String>> problems = soundness.problems(source.connection(), registered.stream());
        problems.forEach((table, texts) -> {
            if (!table.equals(StreamSoundness.NO_TABLE)) {
                LOG.error(
                        "changes of table={} may be missed, so it is left out, and cuts are no state of the source: {}. Once that is"
                                + " repaired, copy the table again: rowrelay resync",
                        table,
                        String.join("; ", texts));
            }
        });
        return new StreamCapture(
                source,
                registered,
                policy,
                soundness,
                problems.keySet().stream()
                        .filter(table -> !table.equals(StreamSoundness.NO_TABLE))
                        .collect(Collectors.toSet()));
    }

    /** The tables that are published. */
    Registered published() {
        return registered.without(leftOut);
    }

    /** Stands for all of them. */
    @Override
    public CapturedTable table() {
        String name = registered.stream().name();
        return new CapturedTable(name, name, registered.stream().cutTopic());
    }

    @Override
    public void check() throws OutageException {
        try {
            source.checkpoints().refuseActionIdsThatWentBackwards(registered);
            refuseUnsound();
            source.clock().read(source.connection());
            source.connection().commit();
        } catch (SQLException failure) {
            throw SqlFailures.outage("checking the captures in the source database", failure);
        }
    }

    private void refuseUnsound() throws SQLException, OutageException {
        Map<String, List<String>> problems = soundness.problems(source.connection(), registered.stream());
        boolean stops = policy == UnsoundTable.STOP && !problems.isEmpty();
        if (problems.containsKey(StreamSoundness.NO_TABLE) || stops) {
            throw OutageException.dataAtRisk("the capture of stream "
                    + registered.stream().name() + " is not sound: "
                    + problems.entrySet().stream()
                            .map(each -> (each.getKey() + " " + String.join("; ", each.getValue())).strip())
                            .collect(Collectors.joining("; ")));
        }
        if (!problems.keySet().equals(leftOut)) {
            throw new OutageException(
                    "other tables of stream " + registered.stream().name()
                            + " than before are captured soundly; beginning again with those",
                    null);
        }
    }

    @Override
    public void compare(List<PublishedChange> published) {
        throw new UnsupportedOperationException("a stream is compared by its cuts");
    }

    @Override
    public void compareWith(EventSink sink) throws OutageException, InterruptedException {
        List<Cut> cuts = sink.recentCuts();
        try {
            source.checkpoints().refuseContradictions(cuts, source.cluster().systemIdentifier());
        } catch (SQLException failure) {
            throw SqlFailures.outage("comparing the cut topic with the source database", failure);
        }
    }
}
