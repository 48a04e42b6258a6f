/**
 * Seed sources that need files or the network, found through {@link java.util.ServiceLoader} so that the engine stays
 * free of both.
 *
 * <h2>Decisions</h2>
 *
 * <p><b>What was used is noted before it is used.</b> A recording's used bytes stand in {@code PATH.used} beside it, a
 * hosted source's bits of the day in the data folder. Both are written, and forced to the disk, before a byte is read
 * or asked for: a crash wastes bytes and never uses one twice. A source whose note cannot be kept is refused.
 *
 * <p><b>The JDK's HttpClient, one for each answer.</b> Answers are rare (one or two at the start, one for each half
 * cache), and a connection that is not kept cannot be found dead, nor tell two answers belong together. The whole
 * exchange has one time limit, as HttpClient's own ends with the headers; the body is bounded; redirects are not
 * followed, as they would take the key along.
 *
 * <p><b>Through Tor without a look-up of names.</b> HttpClient knows no SOCKS. {@code HttpsURLConnection} through a
 * SOCKS {@link java.net.Proxy} does, but looks the name up first, at the system's resolver (seen with JDK 17: the SOCKS
 * request carries an address). HttpClient asks an HTTP proxy by name; so for each answer {@code TorTunnel} is one, on
 * loopback, for one connection and one target, and speaks SOCKS with Tor. TLS runs end to end through it. Each tunnel
 * has an isolation key of its own, so that the service's stream shares its circuit with no other.
 *
 * <p><b>Two kinds of rest.</b> A service that failed is left alone for a time of the source's own (its clock and chance
 * handed in): twice as long each time, what Retry-After says, until midnight when the day's bits are gone. Whoever asks
 * meanwhile is told the same reason again at once. When to ask again is the engine's and the host's business.
 *
 * <p>May import the engine's {@code seed}. Must never log or keep a byte that it read, nor a key.
 */
package org.qtop.proxy.seedsource;
