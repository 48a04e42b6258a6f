package org.qtop.proxy.cli;

import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.intercept.Guard;
import org.qtop.proxy.intercept.InterceptException;
import org.qtop.proxy.intercept.Interceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to the streams inside Tor when a proxy starts: has them held there, or sees that nobody left them held. */
final class InsideTor {

    private static final Logger LOG = LoggerFactory.getLogger(InsideTor.class);

    private InsideTor() {
    }

    /**
     * Begins to hold streams inside Tor if that is wanted, and frees a Tor that was left stuck if it is not: now, or as
     * soon as it is certain that nobody is there to attach its streams.
     *
     * @param closer ends the looking
     * @return where streams are held; at the request if Tor does not allow what is wanted
     * @throws Failure if Tor's control port does not answer
     * @throws InterruptedException if this thread is interrupted
     */
    static HoldAt begin(Settings settings, TorAccess tor, Interceptor interceptor, Console console, Closer closer)
            throws Failure, InterruptedException {
        if (settings.holdAt() != HoldAt.ATTACH) {
            if (tor.control().isPresent()) {
                free(closer.add(new Guard(tor.control().get())), console);
            }
            return settings.holdAt();
        }
        try {
            if (interceptor.start(tor.control().orElseThrow())) {
                console.line("Tor left its streams to a controller already: one was killed, or another is at work");
            }
            return HoldAt.ATTACH;
        } catch (InterceptException e) {
            if (e.kind() != InterceptException.Kind.FORBIDDEN) {
                throw Failure.of(e);
            }
            console.line("Streams cannot be held inside Tor (" + e.getMessage() + "): holding "
                    + HoldAt.REQUEST.words());
            return HoldAt.REQUEST;
        }
    }

    private static void free(Guard guard, Console console) throws InterruptedException {
        try {
            Guard.Look look = guard.look();
            look.freed().ifPresent(what -> console.line("Tor was left holding streams: " + what.text()));
            if (look.state() == Guard.State.LEFT) {
                console.line("Tor leaves its streams to a controller, and others are connected to it or it cannot be"
                        + " seen who is: if no interceptor is at work, streams hang; free them with: qtop release");
                guard.start();
            }
        } catch (InterceptException e) {
            LOG.debug("whether Tor holds streams is not known: {}", e.getMessage());
        }
    }
}
