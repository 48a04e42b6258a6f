package org.qtop.proxy.metrics;

/** Each thing that is counted, by its conventional Prometheus name without the prefix {@code qtop_}. */
public enum Counter {
    /** Client connections accepted. */
    CONNECTIONS_ACCEPTED("connections_accepted_total", "Client connections accepted."),
    /** Client connections refused because the limit was reached. */
    CONNECTIONS_OVER_LIMIT("connections_over_limit_total", "Client connections refused at the limit of streams."),
    /** Client connections from addresses that are not allowed. */
    CLIENTS_NOT_ALLOWED("clients_not_allowed_total", "Connections closed unread: their address is not in --allow."),
    /** Client connections without a good PROXY header. */
    PROXY_HEADERS_BAD("proxy_headers_bad_total", "Connections closed because their PROXY header was bad or missing."),
    /** Client connections refused for want of a loopback address of their own. */
    CLIENT_ADDRESSES_FULL("client_addresses_full_total",
            "Streams refused because no loopback address was left to keep their client apart."),
    /** Streams released to Tor. */
    STREAMS_RELEASED("streams_released_total", "Requests released to Tor after their hold."),
    /** Streams whose client left during the hold. */
    STREAMS_ABANDONED("streams_abandoned_total", "Requests whose client left during the hold."),
    /** Streams matched to Tor's stream and circuit. */
    STREAMS_MATCHED("streams_matched_total", "Released streams matched to Tor's stream number."),
    /** Streams that got stand-in identifiers. */
    STREAMS_UNMATCHED("streams_unmatched_total", "Released streams that got stand-in identifiers."),
    /** Streams refused because Tor could not be reached. */
    TOR_UNREACHABLE("tor_unreachable_total", "Streams refused because Tor's SOCKS port could not be reached."),
    /** Streams refused because no socket could be opened. */
    SOCKETS_MISSING("sockets_missing_total", "Streams refused because no socket could be opened for them."),
    /** Streams refused because the control port was lost. */
    CONTROL_MISSING("control_missing_total", "Streams refused because the control port was lost."),
    /** Connections whose handshake was not finished in time. */
    HANDSHAKES_TIMED_OUT("handshakes_timed_out_total", "Connections closed because the request did not come in time."),
    /** Connections whose first bytes no request was found in. */
    HANDSHAKES_OPAQUE("handshakes_opaque_total", "Connections passed to Tor whose bytes held no request that we know."),
    /** Times that early data reached its limit. */
    EARLY_DATA_FULL("early_data_full_total", "Times that a held stream's early data reached its limit."),
    /** Streams that ended by a reset. */
    STREAMS_RESET("streams_reset_total", "Streams that ended by a reset from either side."),
    /** Unexpected failures inside qtop. */
    INTERNAL_ERRORS("internal_errors_total", "Streams closed because of a fault of our own."),
    /** Control connections lost. */
    CONTROL_LOST("control_lost_total", "Times that the control connection was lost."),
    /** Times that a seed source was set aside. */
    SEED_SOURCE_FAULTS("seed_source_faults_total", "Times that a seed source failed and was set aside."),
    /** Circuits closed because of a violation. */
    CIRCUITS_CLOSED("circuits_closed_total", "Circuits that Tor closed for us because of a violation."),
    /** Streams refused because of a violation. */
    STREAMS_BARRED("streams_barred_total", "Streams refused because the verifier had rejected a release."),
    /** Held streams that somebody else attached. */
    STREAMS_TAKEN("streams_taken_total", "Streams held in Tor that another controller attached first."),
    /** Streams that should have been held in Tor and were not. */
    STREAMS_UNHELD("streams_unheld_total", "Streams that passed Tor without the hold that they should have had there."),
    /** Streams attached before the end of their hold. */
    STREAMS_CUT_SHORT("streams_cut_short_total", "Streams let go early because holding in Tor ended."),
    /** Streams that came back from a circuit. */
    STREAMS_REATTACHED("streams_reattached_total", "Times that a stream came back from a circuit and was attached."),
    /** Streams that Tor could not attach. */
    ATTACH_FAILED("attach_failed_total", "Streams that Tor gave up when they were attached."),
    /** Times that Tor stopped leaving streams to us. */
    OPTION_RESTORED("option_restored_total", "Times that Tor's option was found off and was set again."),
    /** Verifier violations. */
    VIOLATIONS("violations_total", "Release records that the verifier rejected."),
    /** Journal lines that could not be written. */
    JOURNAL_FAILURES("journal_failures_total", "Journal lines that could not be written.");

    private final String id;
    private final String help;

    Counter(String id, String help) {
        this.id = id;
        this.help = help;
    }

    /**
     * The conventional name.
     *
     * @return lower case with underscores, ending in {@code _total}
     */
    public String id() {
        return id;
    }

    /**
     * What is counted.
     *
     * @return one sentence
     */
    public String help() {
        return help;
    }
}
