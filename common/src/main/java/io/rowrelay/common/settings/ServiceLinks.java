package io.rowrelay.common.settings;

import java.util.regex.Pattern;

/**
 * Recognises the variables that Kubernetes adds for every service of a namespace: a service named {@code source-db} or
 * {@code kafka} yields names with our prefixes that nobody wrote.
 */
final class ServiceLinks {

    private static final Pattern LINK = Pattern.compile(
            ".+_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)" + "|.+_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");
    private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.+");

    private ServiceLinks() {}

    static boolean isLink(String name, String value) {
        return LINK.matcher(name).matches()
                || (name.endsWith("_PORT") && ADDRESS.matcher(value).matches());
    }
}
