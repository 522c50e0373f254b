package io.rowrelay.common.settings;

import java.util.regex.Pattern;

/** The address by which a machine reaches itself: what goes there does not cross the network. */
public final class Loopback {
    private static final Pattern NAMES = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[?::1]?");

    private Loopback() {}

    /** Whether this host and port, the port being optional, is on the machine itself. */
    public static boolean isAt(String hostAndPort) {
        return NAMES.matcher(hostAndPort.replaceFirst("(?<=[^:]):[0-9]*$", "")).matches();
    }
}
