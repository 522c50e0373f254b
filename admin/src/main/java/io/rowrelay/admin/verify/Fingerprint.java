package io.rowrelay.admin.verify;

/**
 * What a set of rows comes down to, in whatever order they are read.
 *
 * @param rows how many there are
 * @param hash of all of them
 */
public record Fingerprint(long rows, long hash) {}
