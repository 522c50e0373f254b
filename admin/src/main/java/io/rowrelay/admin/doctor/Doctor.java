package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.doctor.Finding.Ill;
import io.rowrelay.admin.doctor.Finding.Unclear;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** The command {@code doctor}: makes every check, tells what it found, and turns that into an exit code. */
public final class Doctor {
    private static final String JSON = "--json";
    private static final String STRICT = "--strict";
    private static final String LATE = "--late";
    private static final String TRANSACTION = "--old-transaction";
    private static final int MOST_SECONDS = 31_536_000;
    private static final int LATE_SECONDS = 60;
    private static final int TRANSACTION_SECONDS = 300;

    private final List<Check> checks;
    private final Console console;

    public Doctor(List<Check> checks, Console console) {
        this.checks = List.copyOf(checks);
        this.console = console;
    }

    /** What can be typed. */
    public static List<OptionSpec> typed() {
        return List.of(
                Arguments.flag(JSON, "Print a JSON array of findings."),
                Arguments.flag(STRICT, "Exit code 3 for warnings too."),
                Arguments.value(
                        LATE,
                        Integer.class,
                        "SECONDS",
                        "A change that waits for longer at a stage is late (default: " + LATE_SECONDS + ")."),
                Arguments.value(
                        TRANSACTION,
                        Integer.class,
                        "SECONDS",
                        "A transaction that is open for longer is told (default: " + TRANSACTION_SECONDS + ")."));
    }

    /** What was typed. */
    public static Thresholds thresholds(Arguments arguments) {
        return new Thresholds(
                Duration.ofSeconds(arguments.seconds(LATE, MOST_SECONDS).orElse(LATE_SECONDS)),
                Duration.ofSeconds(arguments.seconds(TRANSACTION, MOST_SECONDS).orElse(TRANSACTION_SECONDS)));
    }

    /** Makes the checks. */
    public Outcome run(Arguments arguments) throws InterruptedException {
        List<Diagnosis> diagnoses = Examination.of(checks);
        console.say(arguments.has(JSON) ? DoctorJson.of(diagnoses) : DoctorText.of(diagnoses));
        return outcome(diagnoses, arguments.has(STRICT));
    }

    static Outcome outcome(List<Diagnosis> diagnoses, boolean strict) {
        boolean ill = diagnoses.stream()
                .map(Diagnosis::finding)
                .anyMatch(finding -> finding instanceof Ill found
                        && (strict || found.ailment().severity() == Severity.PROBLEM));
        if (ill) {
            return Outcome.NOT_IN_STEP;
        }
        return diagnoses.stream().anyMatch(diagnosis -> diagnosis.finding() instanceof Unclear)
                ? Outcome.FAILED
                : Outcome.DONE;
    }
}
