package io.rowrelay.consumer.cut;

import io.rowrelay.stream.cut.CutRecord.Cut;
import java.util.List;

/**
 * A complete window.
 *
 * @param cut its end
 * @param changes all of it, in any order
 */
public record CutWindow(Cut cut, List<CutChange> changes) {
    public CutWindow {
        changes = List.copyOf(changes);
    }
}
