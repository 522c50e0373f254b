package io.rowrelay.sandbox.shop;

import io.rowrelay.sandbox.load.SessionSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the shop again and again, and compares what it sees with what holds after each transaction. Each read is one statement, so it
 * sees one state. Runs in a thread of its own; what it has found can be asked from any.
 */
public final class ShopReader implements Callable<Long> {
    /** A read; its statement returns what is wrong, or null. */
    private enum Read {
        SUM_OF_BALANCES("""
                SELECT CASE WHEN count(*) <> %1$d OR sum(balance) <> %2$d
                            THEN format('%%s accounts with %%s, not %1$d with %2$d', count(*), sum(balance)) END
                FROM shop.accounts WHERE ? > 0""".formatted(Shop.ACCOUNTS, Shop.ACCOUNTS * Shop.OPENING)),
        ACCOUNT("""
                SELECT format('account %s has %s, but its transfers say %s', a.account_id, a.balance, a.opening + t.moved)
                FROM (SELECT 1 + ? % 60 AS id) AS wanted JOIN shop.accounts AS a ON a.account_id = wanted.id
                CROSS JOIN LATERAL (
                    SELECT coalesce((SELECT sum(i.amount) FROM shop.transfers AS i WHERE i.to_account = a.account_id), 0)
                         - coalesce((SELECT sum(o.amount) FROM shop.transfers AS o WHERE o.from_account = a.account_id), 0) AS moved) AS t
                WHERE a.balance <> a.opening + t.moved"""),
        ORDER("""
                SELECT format('order %s (%s) is %s of %s lines and has %s lines of %s, paid %s',
                              o.order_id, o.status, o.total, o.line_count, l.count, l.total, p.total)
                FROM (SELECT max(order_id) AS last FROM shop.orders) AS m
                JOIN LATERAL (SELECT * FROM shop.orders AS r WHERE r.order_id <= m.last - ? % 200 ORDER BY r.order_id DESC LIMIT 1) AS o ON true
                CROSS JOIN LATERAL (SELECT count(*), coalesce(sum(amount), 0) AS total FROM shop.order_lines AS r WHERE r.order_id = o.order_id) AS l
                CROSS JOIN LATERAL (SELECT sum(amount) AS total FROM shop.payments AS r WHERE r.order_id = o.order_id) AS p
                WHERE (o.line_count, o.total) <> (l.count, l.total) OR (o.status = 'paid') <> (p.total IS NOT NULL)
                   OR o.total <> coalesce(p.total, o.total)"""),
        REFERENCES("""
                SELECT format('order %s has lines and is not there', l.order_id)
                FROM (SELECT max(order_id) AS last FROM shop.order_lines) AS m
                JOIN LATERAL (SELECT r.order_id FROM shop.order_lines AS r WHERE r.order_id <= m.last - ? % 200 ORDER BY r.order_id DESC LIMIT 20) AS l ON true
                WHERE NOT EXISTS (SELECT FROM shop.orders AS o WHERE o.order_id = l.order_id)
                LIMIT 1""");

        private final String sql;

        Read(String sql) {
            this.sql = sql;
        }
    }

    private final SessionSource database;
    private final BooleanSupplier stop;
    private final Random random;
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private volatile @Nullable String first;

    /** Reads until it is told to stop, in an order that {@code seed} decides. */
    public ShopReader(SessionSource database, BooleanSupplier stop, long seed) {
        this.database = database;
        this.stop = stop;
        this.random = new Random(seed);
    }

    /** How often it has read. */
    public long reads() {
        return reads.get();
    }

    /** How many of the reads found a state that never was in the source. */
    public long wrong() {
        return wrong.get();
    }

    /** What the first of them found. */
    public Optional<String> firstWrong() {
        return Optional.ofNullable(first);
    }

    /** Returns how often it has read. */
    @Override
    public Long call() throws SQLException {
        try (Connection connection = database.open()) {
            Map<Read, PreparedStatement> statements = new EnumMap<>(Read.class);
            for (Read read : Read.values()) {
                statements.put(read, connection.prepareStatement(read.sql));
            }
            while (!stop.getAsBoolean()) {
                for (PreparedStatement statement : statements.values()) {
                    look(statement);
                }
            }
        }
        return reads();
    }

    private void look(PreparedStatement statement) throws SQLException {
        statement.setInt(1, 1 + random.nextInt(100_000));
        try (ResultSet row = statement.executeQuery()) {
            String problem = row.next() ? row.getString(1) : null;
            reads.incrementAndGet();
            if (problem != null) {
                if (wrong.getAndIncrement() == 0) {
                    first = problem;
                }
            }
        }
    }
}
