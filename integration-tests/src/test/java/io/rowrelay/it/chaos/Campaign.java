package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.FaultDeck.Planned;
import io.rowrelay.it.chaos.FaultDeck.Round;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets faults come for the length of the campaign while the workload goes on, then heals everything, lets the stream run
 * dry and checks. Used once, by one thread.
 */
final class Campaign {
    private final CampaignSettings settings;
    private final ChaosStack stack;
    private final Journal journal;
    private final Recoveries recoveries = new Recoveries();
    private final List<Finding> findings = new ArrayList<>();

    private Campaign(CampaignSettings settings, ChaosStack stack) {
        this.settings = settings;
        this.stack = stack;
        this.journal = stack.journal();
    }

    /** Runs one from nothing to its findings; fails with all that is needed to look into them. */
    static void run(CampaignSettings settings) throws InterruptedException {
        CampaignDirectory directory = CampaignDirectory.create(settings);
        Verdict verdict;
        try (ChaosStack stack = ChaosStack.start(settings, directory)) {
            verdict = new Campaign(settings, stack).run();
        }
        if (!verdict.findings().isEmpty()) {
            throw new AssertionError(verdict.report(settings, directory));
        }
        directory.deleteData();
    }

    private Verdict run() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(settings.seed());
        journal.note(
                "campaign of %s, seed %d, replay: %s".formatted(settings.length(), settings.seed(), settings.replay()));
        stack.startDaemons();
        try (Workload workload = new Workload(stack.sourceUrl())) {
            Probe probe = workload.probe(stack.destinationUrl());
            workload.start(random.split(), settings.length().toMillis());
            stack.startStranger(workload, random.split());
            FaultDeck deck = new FaultDeck(stack.faults(workload, settings), random.split(), settings.brief());
            watch("the start", probe);
            long endNanos = System.nanoTime() + settings.length().toNanos();
            while (System.nanoTime() < endNanos && !(settings.brief() && deck.isThrough())) {
                round(deck.next(), probe);
            }
            return end(workload, probe);
        }
    }

    private void round(Round round, Probe probe) throws InterruptedException {
        List<Planned> byEnd = round.faults().stream()
                .sorted(Comparator.comparing(Planned::lasting))
                .toList();
        Deque<Planned> toHeal = new ArrayDeque<>(byEnd);
        try {
            long start = System.nanoTime();
            round.faults().forEach(this::inject);
            while (!toHeal.isEmpty()) {
                long left = toHeal.getFirst().lasting().toNanos() - (System.nanoTime() - start);
                pause(Duration.ofNanos(Math.max(0, left)));
                toHeal.removeFirst().fault().heal();
            }
        } catch (RuntimeException | Error failure) {
            toHeal.forEach(each -> healAfter(each, failure));
            throw failure;
        }
        if (round.watched()) {
            recover(byEnd, probe);
            stack.trim(round.kindly());
        }
        stack.expectAlive();
        pause(round.pause());
    }

    private void inject(Planned planned) {
        journal.note(planned.toString());
        recoveries.injected(planned.fault().name());
        planned.fault().inject();
    }

    /** So that nothing stays frozen when the campaign itself breaks off. */
    private static void healAfter(Planned planned, Throwable failure) {
        try {
            planned.fault().heal();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private void recover(List<Planned> healed, Probe probe) throws InterruptedException {
        String kinds = String.join(
                " + ", healed.stream().map(each -> each.fault().name()).toList());
        long start = System.nanoTime();
        if (watch(kinds, probe) && healed.size() == 1) {
            recoveries.recovered(kinds, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private boolean watch(String after, Probe probe) throws InterruptedException {
        long start = System.nanoTime();
        boolean arrived = probe.arrives(settings.recovery());
        double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1000.0;
        if (arrived) {
            journal.note("    a change arrived %.1f s after %s".formatted(seconds, after));
        } else {
            journal.note("UNEXPECTED: no change arrived within %.1f s after %s".formatted(seconds, after));
            findings.add(
                    new Finding("recovery", 0, "no change arrived within %.1f s after %s".formatted(seconds, after)));
        }
        return arrived;
    }

    private static void pause(Duration length) {
        LockSupport.parkNanos(length.toNanos());
    }

    private Verdict end(Workload workload, Probe probe) throws InterruptedException {
        journal.note("no more faults; the writers end");
        stack.expectAlive();
        workload.finish();
        journal.note(workload.history().toString());
        workload.failures()
                .forEach(failure -> findings.add(new Finding("the writers themselves", 0, Failures.text(failure))));
        watch("the end of the writers", probe);
        EvidenceReader reader = stack.evidence();
        Dryness.await(reader, workload.history(), journal);
        stack.stopDaemons();
        Evidence evidence = reader.read(workload.history());
        Ledger ledger = new Ledger(evidence);
        findings.addAll(stack.complaints());
        findings.addAll(ContentCheck.findings(evidence));
        findings.addAll(CaptureCheck.findings(evidence));
        findings.addAll(TopicCheck.findings(evidence));
        findings.addAll(ledger.findings());
        findings.addAll(DeadLetterCheck.findings(evidence));
        findings.addAll(DaemonLogs.findings(stack.logs(), evidence.losses()));
        journal.note(ledger.toString());
        journal.note("%d faults%n%n%s".formatted(recoveries.total(), recoveries.table()));
        return new Verdict(findings, evidence, ledger, journal.text());
    }
}
