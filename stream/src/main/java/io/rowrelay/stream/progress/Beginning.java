package io.rowrelay.stream.progress;

import java.util.Optional;

/**
 * Where to begin reading a partition, decided from what the broker and the destination know.
 *
 * <p>The destination decides: its progress is written in the transactions of its changes, so it is right also after a restore,
 * and for a group whose offsets are lost. The group's offset counts only where it is lower and not of another destination:
 * then somebody has set it back to read records again, which is harmless.
 *
 * @param state what the broker knows
 * @param offset where to begin
 * @param kind what there is to say about it
 * @param lost how many records were dropped from the topic before this destination saw them; at most, where it is not known
 *     what it
 *     had seen
 * @param leaderEpoch the leader epoch of what comes before the offset, by which the broker can tell whether it still holds that
 */
public record Beginning(PartitionState state, long offset, Kind kind, long lost, Optional<Integer> leaderEpoch) {
    /** How reading begins. */
    public enum Kind {
        /** Group and destination agree, or somebody has set the group back. */
        AS_LEFT,
        /** Neither group nor destination has read the partition. */
        NEW,
        /** The group has read the partition, this destination has not. */
        DESTINATION_NEW,
        /** The group has no offset any more, the destination knows its progress. */
        GROUP_FORGOT,
        /**
         * The group is further than the destination, which lost its last commits in a crash or was restored to an earlier
         * state.
         */
        DESTINATION_BEHIND,
        /** The topic no longer holds what the destination needs next. */
        DROPPED,
        /** The topic lost its tail, and with it records that the destination has read; it may have grown again since. */
        CUT,
        /** The topic is not the one that the destination was fed from. */
        REPLACED
    }

    /**
     * Decides.
     *
     * @param stored what the destination knows of the partition, if anything
     * @param agreed up to where topic and destination agree, if the topic does not hold all of what comes before the progress
     */
    public static Beginning of(
            PartitionState state, Optional<PartitionProgress> stored, Optional<PartitionProgress> agreed) {
        return switch (TopicFit.of(state.topicId(), state.first(), state.end(), stored)) {
            case REPLACED -> atTheFirst(state, Kind.REPLACED, state.first());
            case DROPPED ->
                atTheFirst(
                        state,
                        Kind.DROPPED,
                        state.first()
                                - stored.map(PartitionProgress::nextOffset).orElse(0L));
            case CUT -> cut(state, agreed);
            case FITS -> agreed.isPresent() ? cut(state, agreed) : fitting(state, stored);
        };
    }

    private static Beginning cut(PartitionState state, Optional<PartitionProgress> agreed) {
        return agreed.filter(progress -> progress.nextOffset() >= state.first())
                .map(progress -> at(state, progress, Kind.CUT))
                .orElseGet(() -> atTheFirst(state, Kind.CUT, 0));
    }

    private static Beginning fitting(PartitionState state, Optional<PartitionProgress> stored) {
        if (stored.isEmpty()) {
            return atTheFirst(state, state.committed().isPresent() ? Kind.DESTINATION_NEW : Kind.NEW, 0);
        }
        PartitionProgress progress = stored.get();
        if (state.committed().isEmpty()) {
            // Without any progress there is nothing to compare.
            return at(state, progress, progress.nextOffset() == 0 ? Kind.AS_LEFT : Kind.GROUP_FORGOT);
        }
        long committed = state.committed().getAsLong();
        if (committed > progress.nextOffset()) {
            return at(state, progress, Kind.DESTINATION_BEHIND);
        }
        return committed == progress.nextOffset() || state.ofAnother()
                ? at(state, progress, Kind.AS_LEFT)
                : new Beginning(state, Math.max(committed, state.first()), Kind.AS_LEFT, 0, Optional.empty());
    }

    private static Beginning at(PartitionState state, PartitionProgress progress, Kind kind) {
        return new Beginning(state, progress.nextOffset(), kind, 0, progress.leaderEpoch());
    }

    private static Beginning atTheFirst(PartitionState state, Kind kind, long lost) {
        return new Beginning(state, state.first(), kind, lost, Optional.empty());
    }

    /** From where reading goes on. */
    public PartitionProgress progress() {
        return new PartitionProgress(state.topicId(), offset, leaderEpoch);
    }

    /** Whether the destination has to note it before reading begins: its own progress no longer holds. */
    public boolean isCorrection() {
        return switch (kind) {
            case AS_LEFT, GROUP_FORGOT, DESTINATION_BEHIND -> false;
            case NEW, DESTINATION_NEW, DROPPED, CUT, REPLACED -> true;
        };
    }
}
