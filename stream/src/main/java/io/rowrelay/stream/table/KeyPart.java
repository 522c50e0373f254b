package io.rowrelay.stream.table;

/**
 * The part of a column in the primary key. The operators are those of the index, qualified: no search_path needs to have them.
 *
 * @param position in the key, from 1
 * @param less compares two values
 * @param lessOrEqual likewise
 * @param equal likewise
 * @param greaterOrEqual likewise
 * @param greater likewise
 * @param order names the order of the values: two columns with the same name for it order the same values alike. Empty where that
 *     cannot be known, as with collations of the operating system, which differ between machines
 */
public record KeyPart(
        int position,
        String less,
        String lessOrEqual,
        String equal,
        String greaterOrEqual,
        String greater,
        String order) {}
