package org.qtop.proxy.seedsource;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for something, but not for ever. Tests give one that loses patience when told to. */
@FunctionalInterface
interface Patience {

    /**
     * Waits.
     *
     * @throws TimeoutException when the time is over
     * @throws ExecutionException if it failed
     */
    <T> T await(CompletableFuture<T> something) throws TimeoutException, ExecutionException, InterruptedException;

    /** Waits for so long. */
    static Patience of(Duration limit) {
        return new Patience() {
            @Override
            public <T> T await(CompletableFuture<T> something)
                    throws TimeoutException, ExecutionException, InterruptedException {
                return something.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            }
        };
    }
}
