package io.rowrelay.admin.dlq;

import io.rowrelay.common.runtime.OutageException;

/** Says what would happen to a dead letter that is sent again, without sending it. */
@FunctionalInterface
interface Forecasts {
    ReplayForecast of(DeadLetter letter) throws OutageException;
}
