/**
 * Tor as our child: one process ({@link org.qtop.proxy.privatenet.TorProcess}), and a whole network on loopback
 * ({@link org.qtop.proxy.privatenet.PrivateNetwork}) for integration tests, the demo and the laboratory.
 *
 * <p>Decisions:
 *
 * <ul>
 * <li>Real tors, no simulation: three directory authorities, exits and a client, all on 127.0.0.1.
 * <li>Nothing outlives us. Each tor names our process as its owner and ends within its polling time of 15 s when we are
 * killed; folders are named after our process id and swept by the next start.
 * <li>Each tor has a session of its own, where {@code setsid} is there: Ctrl-C in a terminal goes to all of a session's
 * foreground processes, and would cut the streams that we let finish.
 * <li>Ports are watched through tor's log, not through a control connection: the log needs no login, no second
 * implementation of the control protocol, and tells why a start failed.
 * <li>The first consensus is timed, not waited for: the authorities' voting offset is set so that it falls 6.5 s after
 * the start, later on a busy machine. A vote that misses an exit costs a whole voting interval.
 * <li>Authorities alone are guards. An exit has no descriptors at the first consensus; a client that asks one is
 * refused and asks again only 10 s later.
 * <li>The exits ask a name server of ours, because libevent's resolver does not read {@code /etc/hosts} for them. It
 * knows {@code localhost} only. All tors bind their connections to loopback. So a private network cannot be a way out
 * of the machine, and needs no internet.
 * <li>Authority keys are cached in memory for the life of the JVM: they protect nothing.
 * </ul>
 *
 * <p>Must never import another room, save {@code config} and {@code metrics}; so no jtorctl either: who wants to
 * control a tor of this room takes its address and its cookie from here.
 */
package org.qtop.proxy.privatenet;
