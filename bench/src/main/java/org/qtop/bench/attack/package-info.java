/**
 * Attacks on anonymity from the literature, and the statistics that say how well each of them did.
 *
 * <p>An attack is one class that implements {@link org.qtop.bench.attack.Attack}, plus a line in
 * {@link org.qtop.bench.attack.Attacks}. It sees traces and never the defence: which hold was in force, and its
 * numbers, cannot be named here. What it trains on comes from a {@link org.qtop.bench.attack.Split}, which keeps
 * circuits whole and hands out its test flows once; what it finds goes into {@link org.qtop.bench.attack.Findings},
 * records that a JSON library writes as they are. Nothing here reads a clock, a file or unseeded randomness: the same
 * flows, settings and seed give the same findings.
 *
 * <p>Must never import another room than {@code trace}.
 */
package org.qtop.bench.attack;
