package io.rowrelay.admin.verify;

/**
 * What a set of rows comes down to, in whatever order they are read.
 *
 * @param rows how many there are
 * @param hash of all of them
 * @param lookedAt how many rows were looked at for it, compared or not
 */
record Fingerprint(long rows, long hash, long lookedAt) {
    boolean sameRows(Fingerprint other) {
        return rows == other.rows && hash == other.hash;
    }
}
