package org.qtop.engine.seed;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** One call of {@code preloadSeedsAsync}: a reseed, then blocks until the count is reached. A background task. */
abstract class Preload implements Runnable {

    final CompletableFuture<Long> done = new CompletableFuture<>();
    private final QuantumCache cache;
    private final long count;
    private final LongConsumer progress;
    private boolean reseeded;
    private long made;

    Preload(QuantumCache cache, long count, LongConsumer progress) {
        if (count < 1 || count > cache.capacity()) {
            throw new IllegalArgumentException(
                    "count " + count + ": 1 to the cache's capacity of " + cache.capacity() + " seeds");
        }
        this.cache = cache;
        this.count = count;
        this.progress = progress;
    }

    /** Reseeds from the source that was asked for. */
    abstract void reseed() throws IOException;

    @Override
    public void run() {
        try {
            if (!reseeded) {
                reseed();
                reseeded = true;
            }
            while (made < count && !done.isDone()) {
                int seeds = cache.fillBlock();
                if (seeds == 0) {
                    // A taker was interrupted between its ticket and its slot: let the executor do something else.
                    cache.execute(this, done);
                    return;
                }
                made += seeds;
                progress.accept(Math.min(made, count));
            }
            done.complete(count);
        } catch (IOException e) {
            done.completeExceptionally(e);
        }
    }
}
