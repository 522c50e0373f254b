package io.rowrelay.admin.doctor;

import io.rowrelay.admin.doctor.CheckResult.Found;
import io.rowrelay.admin.doctor.CheckResult.Ok;
import io.rowrelay.admin.doctor.CheckResult.Skipped;
import io.rowrelay.admin.doctor.CheckResult.Unclear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Results as lines for people. */
final class DoctorText {
    private static final int WIDTH = 110;
    private static final String INDENT = " ".repeat(12);

    private final List<String> lines = new ArrayList<>();

    private DoctorText() {}

    static List<String> of(List<CheckReport> reports) {
        DoctorText text = new DoctorText();
        for (Subject subject : Subject.values()) {
            List<CheckReport> own = reports.stream()
                    .filter(report -> report.check().subject() == subject)
                    .toList();
            if (!own.isEmpty()) {
                text.lines.add(subject.toString());
                own.forEach(text::add);
            }
        }
        text.lines.add("");
        text.lines.add(summary(reports));
        return List.copyOf(text.lines);
    }

    private void add(CheckReport report) {
        CheckResult result = report.result();
        if (result instanceof Found found) {
            line(
                    found.problem().severity().name().toLowerCase(Locale.ROOT),
                    found.problem().id() + ": " + found.text());
            wrapped(found.problem().meaning());
            found.remedies().forEach(remedy -> lines.add(INDENT + label(remedy) + remedy.command()));
        } else if (result instanceof Ok) {
            line("ok", result.text());
        } else if (result instanceof Skipped) {
            line("skipped", report.check().name() + ": " + result.text());
        } else {
            line("unclear", report.check().name() + ": " + result.text());
        }
    }

    private void line(String mark, String text) {
        lines.add("  %-9s %s".formatted(mark, text));
    }

    private static String label(Remedy remedy) {
        return "-> %-13s".formatted(remedy.where() + ":");
    }

    private void wrapped(String text) {
        StringBuilder line = new StringBuilder(INDENT);
        for (String word : Arrays.asList(text.split(" "))) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
                line.append(INDENT);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
    }

    private static String summary(List<CheckReport> reports) {
        return "problems=%d warnings=%d ok=%d skipped=%d unclear=%d"
                .formatted(
                        count(reports, Problem.Severity.PROBLEM),
                        count(reports, Problem.Severity.WARNING),
                        count(reports, Ok.class),
                        count(reports, Skipped.class),
                        count(reports, Unclear.class));
    }

    private static long count(List<CheckReport> reports, Problem.Severity severity) {
        return reports.stream()
                .filter(report -> report.result() instanceof Found found
                        && found.problem().severity() == severity)
                .count();
    }

    private static long count(List<CheckReport> reports, Class<? extends CheckResult> kind) {
        return reports.stream()
                .filter(report -> kind.isInstance(report.result()))
                .count();
    }
}
