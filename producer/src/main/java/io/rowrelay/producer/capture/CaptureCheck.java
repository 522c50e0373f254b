package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks that every change of every table of the stream is being captured. */
final class CaptureCheck {
    private CaptureCheck() {}

    /**
     * Checks each table.
     *
     * @throws OutageException with what is wrong; with several tables it names each that a human has to look at
     */
    static void check(List<TableCapture> tables) throws OutageException {
        Map<String, OutageException> unsound = new LinkedHashMap<>();
        for (TableCapture table : tables) {
            try {
                table.check();
            } catch (OutageException failure) {
                if (tables.size() == 1 || !failure.isWaitingForAHuman()) {
                    throw failure;
                }
                unsound.put(table.table().sourceTable(), failure);
            }
        }
        if (!unsound.isEmpty()) {
            throw together(unsound);
        }
    }

    private static OutageException together(Map<String, OutageException> unsound) {
        String message = unsound.entrySet().stream()
                .map(each -> "table " + each.getKey() + ": " + each.getValue().getMessage())
                .collect(Collectors.joining("; "));
        return unsound.values().stream().anyMatch(OutageException::isDataAtRisk)
                ? OutageException.dataAtRisk(message)
                : OutageException.waitingForAHuman(message);
    }
}
