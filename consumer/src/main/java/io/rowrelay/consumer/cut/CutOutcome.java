package io.rowrelay.consumer.cut;

/**
 * What became of the changes of windows.
 *
 * @param applied how many took effect, or were followed by a later change of their row that did
 * @param superseded how many were applied before
 * @param rejected how many became dead letters
 */
public record CutOutcome(long applied, long superseded, long rejected) {
    /** Nothing happened. */
    public static final CutOutcome NOTHING = new CutOutcome(0, 0, 0);
}
