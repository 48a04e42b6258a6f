/**
 * The laboratory: a private Tor network behind long wires, users with and without qtop, what observers see of them, and
 * the report of what attacks make of it.
 *
 * <p>Decisions:
 *
 * <ul>
 * <li>Real tors, the real proxy (in this process, its own code from front to audit), real sockets; only the wires'
 * length is made, by forwarders in user space before every relay: the kernel's netem needs a module that is often
 * missing.
 * <li>Each client does one thing at a time, and its tap hears only its own Tor; so view V1 of a flow is that Tor's
 * traffic in that time, its own upkeep included. What is at the destination is known for certain: the flow's number is
 * in the path of each request.
 * <li>Modes take turns at random within each round, on the same clients; flow numbers are the same plans in all modes.
 * <li>Everything but time is drawn from the run's seed.
 * </ul>
 *
 * <p>May import every other room; no room may import it. It is a program: it prints and exits.
 */
package org.qtop.bench.lab;
