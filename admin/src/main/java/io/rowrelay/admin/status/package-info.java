/**
 * The command {@code status}: how far a stream is at each stage. What it reads of the servers is what doctor, verify and cutover
 * read of them. Changes nothing.
 */
@NullMarked
package io.rowrelay.admin.status;

import org.jspecify.annotations.NullMarked;
