package org.qtop.bench.trace;

import org.qtop.bench.attack.Spacing;

/** In a room that may import nothing, and imports something: the rule must find it. */
public final class Stranger {

    /** What it must not know. */
    public Spacing known;
}
