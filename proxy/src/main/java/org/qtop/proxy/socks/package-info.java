/**
 * The front: what applications say to us before their stream is released.
 *
 * <p>qtop does not speak SOCKS to its clients; Tor does. Every message of a client goes to Tor byte for byte, every
 * answer of Tor's to the client likewise, and bytes that make no sense go to Tor too, which says so in its own way. All
 * that this room knows of SOCKS is where a message ends ({@link org.qtop.proxy.socks.ClientFramer}, {@link
 * org.qtop.proxy.socks.ReplyFramer}), because the request is what is held. Only when Tor cannot be reached, or a limit
 * is met, does it speak for itself ({@link org.qtop.proxy.socks.LocalAnswer}).
 *
 * <p>{@code netty-codec-socks} is not used for this: it decodes logins and names as US-ASCII, which merges isolation
 * keys, passes names through IDN, ignores the reserved byte, and turns malformed input into plausible messages.
 *
 * <p>A connection passes {@link org.qtop.proxy.socks.Admission} before it is read, a PROXY header where a listener asks
 * for one, and then meets the front. {@code netty-codec-haproxy} reads those headers.
 *
 * <p>May import {@code stream}, {@code connector} and {@code relay}. Must never resolve a name, or log a byte of a
 * conversation.
 */
package org.qtop.proxy.socks;
