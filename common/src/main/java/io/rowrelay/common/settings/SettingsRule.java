package io.rowrelay.common.settings;

/** A check across several settings. It looks only at those that were read without a mistake. */
@FunctionalInterface
public interface SettingsRule {

    /** Reports what does not fit together. */
    void check(SettingsReader settings);
}
