package io.rowrelay.common.jdbc;

import io.rowrelay.common.settings.Credentials;
import io.rowrelay.common.settings.Secret;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.ValueType;
import io.rowrelay.common.settings.ValueTypes;
import java.util.List;

/**
 * How to reach one database.
 *
 * @param url the JDBC URL, without user and password
 * @param user the role to connect as
 * @param password its password; never shown, and read again for each session where it is in a file
 */
public record DatabaseSettings(String url, String user, Secret password) {

    /** With a password that never changes. */
    public DatabaseSettings(String url, String user, String password) {
        this(url, user, Secret.of(password));
    }

    @Override
    public String toString() {
        return "DatabaseSettings[url=%s, user=%s, password=%s]"
                .formatted(Credentials.masked(url), user, ValueType.MASK);
    }

    /**
     * The three lines of the table for one database.
     *
     * @param url {@code <PREFIX>_DB_URL}
     * @param user {@code <PREFIX>_DB_USER}
     * @param password {@code <PREFIX>_DB_PASSWORD}
     */
    public record Lines(Setting<String> url, Setting<String> user, Setting<String> password) {

        /** The settings of the database whose changes are published. */
        public static final Lines SOURCE = of("SOURCE", "source database", "jdbc:postgresql://localhost:5432/source");

        /** The settings of the database that the changes are applied to. */
        public static final Lines DESTINATION =
                of("DESTINATION", "destination database", "jdbc:postgresql://localhost:5433/destination");

        private static Lines of(String prefix, String role, String defaultUrl) {
            return new Lines(
                    new Setting<>(prefix + "_DB_URL", "JDBC URL of the " + role + ".", defaultUrl, JdbcUrls.type()),
                    new Setting<>(
                            prefix + "_DB_USER", "Role to connect as to the " + role + ".", "cdc", ValueTypes.text()),
                    new Setting<>(prefix + "_DB_PASSWORD", "Password of that role.", "cdc", ValueTypes.secretText()));
        }

        public List<Setting<?>> all() {
            return List.of(url, user, password);
        }

        public DatabaseSettings from(Settings settings) {
            return new DatabaseSettings(settings.get(url), settings.get(user), settings.secret(password));
        }
    }
}
