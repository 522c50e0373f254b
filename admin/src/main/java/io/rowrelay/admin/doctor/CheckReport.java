package io.rowrelay.admin.doctor;

/** A check, and one of the things that it came to. */
record CheckReport(Check check, CheckResult result) {}
