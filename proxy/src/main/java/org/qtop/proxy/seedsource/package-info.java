/**
 * Seed sources that need files or the network, found through {@link java.util.ServiceLoader} so that the engine stays
 * free of both.
 *
 * <p>May import the engine's {@code seed}. Must never log or keep a byte that it read.
 */
package org.qtop.proxy.seedsource;
