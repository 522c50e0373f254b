package io.rowrelay.sandbox;

import io.rowrelay.sandbox.load.ConcurrentTasks;
import io.rowrelay.sandbox.load.SessionSource;
import io.rowrelay.sandbox.process.SandboxException;
import io.rowrelay.sandbox.shop.Shop;
import io.rowrelay.sandbox.shop.ShopReader;
import io.rowrelay.sandbox.shop.ShopWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** A stream of several tables, from empty databases on: what its destination shows is at each moment a state of the source. */
final class ShopDemo {
    /** What the stream is called. */
    static final String STREAM = "shop";

    /** The database that the same stream is applied to row by row. */
    private static final String ROW_BY_ROW = "shop_row_by_row";

    private static final Duration LENGTH = Duration.ofSeconds(10);
    private static final int WRITERS = 4;
    private static final int READERS = 2;
    private static final String LINE = "%-26s %10s   %s";

    private final Sandbox sandbox;
    private final Screen screen;

    ShopDemo(Sandbox sandbox, Screen screen) {
        this.sandbox = sandbox;
        this.screen = screen;
    }

    /** Whether the destination was right all the time, and equal in the end; the servers have started, the daemons have not. */
    boolean run() throws SQLException {
        screen.title("1. A database with seven tables, and a stream of all of them");
        try (Connection source = sandbox.source().connect()) {
            Shop.createTables(source);
            Shop.insertRows(source);
        }
        screen.good("customers, products, orders, order_lines, accounts, transfers and payments are in the source");
        command("init", "--tables", Shop.PATTERN);
        screen.title(
                "2. A second destination, which applies the same stream row by row, as other replication through Kafka does");
        DemoCommands rows = sandbox.furtherDestination(ROW_BY_ROW);
        command(rows, "init", "--mode", "rows");
        sandbox.startDaemons();
        sandbox.startFurtherConsumer();
        command("backfill");
        boolean equal = command("verify");
        equal &= command(rows, "verify");
        screen.title("3. %d s of orders and transfers in %d sessions, while %d others read each destination"
                .formatted(LENGTH.toSeconds(), WRITERS, READERS));
        boolean right = readWhileWriting();
        equal &= command("verify");
        equal &= command(rows, "verify");
        command("status");
        return right && equal;
    }

    private boolean readWhileWriting() throws SQLException {
        long endNanos = System.nanoTime() + LENGTH.toNanos();
        BooleanSupplier ended = () -> System.nanoTime() - endNanos > 0;
        List<Callable<Long>> sessions = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            sessions.add(new ShopWriter(sandbox.source()::connect, ended, i));
        }
        List<ShopReader> ofCuts = readers(sandbox.destination()::connect, ended, sessions);
        List<ShopReader> ofRows = readers(() -> sandbox.destination().connect(ROW_BY_ROW), ended, sessions);
        long transactions =
                ConcurrentTasks.run(sessions).stream().mapToLong(each -> each).sum();
        screen.good("%,d transactions in the source, applied twice:", transactions);
        screen.info("");
        screen.info(LINE, "the destination applies", "reads", "found a state that never was");
        screen.info(LINE, "in cuts", number(reads(ofCuts)), number(wrong(ofCuts)));
        screen.info(LINE, "row by row", number(reads(ofRows)), number(wrong(ofRows)));
        screen.info("");
        firstWrong(ofRows).ifPresent(problem -> screen.info("row by row, a reader saw: %s", problem));
        if (wrong(ofCuts) == 0) {
            screen.good("in cuts, each read found a state that the source had");
        } else {
            screen.bad("in cuts, a reader saw: %s", firstWrong(ofCuts).orElse(""));
        }
        return wrong(ofCuts) == 0;
    }

    private static List<ShopReader> readers(
            SessionSource database, BooleanSupplier ended, List<Callable<Long>> sessions) {
        List<ShopReader> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            ShopReader reader = new ShopReader(database, ended, i);
            readers.add(reader);
            sessions.add(() -> {
                reader.call();
                return 0L;
            });
        }
        return readers;
    }

    private static long reads(List<ShopReader> readers) {
        return readers.stream().mapToLong(ShopReader::reads).sum();
    }

    private static long wrong(List<ShopReader> readers) {
        return readers.stream().mapToLong(ShopReader::wrong).sum();
    }

    private static Optional<String> firstWrong(List<ShopReader> readers) {
        return readers.stream().flatMap(reader -> reader.firstWrong().stream()).findFirst();
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private boolean command(String... command) {
        return command(sandbox.admin(), command);
    }

    private boolean command(DemoCommands commands, String... command) {
        screen.title("$ " + commands.commandLine(String.join(" ", command)));
        DemoCommands.Outcome outcome = commands.run(command);
        (outcome.output() + outcome.errors()).lines().forEach(line -> screen.info("%s", line));
        if (!outcome.good() && !command[0].equals("verify")) {
            throw new SandboxException(command[0] + " failed");
        }
        return outcome.good();
    }
}
