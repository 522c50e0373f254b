package io.rowrelay.admin.verify;

/**
 * A column that both sides are compared by.
 *
 * @param name unquoted
 * @param source text of the value in the source, of row {@code r}
 * @param changes likewise in the change table
 * @param destination likewise in the destination
 */
record ComparedColumn(String name, String source, String changes, String destination) {}
