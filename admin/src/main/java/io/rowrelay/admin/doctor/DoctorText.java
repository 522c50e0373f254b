package io.rowrelay.admin.doctor;

import io.rowrelay.admin.doctor.Finding.Ill;
import io.rowrelay.admin.doctor.Finding.Skipped;
import io.rowrelay.admin.doctor.Finding.Sound;
import io.rowrelay.admin.doctor.Finding.Unclear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Findings as lines for people. */
final class DoctorText {
    private static final int WIDTH = 110;
    private static final String INDENT = " ".repeat(12);

    private final List<String> lines = new ArrayList<>();

    private DoctorText() {}

    static String of(List<Diagnosis> diagnoses) {
        DoctorText text = new DoctorText();
        for (Subject subject : Subject.values()) {
            List<Diagnosis> own = diagnoses.stream()
                    .filter(diagnosis -> diagnosis.subject() == subject)
                    .toList();
            if (!own.isEmpty()) {
                text.lines.add(subject.toString());
                own.forEach(text::add);
            }
        }
        text.lines.add("");
        text.lines.add(summary(diagnoses));
        return String.join(System.lineSeparator(), text.lines);
    }

    private void add(Diagnosis diagnosis) {
        Finding finding = diagnosis.finding();
        if (finding instanceof Ill ill) {
            line(
                    ill.ailment().severity().name().toLowerCase(Locale.ROOT),
                    ill.ailment().id() + ": " + ill.text());
            wrapped(ill.ailment().meaning());
            ill.remedies().forEach(remedy -> lines.add(INDENT + label(remedy) + remedy.command()));
        } else if (finding instanceof Sound) {
            line("ok", finding.text());
        } else if (finding instanceof Skipped) {
            line("skipped", diagnosis.check() + ": " + finding.text());
        } else {
            line("unclear", diagnosis.check() + ": " + finding.text());
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

    private static String summary(List<Diagnosis> diagnoses) {
        return "problems=%d warnings=%d ok=%d skipped=%d unclear=%d"
                .formatted(
                        count(diagnoses, Severity.PROBLEM),
                        count(diagnoses, Severity.WARNING),
                        count(diagnoses, Sound.class),
                        count(diagnoses, Skipped.class),
                        count(diagnoses, Unclear.class));
    }

    private static long count(List<Diagnosis> diagnoses, Severity severity) {
        return diagnoses.stream()
                .filter(diagnosis ->
                        diagnosis.finding() instanceof Ill ill && ill.ailment().severity() == severity)
                .count();
    }

    private static long count(List<Diagnosis> diagnoses, Class<? extends Finding> kind) {
        return diagnoses.stream()
                .filter(diagnosis -> kind.isInstance(diagnosis.finding()))
                .count();
    }
}
