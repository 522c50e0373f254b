package io.rowrelay.admin.doctor;

/** How bad a finding is. */
public enum Severity {
    /** Changes do not arrive, or can be lost. */
    PROBLEM,
    /** Changes arrive, but somebody should know of it. */
    WARNING
}
