/**
 * Looks for what keeps qtop from working, and says what to do about it.
 *
 * <p>Each check is one item of a trouble-shooting chapter that a program can look at itself. It gives one {@link
 * org.qtop.proxy.doctor.Finding}: a verdict, what was seen, and a cure. A check changes nothing: it neither starts nor
 * configures anything, and a stream is sent only when somebody asks for one. Checks that need what an earlier one
 * missed are skipped and say so.
 *
 * <p>May import {@code control}, {@code connector}, {@code intercept}, {@code privatenet}, {@code relay}, {@code
 * seedsource}, {@code status} and the engine. Must never print or exit.
 */
package org.qtop.proxy.doctor;
