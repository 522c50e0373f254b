/**
 * The frame that every command stands in: the command line, settings, databases, printing, exit codes. Knows no command.
 *
 * <p>A command is a package of its own, {@code io.rowrelay.admin.<command>}, entered through {@code <Command>Command}: see
 * {@code io.rowrelay.admin.pause} for a small one. To add one:
 *
 * <ol>
 *   <li>Extend {@link io.rowrelay.admin.command.StreamCommand}, or {@link io.rowrelay.admin.command.AdminCommand} where the
 *       words behind the name are not the stream. Annotate it with picocli's {@code @Command}: name and description. A name of
 *       two words belongs to the group that the first one names.
 *   <li>Its options are fields with {@code @Option}; one that may be left out is an {@code Optional} or has its default.
 *       Options of several commands are a {@code @Mixin} class in this package.
 *   <li>{@code run} opens what it needs with try-with-resources ({@link io.rowrelay.admin.command.Database}), does the work,
 *       prints with {@link io.rowrelay.admin.command.Console}, and returns an {@link io.rowrelay.admin.command.Outcome}. With
 *       {@code --json} the result is one {@link io.rowrelay.admin.command.JsonObject}, with names in snake_case, and
 *       everything else goes to {@code console.aside()}.
 *   <li>What cannot be done is a {@link io.rowrelay.admin.command.CommandFailedException}; what is wrong about the command line
 *       is {@code wrong(...)}. Messages name the tool by {@link io.rowrelay.common.runtime.Programs}.
 *   <li>List it in AdminMain.
 * </ol>
 */
@NullMarked
package io.rowrelay.admin.command;

import org.jspecify.annotations.NullMarked;
