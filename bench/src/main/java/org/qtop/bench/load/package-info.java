/**
 * Runs through real sockets, and the stand-ins they need.
 *
 * <p>The stand-in for Tor answers at once and dials nobody, so that what a run measures is qtop and the machine. A
 * stand-in of another language or a real Tor would add a cost of its own, which varies more than what is measured.
 *
 * <p>May import every room of engine and proxy; {@code micro} imports its stand-ins and clients.
 */
package org.qtop.bench.load;
