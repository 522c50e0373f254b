/**
 * What {@code doctor} finds: small checks, each of one thing, and what their findings mean. Must not import java.sql or
 * org.apache.kafka; the checks that do live in the packages below.
 */
@NullMarked
package io.rowrelay.admin.doctor;

import org.jspecify.annotations.NullMarked;
