package org.qtop.bench.load;

import java.io.IOException;

/** The load could not be brought to bear: what is measured failed, or fell silent. */
public final class LoadException extends IOException {

    private static final long serialVersionUID = 1;

    /**
     * With one line that says why.
     *
     * @param message for a person
     */
    public LoadException(String message) {
        super(message);
    }
}
