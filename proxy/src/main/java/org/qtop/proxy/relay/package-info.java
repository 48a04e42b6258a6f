/**
 * Planning holds, and carrying bytes once a stream is released.
 *
 * <p>{@link org.qtop.proxy.relay.Holds} draws the hold of a stream; the timer that ends it is the event loop's own, so
 * that what schedules and what measures cannot disagree, and is set a little early ({@link
 * org.qtop.proxy.relay.HoldEnd}). {@link org.qtop.proxy.relay.RelayHandler} joins two channels
 * of one event loop: it stops reading from one while the other cannot take more, passes on the end of input as the end
 * of output, and a reset as a reset. Buffers are handed over, never copied.
 * A read as large as all that may wait is written before the peer is asked whether it can take more, for else reading
 * would stop and go on at each.
 * Streams that carry much move to {@link org.qtop.proxy.relay.BulkLoops}, so that holds do not wait behind them,
 * and take their buffers from a pool of their own.
 *
 * <p>Kernel splicing is not used: Netty's is deprecated, bypasses the pipeline and cannot be paired with half-close
 * without faults.
 *
 * <p>May import {@code stream}, {@code audit} and the engine. Must never look at what the bytes say.
 */
package org.qtop.proxy.relay;
