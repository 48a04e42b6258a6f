package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.time.Duration;

/** Why a hosted service gave nothing: one line without key, address or answer. */
final class ServiceFault extends IOException {

    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is, which decides how long the service is left alone. */
    enum Kind {
        /** It cannot be reached, or the connection broke. */
        UNREACHABLE,
        /** It did not answer, or not to the end, in time. */
        SLOW,
        /** It does not take the key. */
        KEY_REFUSED,
        /** It says that a limit is reached. */
        LIMIT_REACHED,
        /** It answered with a status that is none of the above and not 200. */
        STATUS,
        /** Its answer is not of the documented form. */
        MALFORMED,
        /** Our own count of the day's bits is used up. */
        DAY_USED_UP
    }

    private final Kind kind;
    private final transient Duration pause;

    ServiceFault(Kind kind, String reason) {
        this(kind, reason, null);
    }

    /** With a pause that the service asked for, or null. */
    ServiceFault(Kind kind, String reason, Duration pause) {
        super(reason);
        this.kind = kind;
        this.pause = pause;
    }

    Kind kind() {
        return kind;
    }

    /** How long the service asked to be left alone, or null. */
    Duration pause() {
        return pause;
    }
}
