package org.qtop.proxy.intercept;

import java.util.ArrayList;
import java.util.List;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;

/** One stream inside Tor, from its first event until holding has nothing more to do with it. Confined to its book. */
final class TorStream {

    /** Where it stands, as far as holding goes. */
    enum State {
        /** Tor has it and has not left it to us yet. */
        ARRIVED,
        /** It waits for the end of its hold. */
        HELD,
        /** We have asked Tor to attach it and have no answer yet. */
        ASKED,
        /** It is on its way; Tor may still take it off its circuit. */
        ATTACHED
    }

    final long id;
    final Kind kind;
    State state = State.ARRIVED;
    /** Its hold; null if it passes without one of ours. */
    ProxyStream plan;
    /** Since when it waits. */
    long sinceNanos;
    long plannedNanos;
    /** When it is attached if nobody else has done so: the planned time, or later while somebody else may. */
    long dueNanos;
    /** Whether its release is accounted for, or is not to be. */
    boolean settled;
    /** Whether it was asked for before the end of its hold. */
    boolean early;
    /** Whether it should have had a hold. */
    boolean unheld;
    /** Whether an answer to an earlier question was lost, so that we may have attached it already. */
    boolean unsure;
    /** Whether Tor took it off a circuit since we asked. */
    boolean detached;
    /** What Tor said of it since we asked. */
    final List<StreamEvent> since = new ArrayList<>(0);

    TorStream(long id, Kind kind) {
        this.id = id;
        this.kind = kind;
    }
}
