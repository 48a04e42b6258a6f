package org.qtop.bench.lab;

import java.util.List;

/**
 * What one flow does, drawn before it begins: so that every mode gets the same. Immutable.
 *
 * @param label which site it visits, or which other kind of traffic it is
 * @param exchanges requests and their answers; an exchange's parent stands before it
 */
record Plan(int label, List<Exchange> exchanges) {

    /** The most connections to one host at a time, as browsers have it. */
    static final int CONNECTIONS = 6;
    /** Hosts that a plan may name, from 0. */
    static final int HOSTS = 3;

    /**
     * A request and its answer.
     *
     * @param host which host it goes to, from 0 to {@link #HOSTS} - 1
     * @param parent which exchange must have ended before, or -1
     * @param waitNanos how long after that it is ready to be sent
     * @param up bytes of the request, {@link SiteServer#LEAST_REQUEST} or more
     * @param down bytes of the answer, {@link SiteServer#HEAD_BYTES} or more
     * @param thinkNanos how long the server waits before it answers
     */
    record Exchange(int host, int parent, long waitNanos, int up, int down, long thinkNanos) {

        Exchange {
            if (host < 0 || host >= HOSTS || up < SiteServer.LEAST_REQUEST || down < SiteServer.HEAD_BYTES) {
                throw new IllegalArgumentException("no exchange: host " + host + ", up " + up + ", down " + down);
            }
        }
    }

    Plan {
        exchanges = List.copyOf(exchanges);
        for (int i = 0; i < exchanges.size(); i++) {
            if (exchanges.get(i).parent() >= i) {
                throw new IllegalArgumentException("exchange " + i + " stands before its parent");
            }
        }
    }
}
