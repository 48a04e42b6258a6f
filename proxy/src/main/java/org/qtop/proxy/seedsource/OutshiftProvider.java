package org.qtop.proxy.seedsource;

/** Makes {@code outshift} a seed source. Stateless and thread-safe. */
public final class OutshiftProvider extends HostedProvider {

    /** For {@link java.util.ServiceLoader}. */
    public OutshiftProvider() {
        super(new OutshiftService());
    }
}
