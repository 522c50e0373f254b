package io.rowrelay.it.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a campaign found. */
record Verdict(List<Finding> findings, Evidence evidence, Ledger ledger, String journal) {
    private static final int SHOWN = 5;

    /** Tells how to run it again, what happened, what is wrong, and everything known of the first rows concerned. */
    String report(CampaignSettings settings, CampaignDirectory directory) {
        StringBuilder report = new StringBuilder("The campaign found %d things wrong.%n".formatted(findings.size()))
                .append("Replay: ")
                .append(settings.replay())
                .append('\n')
                .append("Everything is kept in ")
                .append(directory.path())
                .append("\n\n");
        Map<String, List<Finding>> byCheck = Evidence.grouped(findings, Finding::check);
        byCheck.forEach((check, all) -> {
            report.append(check).append(": ").append(all.size()).append('\n');
            all.stream()
                    .limit(SHOWN)
                    .forEach(each -> report.append("    ").append(each).append('\n'));
        });
        byCheck.values().stream()
                .flatMap(all ->
                        all.stream().map(Finding::key).filter(key -> key != 0).limit(1))
                .distinct()
                .forEach(key -> report.append('\n').append(evidence.about(key)).append('\n'));
        report.append('\n').append(ledger).append("\n\n").append(journal);
        try {
            Files.writeString(directory.path().resolve("report.txt"), report);
            Files.write(
                    directory.path().resolve("findings.txt"),
                    findings.stream().map(Objects::toString).toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return report.toString();
    }
}
