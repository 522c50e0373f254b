package io.rowrelay.admin.doctor;

/**
 * A finding and where it comes from.
 *
 * @param subject what it is about
 * @param check the check that came to it
 * @param finding the finding
 */
public record Diagnosis(Subject subject, String check, Finding finding) {}
