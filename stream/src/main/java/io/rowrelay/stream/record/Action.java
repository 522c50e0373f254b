package io.rowrelay.stream.record;

import java.util.Optional;

/** What a change did to its row. */
public enum Action {
    /** The row is new; carries the new row. */
    INSERT,
    /** The row changed and kept its key; carries the new row. */
    UPDATE,
    /** The row is gone; carries the old row. */
    DELETE;

    /** Returns the action that the text names exactly, or empty. */
    public static Optional<Action> named(String text) {
        for (Action action : values()) {
            if (action.name().equals(text)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }
}
