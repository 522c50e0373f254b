package io.rowrelay.common.settings;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Settings without a line each in the table: all names with one prefix, such as the properties of a client library. */
public interface SettingsFamily {

    /** What the names begin with. */
    String prefix();

    /** How the names are built, for the help text. */
    String description();

    /** What may not be set freely and why, by name; for the reference. */
    Map<String, String> restrictions();

    /** Every name there is; for suggestions. */
    Collection<String> names();

    /** The setting behind a name, or empty where there is none. */
    Optional<Setting<String>> setting(String name);

    /** Whether the name, although it has the prefix, is some other program's. */
    boolean isForeign(String name);
}
