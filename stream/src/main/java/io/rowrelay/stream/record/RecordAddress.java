package io.rowrelay.stream.record;

/**
 * Where a record lies.
 *
 * @param partition of the topic
 * @param offset in the partition
 */
public record RecordAddress(Partition partition, long offset) {
    /** As messages say it, such as {@code orders_cdc-3@17}. */
    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
