package org.qtop.proxy.stream;

import java.io.IOException;

/** A stream that fails here in a known way. */
public final class StreamException extends IOException {

    private static final long serialVersionUID = 1L;

    private final StreamFailure failure;

    /**
     * Fails a stream.
     *
     * @param failure in which way
     */
    public StreamException(StreamFailure failure) {
        super(failure.reason());
        this.failure = failure;
    }

    /**
     * In which way.
     *
     * @return the failure
     */
    public StreamFailure failure() {
        return failure;
    }
}
