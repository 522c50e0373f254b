package io.rowrelay.stream.record;

/** What validation makes of a record: a change to apply, or a rejected record that becomes a dead letter. */
public sealed interface ValidatedRecord permits ValidChange, Rejected {}
