package io.rowrelay.admin.verify;

import java.util.List;

/**
 * How far the columns of both tables take part in a comparison. All columns of the source do, unless that is not possible.
 *
 * @param left columns of the source that are not compared, each with the reason
 * @param further names of the columns that only the destination has
 * @param computed names of the compared columns that a table computes by itself, so that no change repairs them
 */
record ColumnScope(List<String> left, List<String> further, List<String> computed) {
    /** Every column takes part, and no table computes one. */
    static final ColumnScope ALL = new ColumnScope(List.of(), List.of(), List.of());

    ColumnScope {
        left = List.copyOf(left);
        further = List.copyOf(further);
        computed = List.copyOf(computed);
    }
}
