package io.rowrelay.common.settings;

import java.util.regex.Pattern;

/** Hides what may be a credential in text that is to be shown, whatever setting the text was meant for. */
public final class Credentials {

    private static final Pattern PARAMETER = Pattern.compile("(?i)((?:user|password)=)[^&]*");
    private static final String AUTHORITY = "://";

    private Credentials() {}

    /** The text without the user part of a URL and the values of parameters for user and password. */
    public static String masked(String text) {
        return PARAMETER.matcher(withoutUserInfo(text)).replaceAll("$1" + ValueType.MASK);
    }

    private static String withoutUserInfo(String text) {
        // The last @, since a password may hold one too; and no pattern, which would be slow on text made to be.
        int start = text.indexOf(AUTHORITY);
        int end = text.lastIndexOf('@');
        return start < 0 || end < start
                ? text
                : text.substring(0, start + AUTHORITY.length()) + ValueType.MASK + text.substring(end);
    }
}
