package io.rowrelay.sandbox.shop;

import io.rowrelay.sandbox.load.SessionSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * One session that does what happens in the shop, a transaction after the other. After each of them everything holds that
 * {@link ShopReader} looks for; within one it does not. Several can run at once.
 */
public final class ShopWriter implements Callable<Long> {
    /**
     * What sessions that meet can run into: serialization failure, deadlock, a value that another one has taken meanwhile, a row that
     * another one has deleted.
     */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "23505", "23503");

    /** Something that happens, and how often beside the others. */
    private record Event(int weight, Step step) {}

    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }

    private final SessionSource database;
    private final BooleanSupplier stop;
    private final Random random;
    private final List<Event> events;
    private final int weights;
    private Connection connection;

    /** Writes until it is told to stop; {@code seed} decides what. */
    @SuppressWarnings("NullAway.Init") // The connection is there while it runs.
    public ShopWriter(SessionSource database, BooleanSupplier stop, long seed) {
        this.database = database;
        this.stop = stop;
        this.random = new Random(seed);
        this.events = List.of(
                new Event(30, this::transfer),
                new Event(20, this::order),
                new Event(10, this::changeLines),
                new Event(10, this::pay),
                new Event(4, this::postPaymentElsewhere),
                new Event(12, this::cancel),
                new Event(4, this::exchangeEmails),
                new Event(4, this::passPrioritiesOn),
                new Event(3, this::welcome),
                new Event(2, this::leave),
                new Event(2, this::replaceProduct));
        this.weights = events.stream().mapToInt(Event::weight).sum();
    }

    /** Returns how many transactions were committed. */
    @Override
    public Long call() throws SQLException {
        long committed = 0;
        try (Connection opened = database.open()) {
            connection = opened;
            opened.setAutoCommit(false);
            while (!stop.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
                committed += transaction() ? 1 : 0;
            }
        }
        return committed;
    }

    private boolean transaction() throws SQLException {
        try {
            any().run();
            connection.commit();
            return true;
        } catch (SQLException failure) {
            connection.rollback();
            if (!CONFLICTS.contains(failure.getSQLState())) {
                throw failure;
            }
            return false;
        }
    }

    private Step any() {
        int left = random.nextInt(weights);
        for (Event event : events) {
            left -= event.weight();
            if (left < 0) {
                return event.step();
            }
        }
        throw new IllegalStateException("the weights do not add up");
    }

    private void transfer() throws SQLException {
        long from = account();
        long to = account();
        int amount = 1 + random.nextInt(100);
        if (from != to) {
            run("INSERT INTO shop.transfers (from_account, to_account, amount) VALUES (?, ?, ?)", from, to, amount);
            // In one order, or sessions would wait for each other.
            boolean down = from < to;
            book(down ? from : to, down ? -amount : amount);
            book(down ? to : from, down ? amount : -amount);
        }
    }

    private void book(long account, int amount) throws SQLException {
        run("UPDATE shop.accounts SET balance = balance + ? WHERE account_id = ?", amount, account);
    }

    private void order() throws SQLException {
        long order = one(
                "INSERT INTO shop.orders (customer_id, line_count, total) VALUES ((" + ANY_CUSTOMER
                        + "), 0, 0) RETURNING order_id",
                random.nextInt(100_000));
        int lines = 1 + random.nextInt(5);
        for (int line = 1; line <= lines; line++) {
            addLine(order, line);
        }
        addUp(order);
    }

    private void addLine(long order, int line) throws SQLException {
        run("""
                INSERT INTO shop.order_lines (order_id, line_no, product_id, quantity, price)
                SELECT ?, ?, p.product_id, ?, p.price FROM shop.products AS p ORDER BY p.product_id OFFSET ? %
                    (SELECT count(*) FROM shop.products) LIMIT 1""", order, line, 1 + random.nextInt(9), random.nextInt(100_000));
    }

    private void addUp(long order) throws SQLException {
        run("""
                UPDATE shop.orders AS o SET line_count = l.count, total = l.total
                FROM (SELECT count(*), coalesce(sum(amount), 0) AS total FROM shop.order_lines WHERE order_id = ?) AS l
                WHERE o.order_id = ?""", order, order);
    }

    private void changeLines() throws SQLException {
        long order = anyOrder("new");
        if (order != 0) {
            switch (random.nextInt(3)) {
                case 0 -> run("UPDATE shop.order_lines SET quantity = quantity + 1 WHERE order_id = ?", order);
                case 1 ->
                    run(
                            "DELETE FROM shop.order_lines WHERE order_id = ? AND line_no = ?",
                            order,
                            1 + random.nextInt(5));
                // The first line gets a number that is free: the key of a row changes.
                default ->
                    run(
                            "UPDATE shop.order_lines SET line_no = 10 + line_no WHERE order_id = ? AND line_no = (SELECT min(line_no) FROM"
                                    + " shop.order_lines WHERE order_id = ? AND line_no < 10)",
                            order,
                            order);
            }
            addUp(order);
        }
    }

    private void pay() throws SQLException {
        long order = anyOrder("new");
        if (order != 0) {
            run("""
                    INSERT INTO shop.payments (paid_on, order_id, amount)
                    SELECT DATE '2026-10-01' + ?, o.order_id, part.amount
                    FROM shop.orders AS o CROSS JOIN LATERAL (VALUES (o.total / 2), (o.total - round(o.total / 2, 2))) AS part (amount)
                    WHERE o.order_id = ?""", random.nextInt(90), order);
            run("""
                    UPDATE shop.orders SET status = 'paid', total = (SELECT sum(amount) FROM shop.payments WHERE order_id = ?)
                    WHERE order_id = ?""", order, order);
        }
    }

    private void postPaymentElsewhere() throws SQLException {
        long order = anyOrder("paid");
        run(
                "UPDATE shop.payments SET paid_on = DATE '2026-10-01' + (paid_on - DATE '2026-10-01' + ?) % 90 WHERE order_id = ?",
                random.nextInt(90), order);
    }

    private void cancel() throws SQLException {
        run("DELETE FROM shop.orders WHERE order_id = ?", anyOrder(random.nextBoolean() ? "new" : "paid"));
    }

    private void exchangeEmails() throws SQLException {
        long first = customer();
        long second = customer();
        if (first < second) {
            String one = text("SELECT email FROM shop.customers WHERE customer_id = ? FOR UPDATE", first);
            String other = text("SELECT email FROM shop.customers WHERE customer_id = ? FOR UPDATE", second);
            run("UPDATE shop.customers SET email = ? WHERE customer_id = ?", "between " + first, first);
            run("UPDATE shop.customers SET email = ? WHERE customer_id = ?", one, second);
            run("UPDATE shop.customers SET email = ? WHERE customer_id = ?", other, first);
        }
    }

    /** Three accounts, or two, give their priorities round. */
    private void passPrioritiesOn() throws SQLException {
        run("""
                UPDATE shop.accounts AS a SET priority = next.priority
                FROM (SELECT account_id, coalesce(lead(priority) OVER places, first_value(priority) OVER places) AS priority
                      FROM (SELECT account_id, priority FROM shop.accounts WHERE account_id = ANY (ARRAY[?, ?, ?]::bigint[])
                            ORDER BY account_id FOR UPDATE) AS held
                      WINDOW places AS (ORDER BY account_id)) AS next
                WHERE a.account_id = next.account_id""", account(), account(), account());
    }

    private void welcome() throws SQLException {
        long id = one(
                "INSERT INTO shop.customers (email, name, referred_by) VALUES (?, 'New', (" + ANY_CUSTOMER
                        + ")) RETURNING customer_id",
                "new" + random.nextLong() + "@example.com",
                random.nextInt(100_000));
        run("UPDATE shop.accounts SET customer_id = ? WHERE account_id = ?", id, account());
    }

    /** Orders, accounts and those whom the customer has referred stay. */
    private void leave() throws SQLException {
        if (one("SELECT count(*) FROM shop.customers") > 30) {
            run("DELETE FROM shop.customers WHERE customer_id = ?", customer());
        }
    }

    private void replaceProduct() throws SQLException {
        run("SET CONSTRAINTS ALL DEFERRED");
        long product = one("SELECT nextval(pg_get_serial_sequence('shop.products', 'product_id'))");
        run(
                "UPDATE shop.products SET replaced_by = ?, sku = sku || '-' || ? WHERE product_id = (SELECT min(product_id) FROM shop.products"
                        + " WHERE replaced_by IS NULL)",
                product,
                product);
        run("""
                INSERT INTO shop.products (product_id, sku, price) OVERRIDING SYSTEM VALUE
                SELECT ?, regexp_replace(sku, '-[0-9]+$', ''), price FROM shop.products WHERE replaced_by = ?""", product, product);
    }

    private static final String ANY_CUSTOMER =
            "SELECT customer_id FROM shop.customers ORDER BY customer_id OFFSET ? % (SELECT count(*) FROM shop.customers) LIMIT 1";

    private long customer() throws SQLException {
        return one(ANY_CUSTOMER, random.nextInt(100_000));
    }

    private long account() {
        return 1L + random.nextInt(Shop.ACCOUNTS);
    }

    /** An order that nobody else can change until the commit; 0 when there is none. */
    private long anyOrder(String status) throws SQLException {
        return one("""
                SELECT order_id FROM shop.orders
                WHERE order_id >= (SELECT max(order_id) FROM shop.orders) - ? AND status = ?::shop.order_status
                ORDER BY order_id LIMIT 1 FOR UPDATE SKIP LOCKED""", random.nextInt(200), status);
    }

    private void run(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            statement.execute();
        }
    }

    private long one(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private String text(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
