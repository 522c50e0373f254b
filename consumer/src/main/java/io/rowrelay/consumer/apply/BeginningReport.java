package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.progress.Beginning;
import io.rowrelay.stream.record.Partition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what was found when a partition was taken up: nothing that could be missed goes by in silence. */
final class BeginningReport {
    private static final Logger LOG = LoggerFactory.getLogger(BeginningReport.class);
    private static final String REPAIR = "to repair the rows run: " + Programs.command("resync");

    private BeginningReport() {}

    static void tell(Beginning beginning) {
        Partition partition = beginning.state().partition();
        long offset = beginning.offset();
        switch (beginning.kind()) {
            case AS_LEFT -> LOG.info("partition={} goes on at offset={}", partition, offset);
            case NEW -> LOG.info("partition={} is new, reading it from offset={}", partition, offset);
            case DESTINATION_NEW ->
                LOG.warn(
                        "the group has read partition={} up to offset={}, but this destination knows nothing of it (it is"
                                + " new, or was replaced): reading it from offset={}, where it begins; nothing is lost",
                        partition,
                        beginning.state().committed().orElse(0),
                        offset);
            case GROUP_FORGOT ->
                LOG.warn(
                        "the group has no offset on partition={} (new, or forgotten by Kafka): going on at offset={}, as"
                                + " the destination knows; nothing is lost",
                        partition,
                        offset);
            case DESTINATION_BEHIND ->
                LOG.warn(
                        "the group has read partition={} up to offset={}, the destination has it only to offset={}: its"
                                + " server lost the last commits in a crash, or it was restored to an earlier state;"
                                + " reading again from there, nothing is lost",
                        partition,
                        beginning.state().committed().orElse(0),
                        offset);
            case DROPPED ->
                LOG.error(
                        "records lost={} on partition={}: the topic begins with offset={}, what this destination needed"
                                + " before is gone (the topic's retention overtook the consumer, or the destination is older"
                                + " than the topic reaches back); reading on from there; {}",
                        beginning.lost(),
                        partition,
                        offset,
                        REPAIR);
            case CUT ->
                LOG.error(
                        "partition={} lost its tail: topic and destination agree up to offset={}, what the destination has"
                                + " read behind it the topic does not hold any more; it ends with offset={} (a broker"
                                + " lost power or disk, or an unclean leader election cut it). Reading from offset={};"
                                + " the producer publishes again what the topic had acknowledged and lost",
                        partition,
                        offset,
                        beginning.state().end(),
                        offset);
            case REPLACED ->
                LOG.error(
                        "partition={} belongs to another topic than the destination was fed from: the topic was deleted and"
                                + " created again; reading the new one from offset={}, but what was on the old one and"
                                + " not applied is lost; {}",
                        partition,
                        offset,
                        REPAIR);
        }
    }
}
