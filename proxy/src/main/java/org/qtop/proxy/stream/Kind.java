package org.qtop.proxy.stream;

/** What a client asks for. */
public enum Kind {
    /** A connection. */
    CONNECT("connect"),
    /** The address of a name: Tor's SOCKS command F0. */
    RESOLVE("resolve"),
    /** The name of an address: Tor's SOCKS command F1. */
    RESOLVE_PTR("resolve_ptr");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /**
     * The word for it in a journal.
     *
     * @return lower case
     */
    public String word() {
        return word;
    }

    /**
     * Finds a kind by its word.
     *
     * @param word as in a journal
     * @return the kind, or null if there is none
     */
    public static Kind ofWord(String word) {
        for (Kind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        return null;
    }
}
