package io.rowrelay.consumer.apply;

/** What is to be done with a record: apply it, or move it to the dead-letter topic and go on. */
public sealed interface Verdict permits ChangeEvent, Rejected {}
