/**
 * What can be seen of a stream from outside, for the commands that tell a human about it. Changes nothing. Must not import
 * java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.look;

import org.jspecify.annotations.NullMarked;
