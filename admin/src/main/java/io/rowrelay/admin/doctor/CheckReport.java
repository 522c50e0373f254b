package io.rowrelay.admin.doctor;

/** A check, and one of its results. */
record CheckReport(Check check, CheckResult result) {}
