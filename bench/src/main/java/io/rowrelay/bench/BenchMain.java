package io.rowrelay.bench;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Results;
import io.rowrelay.bench.load.Load;
import io.rowrelay.bench.load.TimedLoad;
import io.rowrelay.bench.machine.MachineFacts;
import io.rowrelay.bench.measure.BenchRun;
import io.rowrelay.bench.measure.CatchUpTime;
import io.rowrelay.bench.measure.Cuts;
import io.rowrelay.bench.measure.Drain;
import io.rowrelay.bench.measure.FourTables;
import io.rowrelay.bench.measure.Goals;
import io.rowrelay.bench.measure.Latency;
import io.rowrelay.bench.measure.ManyTables;
import io.rowrelay.bench.measure.Measurement;
import io.rowrelay.bench.measure.OpenTransaction;
import io.rowrelay.bench.measure.Sizes;
import io.rowrelay.bench.measure.SourceCost;
import io.rowrelay.bench.measure.TailPoll;
import io.rowrelay.bench.measure.TwoConsumers;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.RowrelayReplication;
import io.rowrelay.bench.report.MarkdownReport;
import io.rowrelay.bench.report.ResultFiles;
import io.rowrelay.sandbox.command.SandboxCommand;
import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.process.SandboxException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that measures. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures both daemons on the embedded stack, and PostgreSQL's logical replication on the same servers.",
            "Exit code 0: all was measured and equal; 1: something failed."
        })
public final class BenchMain implements Callable<Integer> {
    static {
        // First of all: numbers would be written in the locale of the machine otherwise, with digits of its own.
        Locale.setDefault(Locale.ROOT);
    }

    private static final int EXIT_FAILED = 1;

    /** Changes; enough that every class has been used. */
    private static final int ARCHIVED_RUN = 5_000;

    private final AtomicBoolean stopping = new AtomicBoolean();

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Measure only these: drain, catch-up, latency, source, open-transaction, consumers, tail, cuts, four-tables, many-tables (default: all).")
    private @Nullable List<String> only;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each (default: 3, with --quick 1).")
    private int rounds;

    @Option(names = "--quick", description = "Small sizes, to see that everything works; the figures mean little.")
    private boolean quick;

    @Option(names = "--full", description = "The largest sizes, too.")
    private boolean full;

    @Option(
            names = "--rates",
            paramLabel = "N",
            split = ",",
            defaultValue = "200,500,1000,2000,3000",
            description = "Transactions a second for the latency (default: ${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "bench-results",
            description =
                    "Where results.json, report.md, plots and logs go, after each measurement (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("");

    private BenchMain() {}

    /** Starts the bench. */
    public static void main(String[] arguments) {
        System.exit(SandboxCommand.run(new BenchMain(), arguments));
    }

    @Override
    public Integer call() throws SQLException {
        if (quick && full) {
            throw new SandboxException("--quick and --full exclude each other");
        }
        if (rounds < 0 || rates.stream().anyMatch(rate -> rate <= 0)) {
            throw new SandboxException("--rounds and --rates must be positive");
        }
        try (BenchStack stack = new BenchStack(Project.find(), out.toAbsolutePath())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stack), "bench-stop"));
            try {
                return measure(stack);
            } catch (SQLException | RuntimeException e) {
                if (stopping.get()) {
                    // The ground went away under the measurement because the user asked for it.
                    return CommandLine.ExitCode.OK;
                }
                throw e;
            }
        }
    }

    private int measure(BenchStack stack) throws SQLException {
        PrintStream screen = System.out;
        Figures figures = new Figures(Goals.all());
        List<Measurement> chosen = chosen(stack, figures);
        int roundsToRun = rounds != 0 ? rounds : quick ? 1 : 3;
        screen.println("Starting PostgreSQL and Kafka ...");
        stack.start();
        stack.archiveClasses(rowrelay -> TimedLoad.run(rowrelay, new Load(1, ARCHIVED_RUN)));
        Map<String, String> facts = facts(stack);
        ResultFiles files = new ResultFiles(out, rates);
        List<String> failures = new BenchRun(chosen, roundsToRun, screen, stopping::get)
                .run(failed -> files.write(results(facts, roundsToRun, figures, failed), figures));
        screen.println();
        screen.print(MarkdownReport.of(results(facts, roundsToRun, figures, failures)));
        return failures.isEmpty() ? CommandLine.ExitCode.OK : EXIT_FAILED;
    }

    private static Results results(Map<String, String> facts, int rounds, Figures figures, List<String> failures) {
        return new Results(facts, rounds, figures.equalities(), figures.all(), failures);
    }

    private List<Measurement> chosen(BenchStack stack, Figures figures) {
        Sizes sizes = quick ? Sizes.quick() : full ? Sizes.full() : Sizes.normal();
        List<Measurement> all = List.of(
                new Drain(stack, figures, sizes),
                new CatchUpTime(stack, figures, sizes),
                new Latency(stack, figures, sizes, rates),
                new SourceCost(stack, figures, sizes),
                new OpenTransaction(stack, figures, sizes),
                new TwoConsumers(stack, figures, sizes),
                new TailPoll(stack, figures, sizes),
                new Cuts(stack, figures, sizes),
                new FourTables(stack, figures, sizes),
                new ManyTables(stack, figures, sizes));
        List<String> names = all.stream().map(Measurement::name).toList();
        List<String> wanted = only == null ? names : only;
        if (!names.containsAll(wanted)) {
            throw new SandboxException("--only knows " + String.join(", ", names));
        }
        return all.stream()
                .filter(measurement -> wanted.contains(measurement.name()))
                .toList();
    }

    private Map<String, String> facts(BenchStack stack) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("sizes", quick ? "quick: the figures mean little" : full ? "full" : "normal");
        try (Connection source = stack.stack().source().connect()) {
            facts.putAll(MachineFacts.describe(source));
            facts.put("jvm options of the daemons", "@jvm.options " + RowrelayReplication.HEAP);
        }
        return facts;
    }

    private void stop(BenchStack stack) {
        stopping.set(true);
        stack.close();
    }
}
