package io.rowrelay.consumer.cut;

/**
 * How much of a stream is kept in memory.
 *
 * @param waitingBytes of changes whose windows are not applied yet, about; partitions that bring later ones rest above it
 * @param windowBytes of one window; a larger one waits in the destination
 * @param windowChanges of one window likewise
 * @param batchChanges that are applied in one transaction, unless one window alone has more
 * @param cutsAhead ends of windows that are known before they can be applied
 */
public record CutLimits(long waitingBytes, long windowBytes, int windowChanges, int batchChanges, int cutsAhead) {
    private static final int PART_FOR_WAITING = 8;
    private static final int PART_FOR_A_WINDOW = 16;

    /** What a process with so much memory can afford. */
    public static CutLimits of(long memoryBytes) {
        return new CutLimits(memoryBytes / PART_FOR_WAITING, memoryBytes / PART_FOR_A_WINDOW, 50_000, 10_000, 1_000);
    }
}
