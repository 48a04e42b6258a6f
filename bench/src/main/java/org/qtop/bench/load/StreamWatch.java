package org.qtop.bench.load;

import java.net.InetSocketAddress;

/** Told what becomes of the stand-in's streams. Called on the stand-in's event loops. */
interface StreamWatch {

    /** Nobody is told. */
    StreamWatch NONE = new StreamWatch() {
        @Override
        public long requested(InetSocketAddress client, int port) {
            return 0;
        }

        @Override
        public void closed(long stream, int port) {
            // Nobody is told.
        }
    };

    /**
     * A stream was asked for, and will be granted.
     *
     * @param client the client's address and port
     * @param port the port it asked for
     * @return the stream's number
     */
    long requested(InetSocketAddress client, int port);

    /**
     * A stream is over.
     *
     * @param stream its number
     * @param port the port it asked for
     */
    void closed(long stream, int port);
}
