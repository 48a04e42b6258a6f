package org.qtop.proxy.control;

import java.util.concurrent.ThreadFactory;

/** Makes this room's threads: daemons, so that none keeps a program alive, with a name that says what they do. */
final class DaemonThreads {

    private DaemonThreads() {
    }

    /**
     * A factory of threads with one name.
     *
     * @param name shown in thread dumps
     * @return the factory
     */
    static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
