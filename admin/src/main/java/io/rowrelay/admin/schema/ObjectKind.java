package io.rowrelay.admin.schema;

import java.util.Locale;

/** The kinds of objects, in the order in which they are made where nothing else decides. */
enum ObjectKind {
    SCHEMA,
    EXTENSION,
    TYPE,
    FUNCTION,
    SEQUENCE,
    TABLE,
    DEFAULT,
    CONSTRAINT,
    INDEX,
    VIEW,
    TRIGGER,
    STATISTICS,
    FOREIGN_KEY,
    /** What nothing here can make. */
    OTHER;

    /** Finds the kind by the word that the query has for it. */
    static ObjectKind of(String word) {
        return valueOf(word.replace(' ', '_').toUpperCase(Locale.ROOT));
    }

    /** As people say it. */
    String text() {
        return name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
