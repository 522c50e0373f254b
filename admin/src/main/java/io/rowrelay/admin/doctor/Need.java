package io.rowrelay.admin.doctor;

/** What a check cannot do without. */
public enum Need {
    /** The source database answers. */
    SOURCE,
    /** It is one that can be written. */
    PRIMARY,
    /** sql/source was applied to it. */
    SOURCE_SCRIPTS,
    /** The table is captured into its change table. */
    CAPTURE,
    /** The role may read the change table. */
    CHANGES,
    /** Nothing was found that makes a producer stop by itself. */
    PUBLISHABLE,
    /** Kafka answers. */
    KAFKA,
    /** The stream's topic is there. */
    TOPIC,
    /** The destination database answers. */
    DESTINATION,
    /** sql/destination was applied to it. */
    DESTINATION_SCRIPTS,
    /** The destination table is there. */
    DESTINATION_TABLE
}
