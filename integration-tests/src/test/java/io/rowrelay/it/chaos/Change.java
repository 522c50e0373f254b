package io.rowrelay.it.chaos;

/**
 * A change of a row, as the writer made it or as it was found somewhere.
 *
 * @param kind what happened
 * @param key the row
 * @param stamp what the row says: all its columns follow from this number; negative is what the destination refuses
 */
record Change(Kind kind, int key, int stamp) {
    /** The names are those of the change table. */
    enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }

    /** Whether the destination must refuse it. */
    boolean isPoison() {
        return kind != Kind.DELETE && stamp < 0;
    }

    @Override
    public String toString() {
        return kind + "(" + key + ":" + stamp + ")";
    }
}
