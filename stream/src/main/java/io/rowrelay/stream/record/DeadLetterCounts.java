package io.rowrelay.stream.record;

/**
 * How many dead letters a stream has.
 *
 * @param open on the topic, and nothing was done about them
 * @param lost dropped by the topic before anything was done about them
 * @param rejected records that ever became letters; references to changes that never were on the stream's topic do not count
 */
public record DeadLetterCounts(long open, long lost, long rejected) {

    /** In words, such as {@code 3 dead letters are open, 1 was lost}; empty when there is nothing to do about any. */
    public String text() {
        String lostOnes = lost == 1 ? "1 was lost" : lost + " were lost";
        if (open == 0) {
            return lost == 0 ? "" : "dead letters: " + lostOnes;
        }
        return (open == 1 ? "1 dead letter is open" : open + " dead letters are open")
                + (lost == 0 ? "" : ", " + lostOnes);
    }
}
