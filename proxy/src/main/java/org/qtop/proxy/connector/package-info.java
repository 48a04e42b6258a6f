/**
 * Connecting to Tor's SOCKS port.
 *
 * <p>A connection to Tor is dialled when a client is accepted, on the client's own event loop, so that the two channels
 * of a stream never hand bytes between threads. Connections are not dialled ahead of their clients: Tor's SocksTimeout
 * counts from its accept, and a pool would only hold dying connections.
 *
 * <p>{@link org.qtop.proxy.connector.Transport} chooses between the kernel's epoll and the JDK's selector, once.
 *
 * <p>May import {@code stream}. Must never look at the bytes of a conversation.
 */
package org.qtop.proxy.connector;
