package io.rowrelay.sandbox;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
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

    Screen(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        line("");
        line("@|bold %s|@", text);
    }

    void good(String text, Object... values) {
        line("  @|green ✔|@ " + text, values);
    }

    void bad(String text, Object... values) {
        line("  @|bold,red ✘|@ " + text, values);
    }

    void info(String text, Object... values) {
        line("    " + text, values);
    }

    /** A line of a table of two columns. */
    void figure(String name, String format, Object value) {
        line("    %-28s %14s", name, String.format(Locale.ROOT, format, value));
    }

    /** A bar that the caller steps and closes; where no terminal is, a line of text from time to time. */
    ProgressBar progress(String task, long total, String unit) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName("    " + task)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .showSpeed();
        if (!Ansi.AUTO.enabled()) {
            return builder.setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis((int) LINE_INTERVAL.toMillis())
                    .setConsumer(new DelegatingProgressBarConsumer(out::println, LINE_WIDTH))
                    .build();
        }
        return builder.setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUpdateIntervalMillis((int) BAR_INTERVAL.toMillis())
                .setMaxRenderedLength(LINE_WIDTH)
                .build();
    }

    static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }

    private void line(String format, Object... values) {
        // The values go in after the markup, so that an @ in one of them does not count as markup.
        out.println(String.format(Locale.ROOT, Ansi.AUTO.string(format), values));
    }
}
