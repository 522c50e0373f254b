package io.rowrelay.common.settings;

/** A setting with the value in force and where it came from: for people, such as "environment" or "STREAM=orders". */
record Found<T>(Setting<T> setting, T value, String text, String origin) {

    static final String DEFAULT = "default";

    String line() {
        return "%s=%s (from %s)"
                .formatted(
                        setting.name(),
                        Mistake.printable(Credentials.masked(setting.type().shown(text))),
                        origin);
    }
}
