package io.rowrelay.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** What Linux tells about a process in {@code /proc}. Other systems tell nothing: ask {@link #available} first. */
final class ProcFile {
    private static final Path PROC = Path.of("/proc");

    /** How many of the units of {@code stat} make a second: the same on every architecture that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** States in {@code stat}: a zombie, and one that is just going. */
    private static final Set<String> ENDED = Set.of("Z", "X");

    /** Places in {@code stat}, counted from the first field behind the program's name. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;
    private static final int USER_TIME_OF_ENDED_CHILDREN = 13;
    private static final int SYSTEM_TIME_OF_ENDED_CHILDREN = 14;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private ProcFile() {}

    static boolean available() {
        return Files.exists(PROC.resolve("self/stat"));
    }

    /** The seconds of CPU that a process has used; none if it has ended. */
    static double cpuSeconds(long pid) {
        return ticks(pid, USER_TIME, SYSTEM_TIME) / TICKS_PER_SECOND;
    }

    /** The seconds of CPU that those of its children had used that have ended. */
    static double cpuSecondsOfEndedChildren(long pid) {
        return ticks(pid, USER_TIME_OF_ENDED_CHILDREN, SYSTEM_TIME_OF_ENDED_CHILDREN) / TICKS_PER_SECOND;
    }

    /** The most memory that a process has had resident so far, in MB. */
    static double peakMegabytes(long pid) {
        return kilobytes(pid, "status", "VmHWM:") / 1024.0;
    }

    /** The memory that a process has resident, in MB; what it shares with others only in its part. */
    static double proportionalMegabytes(long pid) {
        return kilobytes(pid, "smaps_rollup", "Pss:") / 1024.0;
    }

    private static long ticks(long pid, int... places) {
        List<String> lines = lines(pid, "stat");
        if (lines.isEmpty()) {
            return 0;
        }
        String line = lines.get(0);
        String[] fields = line.substring(behindName(line)).split(" ", -1);
        long ticks = 0;
        for (int place : places) {
            ticks += Long.parseLong(fields[place]);
        }
        return ticks;
    }

    private static long kilobytes(long pid, String file, String name) {
        return lines(pid, file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    /** None if the process has ended. One that is about to cannot be read a moment before that shows. */
    static List<String> lines(long pid, String file) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve(file));
            } catch (IOException failure) {
                if (hasEnded(pid)) {
                    return List.of();
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new UncheckedIOException(
                            "Cannot read " + file + " of process " + pid + ", which is alive", failure);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** A zombie has ended, too: some of its files cannot be read any more. */
    private static boolean hasEnded(long pid) {
        Path stat = PROC.resolve(Long.toString(pid)).resolve("stat");
        try {
            return !Files.exists(stat) || ENDED.contains(state(Files.readString(stat)));
        } catch (IOException failure) {
            return !Files.exists(stat);
        }
    }

    private static String state(String stat) {
        int begin = behindName(stat);
        return stat.substring(begin, begin + 1);
    }

    /** The program's name, in brackets, may hold anything, brackets and blanks as well. */
    private static int behindName(String stat) {
        return stat.lastIndexOf(')') + 2;
    }
}
