package io.rowrelay.admin.dlq;

/**
 * What has been done about a dead letter.
 *
 * @param state what
 * @param replays how often it was sent to the stream's topic
 */
public record Handling(State state, int replays) {
    /** Nothing yet. */
    static final Handling NONE = new Handling(State.OPEN, 0);

    /** What can have been done. */
    public enum State {
        OPEN,
        REPLAYED,
        DISCARDED
    }
}
