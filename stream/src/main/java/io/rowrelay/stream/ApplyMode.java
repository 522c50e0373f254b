package io.rowrelay.stream;

/** How a destination applies a stream. */
public enum ApplyMode {
    /** The one table that the settings name, row by row. */
    ONE_TABLE("as one table"),
    /** Many tables, row by row. */
    ROWS("row by row"),
    /** Many tables, from one state of the source to a later one. */
    CUTS("in cuts");

    private final String text;

    ApplyMode(String text) {
        this.text = text;
    }

    /** As messages say it. */
    @Override
    public String toString() {
        return text;
    }
}
