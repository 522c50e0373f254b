package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.sandbox.process.ProcessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The daemons of one kind that run, as a supervisor keeps them. Used by one thread, and closed by any. */
final class Fleet implements AutoCloseable {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

    /** What the JVM itself ends with; before a daemon's first line nobody has told it otherwise. */
    private static final int SIGTERM_EXIT = 143;

    private final String kind;
    private final Map<String, String> environment;
    private final Path logs;
    private final Path processes;
    private final Journal journal;
    private final List<Member> running = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private int started;

    /** A daemon and its name in the journal. */
    record Member(String name, DaemonProcess process) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Starts {@code producer}s or {@code consumer}s.
     *
     * @param logs where their logs stay
     * @param processes where their ids are, for whoever ends them should this JVM be killed
     */
    Fleet(String kind, Map<String, String> environment, Path logs, Path processes, Journal journal) {
        this.kind = kind;
        this.environment = Map.copyOf(environment);
        this.logs = logs;
        this.processes = processes;
        this.journal = journal;
    }

    String kind() {
        return kind;
    }

    Member start() {
        String name = kind + "-" + ++started;
        ProcessFile processFile = new ProcessFile(processes.resolve(name + ".pid"));
        Member member =
                new Member(name, DaemonProcess.keepingItsLog(kind, environment, logs.resolve(name), processFile));
        running.add(member);
        return member;
    }

    /** The one that runs for longest. */
    Member first() {
        return running.get(0);
    }

    int size() {
        return running.size();
    }

    /** Ends one as {@code kill -9} does. */
    void kill(Member member) {
        running.remove(member);
        expectAlive(member);
        member.process().close();
    }

    /** Ends one with SIGTERM, which it must obey in time. */
    void stop(Member member) {
        running.remove(member);
        expectAlive(member);
        try {
            int exitCode = member.process().stop(LONGEST_STOP);
            if (exitCode != 0
                    && !(exitCode == SIGTERM_EXIT && member.process().output().isEmpty())) {
                complain(member + " ended with code " + exitCode + " after SIGTERM");
            }
        } catch (AssertionError tooLong) {
            complain(member + " does not end within " + LONGEST_STOP.toSeconds() + " s of SIGTERM");
            member.process().close();
        }
    }

    /** Ends all but one, the oldest first. */
    void trim(boolean kindly) {
        while (running.size() > 1) {
            if (kindly) {
                stop(first());
            } else {
                kill(first());
            }
        }
    }

    /** Notes every daemon that ended by itself, and starts another in its place. */
    void expectAlive() {
        List<Member> gone =
                running.stream().filter(member -> !member.process().isAlive()).toList();
        for (Member member : gone) {
            expectAlive(member);
            running.remove(member);
            member.process().close();
            start();
        }
    }

    private void expectAlive(Member member) {
        if (!member.process().isAlive()) {
            complain(member + " ended by itself with code " + member.process().awaitEnd());
        }
    }

    private void complain(String what) {
        journal.note("UNEXPECTED: %s".formatted(what));
        complaints.add(what);
    }

    /** What the daemons should not have done. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Stops all with SIGTERM. */
    void stopAll() {
        List.copyOf(running).forEach(this::stop);
    }

    @Override
    public void close() {
        running.forEach(member -> member.process().close());
        running.clear();
    }
}
