/**
 * The command {@code doctor}: a list of small checks ({@link io.rowrelay.admin.doctor.Checks#ALL}), each in the class that its
 * name says, with the problems that it can find and their remedies beside it. A check that is added goes into that list, and
 * {@code docs/reference/doctor.md} is written again by its test.
 */
@NullMarked
package io.rowrelay.admin.doctor;

import org.jspecify.annotations.NullMarked;
