package io.rowrelay.it.stack;

import java.util.List;
import java.util.regex.Pattern;

/** What a daemon's log says from a moment on. Safe for any thread. */
public final class DaemonLog {
    private static final Pattern ALARM = Pattern.compile("\\S+ +(WARN|ERROR) .*");

    private final DaemonProcess daemon;
    private final int from;

    /** Begins now. */
    public DaemonLog(DaemonProcess daemon) {
        this.daemon = daemon;
        this.from = daemon.output().length();
    }

    /** Its lines. */
    public List<String> lines() {
        return daemon.output().substring(from).lines().toList();
    }

    /** Its warnings and errors. */
    public List<String> alarms() {
        return lines().stream().filter(line -> ALARM.matcher(line).matches()).toList();
    }

    /** Its lines with a text. */
    public List<String> with(String text) {
        return lines().stream().filter(line -> line.contains(text)).toList();
    }
}
