package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Fault.Target;
import io.rowrelay.it.stack.Databases;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The destination is there and refuses to write. */
final class DestinationFaults {
    private static final String CONSUMERS = " FROM pg_stat_activity WHERE usename = '" + ChaosDatabases.CONSUMER + "'";

    private DestinationFaults() {}

    static List<Fault> of(String url, SmallDisk disk) {
        String role = "ALTER ROLE " + ChaosDatabases.CONSUMER + " ";
        return List.of(
                role(
                        url,
                        "read-only",
                        role + "SET default_transaction_read_only = on",
                        role + "RESET default_transaction_read_only"),
                role(url, "out of connections", role + "CONNECTION LIMIT 0", role + "CONNECTION LIMIT -1"),
                full(url, disk),
                new TableLock(url),
                new Cancellations(url));
    }

    /** What goes by new sessions: those there are ended, and not again when it is over. */
    private static Fault role(String url, String name, String injection, String healing) {
        return new SimpleFault(
                "destination " + name,
                Target.DESTINATION,
                () -> Databases.query(url(url, injection), "SELECT pg_terminate_backend(pid)" + CONSUMERS),
                () -> Databases.execute(url, healing));
    }

    private static String url(String url, String first) {
        Databases.execute(url, first);
        return url;
    }

    private static Fault full(String url, SmallDisk disk) {
        return disk.isThere()
                ? new SimpleFault("destination disk full", Target.DESTINATION, disk::fill, disk::free)
                : new SimpleFault(
                        "destination disk said to be full",
                        Target.DESTINATION,
                        () -> Databases.execute(url, ChaosDatabases.auditSaysDiskFull()),
                        () -> Databases.execute(url, ChaosDatabases.audit()));
    }

    /** Somebody holds the table, as DDL does. */
    private static final class TableLock implements Fault {
        private final String url;
        private @Nullable Connection holder;

        TableLock(String url) {
            this.url = url;
        }

        @Override
        public String name() {
            return "destination table locked";
        }

        @Override
        public Target target() {
            return Target.DESTINATION;
        }

        @Override
        public void inject() {
            Connection connection = Databases.connect(url);
            holder = connection;
            Databases.execute(connection, "BEGIN", "LOCK TABLE employees IN ACCESS EXCLUSIVE MODE");
        }

        @Override
        public void heal() {
            Connection connection = holder;
            holder = null;
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    /** Every statement of the consumers is cancelled, as a statement timeout does it. */
    private static final class Cancellations implements Fault {
        private static final long EVERY_MILLIS = 5;

        private final String url;
        private volatile boolean on;
        private @Nullable Thread canceller;

        Cancellations(String url) {
            this.url = url;
        }

        @Override
        public String name() {
            return "destination statements cancelled";
        }

        @Override
        public Target target() {
            return Target.DESTINATION;
        }

        @Override
        public void inject() {
            on = true;
            Thread thread = new Thread(this::cancel, "chaos-canceller");
            thread.start();
            canceller = thread;
        }

        private void cancel() {
            try (Connection connection = Databases.connect(url)) {
                while (on) {
                    Databases.query(connection, "SELECT pg_cancel_backend(pid)" + CONSUMERS + " AND state = 'active'");
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS));
                }
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public void heal() {
            on = false;
            Thread thread = canceller;
            try {
                if (thread != null) {
                    thread.join();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
