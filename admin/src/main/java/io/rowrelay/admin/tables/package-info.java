/**
 * The tables of a stream as the commands read and write them: their keys in chunks, rows found by key, and the change table
 * written in short transactions. Knows no command.
 */
@NullMarked
package io.rowrelay.admin.tables;

import org.jspecify.annotations.NullMarked;
