/**
 * The front: what applications say to us before their stream is released.
 *
 * <p>qtop does not speak SOCKS to its clients; Tor does. What a client says goes to Tor byte for byte and read by read,
 * what Tor answers goes to the client likewise, and bytes that make no sense go to Tor too, which says so in its own
 * way. All that this room knows of SOCKS is where a message ends ({@link org.qtop.proxy.socks.ClientFramer}, {@link
 * org.qtop.proxy.socks.ReplyFramer}), because the request is what is held. Only when Tor cannot be reached, or a limit
 * is met, does it speak for itself ({@link org.qtop.proxy.socks.RefusingFront}).
 *
 * <p>Decisions:
 *
 * <ul>
 * <li>The unit that is passed on or held is all that was read at once. Tor answers only the last of the messages that
 * it finds together: greeting and login in one write are answered by the login's answer alone. So messages that came
 * together go together, also into the hold, and half a message goes on at once, for Tor may refuse it already.
 * <li>The framer holds whatever some Tor might open a stream for. What Tor's parser refuses (no login after method 02,
 * a second login, a reserved user name, a name with a space) may be held needlessly; nothing that it accepts is let
 * through. A SOCKS4 request is accepted by Tor at any point, also after a SOCKS5 greeting.
 * <li>Data that came during the hold follows the request at once, save for SOCKS4 and HTTP, where Tor would
 * take it for part of the name or of a body: there it waits for Tor's reply ({@link org.qtop.proxy.socks.LateData}).
 * <li>Tor has no half-close before a stream is open: when it ends the conversation the client's connection is closed
 * altogether, by a reset if that is how Tor did it.
 * <li>HTTP: only CONNECT is served; its first eight bytes tell it apart. Everything else goes to Tor's SOCKS port,
 * which answers 501, so a web page has no use of the port. With Tor's HTTPTunnelPort given, CONNECT goes there byte for
 * byte and is as exact as SOCKS. Without, it goes to the SOCKS port as SOCKS5 ({@link
 * org.qtop.proxy.socks.HttpConnect}) with a password that is equal only where Tor's isolation keys would be, and the
 * answer is made from the reply code: a few reasons that share one code are lost. Rejected: to require the
 * HTTPTunnelPort, which few Tors have; to take the reason from Tor's control port, which may come after the reply.
 * </ul>
 *
 * <p>{@code netty-codec-socks} is not used: it decodes logins and names as US-ASCII, which merges isolation keys,
 * passes names through IDN, ignores the reserved byte, and turns malformed input into plausible messages. Nor is
 * Netty's HTTP codec: Tor's reading of a request is older and odder than any grammar.
 *
 * <p>A connection passes {@link org.qtop.proxy.socks.Admission} before it is read, a PROXY header where a listener asks
 * for one, and then meets the front. {@code netty-codec-haproxy} reads those headers.
 *
 * <p>May import {@code stream}, {@code connector} and {@code relay}. Must never resolve a name, or log a byte of a
 * conversation.
 */
package org.qtop.proxy.socks;
