package org.qtop.proxy.cli;

import java.io.IOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.qtop.proxy.privatenet.NetworkProgress;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** One private network and one site on it for all test classes that ask, from the first that does to the last. */
public final class PrivateNetworkExtension implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(PrivateNetworkExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == PrivateNetwork.class || type == Site.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE).computeIfAbsent(type, this::start);
    }

    private Object start(Class<?> type) {
        try {
            return type == Site.class ? Site.start()
                    : PrivateNetwork.start(PrivateNetwork.Settings.defaults(), NetworkProgress.NONE);
        } catch (IOException e) {
            throw new AssertionError("no private network: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
