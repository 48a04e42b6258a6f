package org.qtop.engine.seed;

/**
 * Why a source was set aside. Immutable.
 *
 * @param origin the source's name
 * @param reason what went wrong, in one line
 * @param times how often it has failed in a row, 1 or more
 * @param retryAfter how many reseeds will pass it over before it is tried again, 1 or more
 */
public record SourceFault(String origin, String reason, int times, int retryAfter) {
}
