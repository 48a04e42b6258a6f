package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.security.Permission;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Watches which names this virtual machine looks up: the JDK asks a security manager before each. */
public final class LookUps {

    /** What is watched. */
    public interface Work {
        /** Does it. */
        void run() throws IOException;
    }

    private LookUps() {
    }

    /** Gives the names, addresses written as names left out. */
    @SuppressWarnings("removal")
    public static List<String> during(Work work) throws IOException {
        List<String> names = new CopyOnWriteArrayList<>();
        System.setSecurityManager(new SecurityManager() {
            @Override
            public void checkConnect(String host, int port) {
                if (port == -1 && !host.matches("[0-9.]+|[0-9a-fA-F:]+")) {
                    names.add(host);
                }
            }

            @Override
            public void checkPermission(Permission permission) {
                // Everything is allowed.
            }

            @Override
            public void checkPermission(Permission permission, Object context) {
                // Everything is allowed.
            }

            @Override
            public void checkConnect(String host, int port, Object context) {
                checkConnect(host, port);
            }
        });
        try {
            work.run();
        } finally {
            System.setSecurityManager(null);
        }
        return names;
    }
}
