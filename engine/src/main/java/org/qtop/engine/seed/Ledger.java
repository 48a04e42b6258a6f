package org.qtop.engine.seed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the books of one cache. Thread-safe; nothing on the way of a single seed comes here. */
final class Ledger {

    private final Map<String, Long> bitsByOrigin = new LinkedHashMap<>();
    private final Map<String, Long> seedsByOrigin = new LinkedHashMap<>();
    private final Map<String, SourceFault> setAside = new LinkedHashMap<>();
    private long made;
    private long discarded;
    private long reseeds;
    private String lastOrigin = OsSeedSource.NAME;

    synchronized void drew(String origin, long bytes) {
        bitsByOrigin.merge(origin, bytes * Byte.SIZE, Long::sum);
    }

    synchronized void reseeded(String origin) {
        reseeds++;
        lastOrigin = origin;
        setAside.remove(origin);
    }

    synchronized void made(int seeds) {
        made += seeds;
        seedsByOrigin.merge(lastOrigin, (long) seeds, Long::sum);
    }

    synchronized void discarded(int seeds) {
        discarded += seeds;
    }

    synchronized void setAside(SourceFault fault) {
        setAside.put(fault.origin(), fault);
    }

    synchronized SeedAccount account(int capacity, int available, long misses) {
        long taken = Math.max(0, made - discarded - available);
        return new SeedAccount(capacity, available, bitsByOrigin, seedsByOrigin, made, taken + misses, misses,
                discarded, reseeds, lastOrigin, new ArrayList<>(setAside.values()));
    }
}
