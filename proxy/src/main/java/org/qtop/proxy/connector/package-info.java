/**
 * Connecting to Tor's SOCKS port.
 *
 * <p>A connection to Tor is dialled when a client is accepted, on the client's own event loop, so that the two channels
 * of a stream never hand bytes between threads. Connections are not dialled ahead of their clients: Tor's SocksTimeout
 * counts from its accept, and a pool would only hold dying connections.
 *
 * <p>{@link org.qtop.proxy.connector.Transport} chooses between the kernel's epoll and the JDK's selector, once.
 *
 * <p>Netty's epoll loses sight of a channel that waits for nothing; {@link org.qtop.proxy.connector.WatchfulEpoll} does
 * not.
 *
 * <p>A connection stays on the loop that accepted it while the others have not much less to do ({@link
 * org.qtop.proxy.connector.NearLoops}): to hand each to the next loop wakes a second thread, in the middle of a set-up.
 *
 * <p>What is read at once ({@link org.qtop.proxy.connector.ReadSizes}) is larger while few connections are open, and
 * small at a stream's beginning: while eight downloads began together, holds that were to end on their loops were up to
 * 5 ms late (README, lateness).
 *
 * <p>Holds end on the loops' own timers, so the kernel is asked not to put these off ({@link
 * org.qtop.proxy.connector.TimerSlack}).
 *
 * <p>Tor keeps clients of different addresses on different circuits. Through a proxy all would look like one, so each
 * calls a Tor on 127.0.0.0/8 from a loopback address of its own ({@link org.qtop.proxy.connector.ClientAddresses}).
 * Where Tor is elsewhere, that cannot be done: there the login alone keeps streams apart. To make up logins for clients
 * that give none was rejected: what a client says is never altered.
 *
 * <p>May import {@code stream}. Must never look at the bytes of a conversation.
 */
package org.qtop.proxy.connector;
