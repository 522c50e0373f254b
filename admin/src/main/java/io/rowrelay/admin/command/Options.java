package io.rowrelay.admin.command;

/**
 * What every command can be told beside the settings.
 *
 * @param dryRun whether to look only, and write nothing
 * @param chunk how many rows to write in one transaction
 * @param waiting whether to wait until the destination shows the result
 */
public record Options(boolean dryRun, int chunk, boolean waiting) {}
