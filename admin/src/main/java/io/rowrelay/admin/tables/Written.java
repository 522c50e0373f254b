package io.rowrelay.admin.tables;

import java.time.Duration;
import java.util.List;

/**
 * What a transaction has written.
 *
 * @param rows how many changes
 * @param left the keys that it passed over: the row is gone, or locked by somebody else. Asked for alone, a row is waited for
 * @param held how long it has held locks
 */
public record Written(int rows, List<RowKey> left, Duration held) {
    public Written {
        left = List.copyOf(left);
    }
}
