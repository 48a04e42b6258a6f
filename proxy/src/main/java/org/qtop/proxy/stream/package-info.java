/**
 * Life and identity of one stream: its number here, its Tor stream and circuit, and how it ended.
 *
 * <p>The events that Tor's control port reports are typed here ({@link org.qtop.proxy.stream.StreamEvent},
 * {@link org.qtop.proxy.stream.CircuitEvent}) and filled by the {@code control} room, so that the stream table knows
 * nothing of sockets or of the control protocol's text. They carry no destination and no login: nothing here needs
 * them, and what is not kept cannot leak.
 *
 * <p>Must never import another room, save {@code config} and {@code metrics}.
 */
package org.qtop.proxy.stream;
