package io.rowrelay.admin.doctor;

import java.time.Duration;

/**
 * From when on something is worth telling.
 *
 * @param late how long a change may wait at a stage
 * @param transaction how long a transaction may stay open
 */
public record Thresholds(Duration late, Duration transaction) {}
