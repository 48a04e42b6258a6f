package org.qtop.proxy.intercept;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.qtop.proxy.control.ControlCounters;
import org.qtop.proxy.control.ControlReply;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.stream.StreamEvent;

/** What this room asks of a control connection. Answers come in the order of the questions. Thread-safe. */
interface Steering {

    /**
     * Sends a command behind those sent before.
     *
     * @param line without its end
     * @return Tor's reply, whatever its code; fails if there will be none
     */
    CompletableFuture<ControlReply> send(String line);

    /**
     * Asks for every stream that Tor has.
     *
     * @return them; fails if there will be no answer
     */
    CompletableFuture<List<StreamEvent>> streams();

    /**
     * How much of what Tor said was not understood here, dropped or ended in a fault.
     *
     * @return a number that only grows
     */
    long missed();

    /**
     * Steers by a control connection.
     *
     * @param control kept connected by itself
     * @return its commands
     */
    static Steering of(TorControl control) {
        return new Steering() {
            @Override
            public CompletableFuture<ControlReply> send(String line) {
                return control.send(line);
            }

            @Override
            public CompletableFuture<List<StreamEvent>> streams() {
                return control.askStreams();
            }

            @Override
            public long missed() {
                ControlCounters counters = control.counters();
                return counters.eventsDropped() + counters.observerFailures() + counters.eventsUnusable();
            }
        };
    }
}
