package io.rowrelay.common.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Properties;

/** Opens pools of sessions that are all alike, wherever the daemon runs and whatever the role's defaults are. */
public final class Databases {
    /**
     * A statement is answered in this time, but for {@link LongWork}; without it a half-open connection would hang for ever.
     */
    public static final Duration SOCKET_DEADLINE = Duration.ofSeconds(5);

    /** The server's own deadline for a statement, below that of the network: then both sides give up. */
    static final Duration STATEMENT_DEADLINE = Duration.ofSeconds(4);

    /** Connecting, login included. */
    private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(4);

    /**
     * How long the pool lets its caller wait. It is also the longest pause of the pool between two attempts to connect, in
     * addition to the caller's backoff: together they must end within seconds after a recovery.
     */
    private static final Duration POOL_PATIENCE = Duration.ofSeconds(2);

    private static final Duration VALIDATION_DEADLINE = Duration.ofMillis(1500);

    /**
     * The settings that decide how PostgreSQL prints and reads values are fixed, so that source and destination agree;
     * keep-alives let the server notice a client that vanished, and free its locks. Read committed, because a statement that
     * waited for a lock must see what the former holder committed: with an older snapshot a late change undoes a deletion.
     *
     * <p>Time-outs are those given here and by the callers, never those of a role or a database, and the same holds for
     * settings that change what our statements mean, such as array_nulls, which would turn a NULL in an array into a word, or
     * row_security: a policy that hides rows from the role must be an error, since a hidden row would look deleted. Only
     * default_transaction_read_only stays as it is, since it is set where nobody should write.
     */
    private static final String SESSION = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD';"
            + " SET IntervalStyle = 'postgres'; SET extra_float_digits = 3; SET bytea_output = 'hex';"
            + " SET lc_monetary = 'C'; SET xmlbinary = 'base64'; SET xmloption = 'content'; SET array_nulls = on; SET jit = off;"
            + " SET quote_all_identifiers = off;"
            + " SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;"
            + " SET tcp_user_timeout = '30s'; SET default_transaction_isolation = 'read committed';"
            + " SET default_transaction_deferrable = off; SET array_nulls = on; SET exit_on_error = off;"
            + " SET standard_conforming_strings = on; SET transform_null_equals = off; SET row_security = off;"
            + " SET enable_indexscan = on; SET enable_indexonlyscan = on; SET enable_nestloop = on; SET enable_sort = on;"
            + " SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0;"
            // PostgreSQL 17 and later.
            + " SELECT set_config('transaction_timeout', '0', false)"
            + " WHERE current_setting('transaction_timeout', true) IS NOT NULL;"
            // For commits that must not be lost; the daemons, which lose nothing by it, turn it off afterwards.
            + " SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';";

    private Databases() {}

    /**
     * Opens a pool, which may outlive outages of the server and need not reach it now.
     *
     * @param settings the server and the role
     * @param name of the pool, in logs, metrics and pg_stat_activity
     * @param connections at most
     * @param sessionSettings further statements that each new session runs
     * @param registry where the pool counts
     */
    public static HikariDataSource open(
            DatabaseSettings settings, String name, int connections, String sessionSettings, MeterRegistry registry) {
        return open(
                settings,
                name,
                connections,
                "SET statement_timeout = " + STATEMENT_DEADLINE.toMillis() + ";" + sessionSettings,
                registry,
                new Deadlines(CONNECT_DEADLINE, SOCKET_DEADLINE, VALIDATION_DEADLINE));
    }

    /**
     * How long a session may take.
     *
     * @param connect to be opened, login included
     * @param answer to answer a statement, unless it is given another time
     * @param validation to say that it is still there
     */
    record Deadlines(Duration connect, Duration answer, Duration validation) {}

    /** The same with other deadlines; the session's settings have to give statements their time. */
    static HikariDataSource open(
            DatabaseSettings settings,
            String name,
            int connections,
            String sessionSettings,
            MeterRegistry registry,
            Deadlines deadlines) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(
                new OwnSessions(settings.url(), driverProperties(name, deadlines), SESSION + sessionSettings));
        // Asked for each new session: a password that was rotated in its file needs no restart.
        config.setCredentialsProvider(
                () -> Credentials.of(settings.user(), settings.password().now()));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(POOL_PATIENCE.toMillis());
        config.setValidationTimeout(deadlines.validation().toMillis());
        config.setInitializationFailTimeout(-1);
        config.setMetricRegistry(registry);
        return new HikariDataSource(config);
    }

    private static Properties driverProperties(String name, Deadlines deadlines) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", name);
        properties.setProperty("connectTimeout", seconds(deadlines.connect()));
        properties.setProperty("loginTimeout", seconds(deadlines.connect()));
        properties.setProperty("socketTimeout", seconds(deadlines.answer()));
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }

    /** As text: the driver takes a property that is no text for one that is not set. */
    private static String seconds(Duration deadline) {
        return Long.toString(deadline.toSeconds());
    }
}
