package io.rowrelay.common.jdbc;

import io.rowrelay.common.settings.Loopback;
import io.rowrelay.common.settings.ValueType;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** What a JDBC URL may be. */
public final class JdbcUrls {

    private static final String PREFIX = "jdbc:postgresql://";
    private static final Set<String> CREDENTIALS = Set.of("user", "password");

    /** Kept here, since a logger without a reference loses its level. */
    private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

    private JdbcUrls() {}

    /** A URL that the driver takes, with a host and a database, every parameter known, user and password not in it. */
    public static ValueType<String> type() {
        return ValueType.open(
                "a URL jdbc:postgresql://host:port/database without user and password; parameters spelled as in the"
                        + " PostgreSQL driver",
                text -> Optional.of(text).filter(JdbcUrls::isAllowed));
    }

    private static boolean isAllowed(String url) {
        // A name after the slash is asked for because without it the driver connects to a database named like the user.
        return url.startsWith(PREFIX)
                && url.chars().noneMatch(character -> character <= ' ')
                && hasHostAndDatabase(url)
                && isTakenByDriver(url);
    }

    /** Whether all its hosts are this machine. */
    static boolean isOnThisMachine(String url) {
        return Arrays.stream(address(url).split("/", 2)[0].split(",", -1)).allMatch(Loopback::isAt);
    }

    /** The value of a parameter; empty when it is not given. */
    static String parameter(String url, String name) {
        String query = url.contains("?") ? url.substring(url.indexOf('?') + 1) : "";
        return Arrays.stream(query.split("&", -1))
                .filter(parameter -> parameter.startsWith(name + "="))
                .map(parameter -> parameter.substring(name.length() + 1))
                .reduce("", (first, last) -> last);
    }

    private static String address(String url) {
        return url.substring(PREFIX.length()).split("\\?", 2)[0];
    }

    private static boolean hasHostAndDatabase(String url) {
        String address = address(url);
        int slash = address.indexOf('/');
        return slash > 0 && slash < address.length() - 1;
    }

    private static Set<String> parameterNames(String url) {
        String[] addressAndQuery = url.split("\\?", 2);
        if (addressAndQuery.length < 2 || addressAndQuery[1].isEmpty()) {
            return Set.of();
        }
        return Arrays.stream(addressAndQuery[1].split("&", -1))
                .map(parameter -> parameter.split("=", 2)[0])
                .collect(Collectors.toSet());
    }

    /** The driver ignores what it does not know; an ignored "sslmod=verify-full" would leave the wire open. */
    private static boolean isTakenByDriver(String url) {
        // It would log a URL that it rejects, credentials included.
        DRIVER_LOG.setLevel(Level.OFF);
        try {
            // DriverManager and not the driver's class, whose annotations need classes that are not there to compile.
            return allowedParameters(DriverManager.getDriver(url)).containsAll(parameterNames(url));
        } catch (SQLException | RuntimeException refused) {
            return false;
        } finally {
            DRIVER_LOG.setLevel(null);
        }
    }

    private static Set<String> allowedParameters(Driver driver) throws SQLException {
        return Arrays.stream(driver.getPropertyInfo("", new Properties()))
                .map(property -> property.name)
                .filter(name -> !CREDENTIALS.contains(name))
                .collect(Collectors.toSet());
    }
}
