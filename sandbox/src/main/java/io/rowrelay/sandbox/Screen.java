package io.rowrelay.sandbox;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/** What the user sees: lines, in colour where the terminal has it, and progress bars. Safe to use by several threads. */
final class Screen {
    private static final int LINE_WIDTH = 100;
    private static final Duration BAR_INTERVAL = Duration.ofMillis(200);
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(2);

    private final PrintStream out;
    private volatile boolean painting = true;
    private String lastBar = "";

    Screen(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        line("");
        line("@|bold %s|@", text);
    }

    void good(String text, Object... values) {
        line("  @|green ok|@ " + text, values);
    }

    void bad(String text, Object... values) {
        line("  @|bold,red NOT OK|@ " + text, values);
    }

    void info(String text, Object... values) {
        line("     " + text, values);
    }

    /** A line of a table of two columns. */
    void figure(String name, String format, Object value) {
        line("     %-28s %14s", name, String.format(Locale.ROOT, format, value));
    }

    /** A bar that the caller steps and closes; where no terminal is, a line of text from time to time. */
    ProgressBar progress(String task, long total, String unit) {
        boolean terminal = Ansi.AUTO.enabled();
        // The library's own consumer takes the terminal over, and Ctrl-C then ends the JVM without its shutdown hooks.
        Consumer<String> paint = terminal ? this::repaint : this::printNew;
        Duration interval = terminal ? BAR_INTERVAL : LINE_INTERVAL;
        return new ProgressBarBuilder()
                .setTaskName("     " + task)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .showSpeed()
                // Plain characters here and above: a machine without a locale prints nothing else.
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) interval.toMillis())
                .setConsumer(new DelegatingProgressBarConsumer(paint, LINE_WIDTH))
                .build();
    }

    /** Ends the line of a bar that was closed. */
    void endProgress() {
        if (Ansi.AUTO.enabled()) {
            out.println();
        }
    }

    static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }

    /** Leaves a bar as it is and goes on below it: the user has asked for the end. */
    void interrupt() {
        painting = false;
        out.println();
    }

    /** The library renders a finished bar twice. */
    private synchronized void printNew(String bar) {
        if (!bar.equals(lastBar)) {
            out.println(bar);
        }
        lastBar = bar;
    }

    private void repaint(String bar) {
        if (!painting) {
            return;
        }
        out.print('\r' + bar);
        out.flush();
    }

    private void line(String format, Object... values) {
        // The values go in after the markup, so that an @ in one of them does not count as markup.
        out.println(String.format(Locale.ROOT, Ansi.AUTO.string(format), values));
    }
}
