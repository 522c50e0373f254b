package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.LongWork;

/**
 * How long reading has lately taken, over the sessions: measuring a window grows with what waits, reading a page of it does
 * not.
 *
 * @param opening to measure a large window
 * @param paging to read a page of it
 */
record WindowWork(LongWork opening, LongWork paging) {
    static WindowWork unknown() {
        return new WindowWork(new LongWork(System::nanoTime), new LongWork(System::nanoTime));
    }
}
