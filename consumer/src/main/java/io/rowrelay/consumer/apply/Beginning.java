package io.rowrelay.consumer.apply;

import java.util.Optional;

/**
 * Where to begin reading a partition, decided from what the broker and the destination know.
 *
 * <p>The destination has the last word: its progress is written in the transactions that it speaks of, so it is true also
 * after a restore, and for a group whose offsets are lost. The group's offset counts only where it is lower and not of
 * another destination: then somebody has set it back to read records again, which is harmless.
 *
 * @param facts what the broker knows
 * @param offset where to begin
 * @param finding what there is to say about it
 * @param lost how many records were dropped from the topic before this destination saw them; at most, where it is not known
 *     what it had seen
 * @param leaderEpoch the leader epoch of what comes before the offset, by which the broker can tell whether it still holds that
 */
public record Beginning(PartitionFacts facts, long offset, Finding finding, long lost, Optional<Integer> leaderEpoch) {

    /** What was found. */
    public enum Finding {
        /** Group and destination agree, or somebody has set the group back. */
        AS_LEFT,
        /** Nobody has been here yet. */
        NEW,
        /** The group has been here, this destination has not. */
        DESTINATION_NEW,
        /** The group has no offset any more, the destination knows its place. */
        GROUP_FORGOT,
        /** The group is further than the destination, which lost its last commits in a crash or was restored to an earlier state. */
        DESTINATION_BEHIND,
        /** The topic no longer holds what the destination needs next. */
        OVERTAKEN,
        /** The topic lost its tail, and with it records that the destination has read; it may have grown again since. */
        CUT,
        /** The topic is not the one that the destination was fed from. */
        REPLACED
    }

    /**
     * Decides.
     *
     * @param stored what the destination knows of the partition, if anything
     * @param parted up to where topic and destination agree, if the topic does not hold what comes before the stored place
     */
    public static Beginning of(
            PartitionFacts facts, Optional<PartitionProgress> stored, Optional<PartitionProgress> parted) {
        if (stored.isEmpty()) {
            return fromTheFirst(facts, newcomer(facts), facts.first());
        }
        PartitionProgress known = stored.get();
        if (!known.topicId().equals(facts.topicId())) {
            return fromTheFirst(facts, Finding.REPLACED, facts.first());
        }
        if (known.nextOffset() < facts.first()) {
            return fromTheFirst(facts, Finding.OVERTAKEN, facts.first() - known.nextOffset());
        }
        if (parted.isPresent() && parted.get().nextOffset() >= facts.first()) {
            return new Beginning(
                    facts,
                    parted.get().nextOffset(),
                    Finding.CUT,
                    0,
                    parted.get().leaderEpoch());
        }
        if (parted.isPresent() || known.nextOffset() > facts.end()) {
            return fromTheFirst(facts, Finding.CUT, 0);
        }
        return resumed(facts, known);
    }

    private static Finding newcomer(PartitionFacts facts) {
        if (facts.first() > 0) {
            return Finding.OVERTAKEN;
        }
        return facts.committed().isPresent() ? Finding.DESTINATION_NEW : Finding.NEW;
    }

    private static Beginning fromTheFirst(PartitionFacts facts, Finding finding, long lost) {
        return new Beginning(facts, facts.first(), finding, lost, Optional.empty());
    }

    private static Beginning resumed(PartitionFacts facts, PartitionProgress stored) {
        if (facts.committed().isEmpty()) {
            // Where nothing has been read yet nobody has anything to remember.
            return at(facts, stored, stored.nextOffset() == 0 ? Finding.AS_LEFT : Finding.GROUP_FORGOT);
        }
        long committed = facts.committed().getAsLong();
        if (committed > stored.nextOffset()) {
            return at(facts, stored, Finding.DESTINATION_BEHIND);
        }
        return committed == stored.nextOffset() || facts.ofAnother()
                ? at(facts, stored, Finding.AS_LEFT)
                : new Beginning(facts, Math.max(committed, facts.first()), Finding.AS_LEFT, 0, Optional.empty());
    }

    private static Beginning at(PartitionFacts facts, PartitionProgress stored, Finding finding) {
        return new Beginning(facts, stored.nextOffset(), finding, 0, stored.leaderEpoch());
    }

    /** What the destination has to be told before reading begins: its own place is not to be gone on from. */
    public Optional<PartitionProgress> correction() {
        return switch (finding) {
            case AS_LEFT, GROUP_FORGOT, DESTINATION_BEHIND -> Optional.empty();
            case NEW, DESTINATION_NEW, OVERTAKEN, CUT, REPLACED ->
                Optional.of(new PartitionProgress(facts.partition(), facts.topicId(), offset, leaderEpoch));
        };
    }
}
