package org.qtop.proxy.config;

/** Where a stream is held. */
public enum HoldAt {
    /** The client's request waits, before Tor sees it. */
    REQUEST("at the request"),
    /** The stream waits inside Tor, for a controller to attach it. */
    ATTACH("inside Tor"),
    /** Tor's reply waits, and with it what the client says after its request. */
    REPLY("at Tor's reply");

    private final String words;

    HoldAt(String words) {
        this.words = words;
    }

    /**
     * Says it to a person.
     *
     * @return such as {@code at the request}
     */
    public String words() {
        return words;
    }
}
