package io.rowrelay.admin.doctor;

import java.util.Set;

/** What a check needs. */
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
    /** No problem was found that makes a producer stop by itself. */
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
    DESTINATION_TABLE;

    /** Whether it is missing where the other one is. */
    boolean restsOn(Need other) {
        return this == other || foundations().stream().anyMatch(need -> need.restsOn(other));
    }

    private Set<Need> foundations() {
        return switch (this) {
            case SOURCE, PUBLISHABLE, KAFKA, DESTINATION -> Set.of();
            case PRIMARY, SOURCE_SCRIPTS -> Set.of(SOURCE);
            case CAPTURE -> Set.of(PRIMARY, SOURCE_SCRIPTS);
            case CHANGES -> Set.of(CAPTURE);
            case TOPIC -> Set.of(KAFKA);
            case DESTINATION_SCRIPTS -> Set.of(DESTINATION);
            case DESTINATION_TABLE -> Set.of(DESTINATION_SCRIPTS);
        };
    }
}
