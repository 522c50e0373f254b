package io.rowrelay.admin.command;

import io.rowrelay.common.text.PrintableText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/**
 * What the user sees on standard output: lines, and bars that show how far the work is. All that the commands print goes through
 * here, since it holds names and keys that others chose: see {@link PrintableText}.
 */
public final class Console {
    /** One less than a terminal has: in its last column some begin a new line. */
    private static final int LINE_WIDTH = 79;

    private static final Duration BAR_INTERVAL = Duration.ofMillis(200);
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);

    // Every terminal understands this.
    private static final String CURSOR_HOME = "\033[H";
    private static final String CLEAR_LINE = "\033[K\n";
    private static final String CLEAR_BELOW = "\033[J";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal = Ansi.AUTO.enabled();
    private String lastBar = "";

    /** Shows results on the one stream, and errors on the other. */
    public Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** One that shows everything on standard error, so that standard output is for a result that a program reads. */
    public Console aside() {
        return new Console(err, err);
    }

    /** Shows a text, which can have several lines, on standard error. */
    public void complain(String text) {
        err.println(PrintableText.lines(text));
    }

    /** Shows a line: a line break in it is that of a name or a key, and does not begin another. */
    public void say(String line) {
        out.println(PrintableText.line(line));
    }

    /** Shows a text whose line breaks are meant, such as that of a statement. */
    public void sayAll(String text) {
        out.println(PrintableText.lines(text));
    }

    /** Replaces the lines before; without a terminal, writes below them. */
    public void redraw(List<String> lines) {
        List<String> printable = lines.stream().map(PrintableText::line).toList();
        out.println(
                terminal
                        ? CURSOR_HOME + String.join(CLEAR_LINE, printable) + CLEAR_LINE + CLEAR_BELOW
                        : String.join(System.lineSeparator(), printable) + System.lineSeparator());
        out.flush();
    }

    /**
     * Asks the user, who answers on standard input and must say yes.
     *
     * @throws CommandFailedException when there is nobody to ask
     */
    public boolean confirm(String question) {
        out.print(PrintableText.line(question) + " [y/N] ");
        out.flush();
        try {
            // Not closed: standard input is the process's.
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            if (answer != null) {
                return answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
            }
        } catch (IOException failure) {
            throw new CommandFailedException("the answer cannot be read: " + failure.getMessage());
        }
        out.println();
        throw new CommandFailedException("nobody answers: say --yes");
    }

    /** Opens a bar that the caller steps and closes; where no terminal is, a line of text from time to time. */
    public Progress progress(String task, long expected, String unit) {
        Consumer<String> paint = terminal ? this::repaint : this::printNew;
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(PrintableText.line(task))
                // The expected number is an estimate of the planner; without one the bar only counts.
                .setInitialMax(expected > 0 ? expected : -1)
                .setUnit(" " + unit, 1)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) (terminal ? BAR_INTERVAL : LINE_INTERVAL).toMillis())
                .setConsumer(new DelegatingProgressBarConsumer(paint, LINE_WIDTH))
                .build();
        return new Progress(bar, this);
    }

    private synchronized void sayBeside(String line) {
        String text = PrintableText.line(line);
        out.println(terminal ? "\r" + text + " ".repeat(Math.max(0, LINE_WIDTH - text.length())) : text);
    }

    private synchronized void endBar() {
        if (terminal) {
            out.println();
        }
    }

    private synchronized void printNew(String bar) {
        if (!bar.equals(lastBar)) {
            out.println(bar);
        }
        lastBar = bar;
    }

    private synchronized void repaint(String bar) {
        out.print('\r' + bar);
        out.flush();
    }

    /** A bar. For one thread. */
    public static final class Progress implements AutoCloseable {
        private final ProgressBar bar;
        private final Console console;
        private String reason = "";

        private Progress(ProgressBar bar, Console console) {
            this.bar = bar;
            this.console = console;
        }

        /** Adds to the number that is done. */
        public void step(long more) {
            bar.stepBy(more);
        }

        /** Shows a line, and goes on below it. */
        public void say(String text) {
            console.sayBeside(text);
        }

        /** Says, once, what is being waited for; empty for nothing. */
        public void waiting(String now) {
            if (!now.equals(reason) && !now.isEmpty()) {
                console.sayBeside("waiting: " + now);
            }
            reason = now;
        }

        @Override
        public void close() {
            bar.close();
            console.endBar();
        }
    }
}
