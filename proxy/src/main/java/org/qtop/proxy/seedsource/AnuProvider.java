package org.qtop.proxy.seedsource;

/** Makes {@code anu} a seed source. Stateless and thread-safe. */
public final class AnuProvider extends HostedProvider {

    /** For {@link java.util.ServiceLoader}. */
    public AnuProvider() {
        super(new AnuService());
    }
}
