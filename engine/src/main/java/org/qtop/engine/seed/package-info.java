/**
 * Seeds: where they come from, how they are made, and how each is handed out once.
 *
 * <p>Imports no other room, and must never read a clock, start a thread, or open a file or socket. The operating
 * system's generator ({@link org.qtop.engine.seed.OsSeedSource} and the entropy input of the JDK's DRBG) is the
 * engine's one exemption from its ban on randomness. Sources that need disk or network live in the proxy and are found
 * through {@link java.util.ServiceLoader}.
 *
 * <h2>Decisions</h2>
 *
 * <p><b>A source credits nothing.</b> Raw bytes pass the health tests of NIST SP 800-90B, are tagged with origin and
 * length, and enter a DRBG of SP 800-90A as additional input, always beside fresh bytes of the operating system. So a
 * source can add, and can never take away: with every source broken, the seeds are as good as the operating system's.
 *
 * <p><b>The JDK's DRBG, nothing of our own.</b> {@code SecureRandom.getInstance("DRBG")} at 256 bits makes Hash_DRBG
 * with SHA-256. In requests of one block (8 KiB) it gives some 400 MB/s where the processor has SHA instructions, and
 * 80 MB is all that the largest cache holds; an own CTR_DRBG on {@code AES/CTR} was some ten times as fast and would
 * have been our cryptography to defend for a load that is short enough already.
 *
 * <p><b>One flat array in blocks.</b> A seed is a ticket: one atomic increment of its block's counter names a slot that
 * nobody else can name, so reading and wiping it need no further atomic step. A slot that reads 0 is empty (a seed of 0
 * is drawn again), and a block is refilled only when all its slots read 0, so a reader that was interrupted between its
 * ticket and its slot can never meet the next filling. Tickets that follow each other name neighbours: spreading them
 * over the cache lines of a block made two threads slower by half, not faster. A queue, or one counter for the whole
 * ring, costs a second atomic step or lets such a reader take a seed that somebody else will be handed too.
 *
 * <p><b>First source that delivers.</b> Sources are asked in the order given, and the first that passes feeds the
 * reseed, so that a daily allowance further down the list is kept for the day it is needed.
 *
 * <p><b>No clock.</b> A source set aside is tried again after 1, 2, 4, ... up to 64 reseeds that would have used it, or
 * when the host asks through {@code reseedAsync}. Waiting by the hour is the host's and the source's business.
 */
package org.qtop.engine.seed;
