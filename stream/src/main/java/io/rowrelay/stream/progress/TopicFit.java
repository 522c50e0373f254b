package io.rowrelay.stream.progress;

import java.util.Optional;

/** How what a topic holds of a partition fits what the destination has applied of it. */
public enum TopicFit {
    /** The topic holds everything that is still to be applied. */
    FITS,
    /** The topic has dropped records before they were applied. */
    DROPPED,
    /** The topic ends before the progress: it lost its tail. */
    CUT,
    /** The progress is that of another topic, of the same name. */
    REPLACED;

    /**
     * Compares.
     *
     * @param first the first offset that the topic still holds
     * @param end the offset that the next record will get
     * @param progress what the destination knows of the partition, if anything
     */
    public static TopicFit of(String topicId, long first, long end, Optional<PartitionProgress> progress) {
        if (progress.isPresent() && !progress.get().topicId().equals(topicId)) {
            return REPLACED;
        }
        long next = progress.map(PartitionProgress::nextOffset).orElse(0L);
        if (next < first) {
            return DROPPED;
        }
        return next > end ? CUT : FITS;
    }
}
