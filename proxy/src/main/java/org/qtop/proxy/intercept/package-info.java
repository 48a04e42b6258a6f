/**
 * Holds streams inside Tor: every stream that Tor leaves to its controller waits here for the end of its hold and is
 * then attached, with no proxy in the path.
 *
 * <p>Tor's lever is the option {@code __LeaveStreamsUnattached} with the command {@code ATTACHSTREAM id 0} (Tor
 * control-spec). {@link org.qtop.proxy.intercept.QuantumStreamInterceptor} is the whole of it for a library's user;
 * {@link org.qtop.proxy.intercept.Interceptor} is the part that a proxy with a control connection of its own uses.
 *
 * <p>Decisions, with what was rejected:
 * <ul>
 * <li><b>The rules are a state machine</b> ({@code HoldBook}) that is told events, replies and the time, and gives
 * effects; it knows neither threads nor sockets. {@code Interceptor} is its host.
 * <li><b>A hold begins at CONTROLLER_WAIT</b>, the word that Tor has left the stream to us. One that waits again, after
 * it was DETACHED from its circuit, is attached at once: it has had its hold.
 * <li><b>A stream is attached once for each time it waits.</b> ATTACHSTREAM to a stream that is on its way makes Tor
 * detach it and begin again, so an unanswered command is never repeated before Tor has said where the stream is.
 * <li><b>A release is when Tor answers 250</b>, not when we ask: lateness then holds the way to Tor and Tor's own
 * queue, and is never flattered.
 * <li><b>A stream is accounted for once</b>, with the circuit that carried it in the end: it enters the {@link
 * org.qtop.proxy.stream.StreamTable} at its release and is reported by the table when it succeeds or is over, however
 * many circuits it was tried on. One that another controller attached first, or that we let go before its time
 * because holding ended, was not held as planned: it is counted and stands in no journal.
 * <li><b>Commands are pipelined</b> on one control connection. Rejected: a connection for each of several threads,
 * which Tor's one thread would serve in turn just the same.
 * <li><b>Another controller is lived with</b>: what it attaches is counted as taken. Whoever comes second lets the
 * other go first ({@code Turns}), because two ATTACHSTREAMs to one stream make Tor lose what the client said first
 * (seen: 21 of 100 streams whose two holds ended within tens of milliseconds). That the option is turned off is noticed
 * within a second and mended, since a reload does it too.
 * <li><b>Nothing is left held</b>: on leaving, the option goes off first and every stream that waits is attached then,
 * whether we knew it or not. What a kill leaves behind, {@link org.qtop.proxy.intercept.Rescue} mends when somebody
 * asks for it.
 * <li><b>A live controller is told from a dead one by its connection</b> ({@code Company}, {@code Guard}), before
 * anything is done unasked. Rejected: looking twice a second apart whether the same streams wait, which is so with
 * every hold above a second, and with none waiting; turning the option off to see whether somebody turns it on again,
 * which lets streams pass unheld; a mark left inside Tor, which Tor keeps when its maker dies.
 * </ul>
 *
 * <p>May import {@code control}, {@code stream}, {@code audit} and the engine. Must never know where a stream goes.
 */
package org.qtop.proxy.intercept;
