/**
 * The command line: main, wiring, exit codes; the only room that prints or exits.
 *
 * <p>Every command ends with one of {@link org.qtop.proxy.cli.ExitCode}. What a person can mend ends with one line on
 * standard error that names the value and the cure; a stack trace is printed for a fault of our own only.
 *
 * <p>May import every room.
 */
package org.qtop.proxy.cli;
