package io.rowrelay.admin.command;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/** What the user sees on standard output: lines, and bars that show how far the work is. */
public final class Console {
    private static final int LINE_WIDTH = 100;
    private static final Duration BAR_INTERVAL = Duration.ofMillis(200);
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);

    private final PrintStream out;
    private final boolean terminal = Ansi.AUTO.enabled();
    private String lastBar = "";

    Console(PrintStream out) {
        this.out = out;
    }

    /** Shows a line. */
    public void say(String text) {
        out.println(text);
    }

    /** Opens a bar that the caller steps and closes; where no terminal is, a line of text from time to time. */
    public Progress progress(String task, long expected, String unit) {
        Consumer<String> paint = terminal ? this::repaint : this::printNew;
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                // What is expected is an estimate of the planner's; with none the bar only counts.
                .setInitialMax(expected > 0 ? expected : -1)
                .setUnit(" " + unit, 1)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) (terminal ? BAR_INTERVAL : LINE_INTERVAL).toMillis())
                .setConsumer(new DelegatingProgressBarConsumer(paint, LINE_WIDTH))
                .build();
        return new Progress(bar, terminal ? out::println : () -> {});
    }

    private synchronized void printNew(String bar) {
        if (!bar.equals(lastBar)) {
            out.println(bar);
        }
        lastBar = bar;
    }

    private void repaint(String bar) {
        out.print('\r' + bar);
        out.flush();
    }

    /** A bar. For one thread. */
    public static final class Progress implements AutoCloseable {
        private final ProgressBar bar;
        private final Runnable end;

        private Progress(ProgressBar bar, Runnable end) {
            this.bar = bar;
            this.end = end;
        }

        /** So many pieces more are done. */
        public void step(long pieces) {
            bar.stepBy(pieces);
        }

        /** Says beside the bar what is being waited for; empty for nothing. */
        public void waiting(String reason) {
            bar.setExtraMessage(reason.isEmpty() ? "" : " " + reason);
        }

        @Override
        public void close() {
            bar.close();
            end.run();
        }
    }
}
