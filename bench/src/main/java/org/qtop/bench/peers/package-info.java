/**
 * qtop beside what a user would pick instead: runs each in a process of its own under the same load, in alternating
 * rounds, and makes one table of ratios.
 *
 * <p>What is compared is each figure's ratio to that of no proxy at all in the same round, since a machine's speed
 * changes more between rounds than one proxy differs from the next. The median over the rounds is shown, with the least
 * and the most.
 *
 * <p>Load and stand-in share one process, each with one event loop: on a machine of two processors a third process
 * would take time from what is measured.
 *
 * <p>Where one round trip is timed at a time, the two threads of the load are kept on two processors, see {@link
 * org.qtop.bench.peers.Apart}. A stream is reset at its end, or the ports of a run would be used up.
 *
 * <p>May import {@code load}, and every room of proxy.
 */
package org.qtop.bench.peers;
