package org.qtop.engine.seed;

import java.util.List;
import java.util.Map;

/**
 * Where the seeds came from and where they went, at one moment. Immutable.
 *
 * @param capacity seeds that the cache can hold
 * @param available seeds in it now
 * @param bitsByOrigin raw bits that entered the generator, by origin; {@code os} is in every reseed
 * @param seedsByOrigin seeds made for the cache, by the origin of the reseed before them
 * @param made seeds made for the cache
 * @param handedOut seeds handed out, misses among them
 * @param misses seeds handed out straight from the generator because the cache was empty
 * @param discarded seeds wiped unused, because a preload replaced them
 * @param reseeds how often the generator was reseeded
 * @param lastReseedOrigin the source of the last reseed; {@code os} if none but the operating system
 * @param setAside sources that are not in use now, and why
 */
public record SeedAccount(int capacity, int available, Map<String, Long> bitsByOrigin,
        Map<String, Long> seedsByOrigin, long made, long handedOut, long misses, long discarded, long reseeds,
        String lastReseedOrigin, List<SourceFault> setAside) {

    /** Copies what could change. */
    public SeedAccount {
        bitsByOrigin = Map.copyOf(bitsByOrigin);
        seedsByOrigin = Map.copyOf(seedsByOrigin);
        setAside = List.copyOf(setAside);
    }

    /**
     * Gives the raw bits of one origin.
     *
     * @param origin a source's name
     * @return bits that entered the generator, 0 or more
     */
    public long bits(String origin) {
        return bitsByOrigin.getOrDefault(origin, 0L);
    }
}
