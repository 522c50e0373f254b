package io.rowrelay.sandbox;

import io.rowrelay.sandbox.load.ConcurrentTasks;
import io.rowrelay.sandbox.process.SandboxException;
import io.rowrelay.sandbox.shop.Shop;
import io.rowrelay.sandbox.shop.ShopReader;
import io.rowrelay.sandbox.shop.ShopWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** A stream of several tables, from empty databases on: what its destination shows is at each moment a state of the source. */
final class ShopDemo {
    /** What the stream is called. */
    static final String STREAM = "shop";

    private static final Duration LENGTH = Duration.ofSeconds(10);
    private static final int WRITERS = 4;
    private static final int READERS = 2;

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
        sandbox.startDaemons();
        command("backfill");
        boolean equal = command("verify");
        screen.title("2. %d s of orders and transfers in %d sessions, while %d others read the destination"
                .formatted(LENGTH.toSeconds(), WRITERS, READERS));
        boolean right = readWhileWriting();
        equal &= command("verify");
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
        List<ShopReader> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            ShopReader reader = new ShopReader(sandbox.destination()::connect, ended, i);
            readers.add(reader);
            sessions.add(() -> {
                reader.call();
                return 0L;
            });
        }
        long transactions =
                ConcurrentTasks.run(sessions).stream().mapToLong(each -> each).sum();
        long reads = readers.stream().mapToLong(ShopReader::reads).sum();
        long wrong = readers.stream().mapToLong(ShopReader::wrong).sum();
        screen.good("%,d transactions in the source", transactions);
        if (wrong == 0) {
            screen.good("%,d reads of the destination; reads that found a state that never was: 0", reads);
        } else {
            screen.bad("%,d reads of the destination; reads that found a state that never was: %,d", reads, wrong);
            readers.stream()
                    .flatMap(reader -> reader.firstWrong().stream())
                    .forEach(problem -> screen.info("such as: %s", problem));
        }
        return wrong == 0;
    }

    private boolean command(String... command) {
        screen.title("$ " + sandbox.admin().commandLine(String.join(" ", command)));
        DemoCommands.Outcome outcome = sandbox.admin().run(command);
        (outcome.output() + outcome.errors()).lines().forEach(line -> screen.info("%s", line));
        if (!outcome.good() && !command[0].equals("verify")) {
            throw new SandboxException(command[0] + " failed");
        }
        return outcome.good();
    }
}
