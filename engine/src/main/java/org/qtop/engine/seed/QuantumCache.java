package org.qtop.engine.seed;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * A bounded cache of single-use seeds of 64 bits. Thread-safe.
 *
 * <p>{@link #nextSeed} hands each seed out once and wipes it. It never blocks on a source: below half its capacity the
 * cache refills in the background, and when it is empty a seed comes straight from a generator of its own, which is
 * counted as a miss. A new cache works at once in this way, while it draws from its sources and fills for the first
 * time. It never repeats a seed and never returns a constant.
 *
 * <p>The name is the seed documents'. What is quantum about a seed is the origin of the bytes that reseeded the
 * generator before it, and {@link #account} says which that was; seeds of the operating system are called {@code os}.
 */
public final class QuantumCache implements AutoCloseable {

    /** The fewest seeds that a cache may hold. */
    public static final int MIN_CAPACITY = 100_000;
    /** Seeds that a cache holds unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 1_000_000;
    /** The most seeds that a cache may hold: 80 MB. */
    public static final int MAX_CAPACITY = 10_000_000;

    private final int capacity;
    private final SeedSettings settings;
    private final SerialExecutor background;
    private final Ledger ledger = new Ledger();
    private final SpareSeeds spare = new SpareSeeds();
    private final SeedGenerator generator = new SeedGenerator("cached seeds");
    private final Reseeder reseeder;
    private final SeedRing ring;
    private final AtomicBoolean refillQueued = new AtomicBoolean();
    /** Preloads that wait or run: they fill what is free, so a refill leaves it to them. */
    private final AtomicInteger preloads = new AtomicInteger();
    /** Guards filling, closing and counting against each other; held for one block at a time. */
    private final Object filling = new Object();
    private volatile boolean closed;

    /** Makes a cache of {@link #DEFAULT_CAPACITY} fed by the operating system's generator. */
    public QuantumCache() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * Makes a cache fed by the operating system's generator; {@code preloadSeedsAsync} can bring in other sources.
     *
     * @param capacity seeds to hold, {@link #MIN_CAPACITY} to {@link #MAX_CAPACITY}
     * @throws IllegalArgumentException if the capacity is out of range
     */
    public QuantumCache(int capacity) {
        this(capacity, List.of(), new CompletableFuture<Void>().defaultExecutor());
    }

    /**
     * Makes a cache.
     *
     * @param capacity seeds to hold, {@link #MIN_CAPACITY} to {@link #MAX_CAPACITY}
     * @param sources asked in this order; the cache closes them. None means the operating system alone
     * @param background where sources are read and seeds are made; a source may block it
     * @throws IllegalArgumentException if the capacity is out of range
     */
    public QuantumCache(int capacity, List<SeedSource> sources, Executor background) {
        this(capacity, sources, background, SeedSettings.DEFAULT);
    }

    /**
     * Makes a cache.
     *
     * @param capacity seeds to hold, {@link #MIN_CAPACITY} to {@link #MAX_CAPACITY}
     * @param sources asked in this order; the cache closes them. None means the operating system alone
     * @param background where sources are read and seeds are made; a source may block it
     * @param settings health limits, draws, and who is told of faults
     * @throws IllegalArgumentException if the capacity is out of range
     */
    public QuantumCache(int capacity, List<SeedSource> sources, Executor background, SeedSettings settings) {
        if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity " + capacity + ": " + MIN_CAPACITY + " to " + MAX_CAPACITY + " seeds");
        }
        this.capacity = capacity;
        this.settings = settings;
        this.background = new SerialExecutor(Objects.requireNonNull(background, "background"));
        reseeder = new Reseeder(sources, settings, generator, spare, ledger);
        ring = new SeedRing(capacity, SeedGenerator.REQUEST, this::queueRefill);
        queueRefill();
    }

    /**
     * Hands out a seed: every one of the 2^64 values is equally likely, save that 0 comes less often.
     *
     * @return a seed that was never handed out before
     * @throws IllegalStateException if the cache is closed
     */
    public long nextSeed() {
        long seed = ring.take();
        return seed != 0 ? seed : spareSeed();
    }

    private long spareSeed() {
        if (closed) {
            throw new IllegalStateException("the seed cache is closed");
        }
        return spare.next();
    }

    /**
     * Replaces seeds by new ones, made after a reseed from a named source.
     *
     * @param source {@code os}, the name of one of this cache's sources, or a source's text as
     *     {@link SeedSources#open} takes it; {@code cisco_qapi} means {@code outshift}
     * @param count seeds to make, 1 to the capacity; made in whole blocks, so a few more may be
     * @return completes with {@code count}, or with the reason why the source did not deliver; cancel it to stop
     * @throws IllegalArgumentException if the count is out of range
     */
    public CompletableFuture<Long> preloadSeedsAsync(String source, long count) {
        return preloadSeedsAsync(source, count, made -> { });
    }

    /**
     * Replaces seeds by new ones, made after a reseed from a named source, and tells how far it is.
     *
     * @param source as for {@link #preloadSeedsAsync(String, long)}
     * @param count seeds to make, 1 to the capacity
     * @param progress told how many of {@code count} are made, rising, on the background executor
     * @return completes with {@code count}, or with the reason why the source did not deliver
     * @throws IllegalArgumentException if the count is out of range
     */
    public CompletableFuture<Long> preloadSeedsAsync(String source, long count, LongConsumer progress) {
        Objects.requireNonNull(source, "source");
        return start(new Preload(this, count, progress) {
            @Override
            void reseed() throws IOException {
                SourceState known = reseeder.named(SeedSources.scheme(source));
                if (known != null) {
                    reseeder.reseedFrom(known);
                    return;
                }
                try (SeedSource opened = SeedSources.open(source, settings.sourceSettings())) {
                    reseeder.reseedFrom(reseeder.stateOf(opened));
                }
            }
        });
    }

    /**
     * Replaces seeds by new ones, made after a reseed from a source, and tells how far it is.
     *
     * @param source read on the background executor; left open
     * @param count seeds to make, 1 to the capacity
     * @param progress told how many of {@code count} are made, rising, on the background executor
     * @return completes with {@code count}, or with the reason why the source did not deliver
     * @throws IllegalArgumentException if the count is out of range
     */
    public CompletableFuture<Long> preloadSeedsAsync(SeedSource source, long count, LongConsumer progress) {
        Objects.requireNonNull(source, "source");
        return start(new Preload(this, count, progress) {
            @Override
            void reseed() throws IOException {
                reseeder.reseedFrom(reseeder.stateOf(source));
            }
        });
    }

    /**
     * Reseeds the generators now from the first source that delivers, those set aside included. Seeds that are in the
     * cache already stay.
     *
     * @return completes with the account afterwards
     */
    public CompletableFuture<SeedAccount> reseedAsync() {
        CompletableFuture<SeedAccount> done = new CompletableFuture<>();
        execute(() -> {
            reseeder.forgiveAll();
            reseeder.reseedFromFirst();
            done.complete(account());
        }, done);
        return done;
    }

    /**
     * Tells how many seeds it can hold.
     *
     * @return the capacity
     */
    public int capacity() {
        return capacity;
    }

    /**
     * Counts the seeds in it.
     *
     * @return 0 to the capacity
     */
    public int available() {
        return ring.available();
    }

    /**
     * Says where the seeds came from and where they went.
     *
     * @return the account at this moment
     */
    public SeedAccount account() {
        // Between two blocks, so that a block just filled is either in both counts or in neither.
        synchronized (filling) {
            return ledger.account(capacity, available(), spare.given());
        }
    }

    /** Wipes every seed, closes the sources, and lets nobody take more. */
    @Override
    public void close() {
        synchronized (filling) {
            closed = true;
            ledger.discarded(ring.wipeAll());
        }
        spare.wipe();
        for (SeedSource source : reseeder.all()) {
            try {
                source.close();
            } catch (IOException | RuntimeException e) {
                // Nothing will be read from it any more.
            }
        }
    }

    /** Fills one block; gives its seeds, or 0 if a taker is at work in it. Called on the background executor. */
    int fillBlock() {
        synchronized (filling) {
            if (closed) {
                throw new IllegalStateException("the seed cache is closed");
            }
            int seeds = ring.fill(generator::generate, ledger::discarded);
            ledger.made(seeds);
            return seeds;
        }
    }

    void execute(Runnable task, CompletableFuture<?> orFail) {
        try {
            background.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    // An error of a source must not end the tasks that wait behind it.
                    orFail.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            orFail.completeExceptionally(e);
        }
    }

    private CompletableFuture<Long> start(Preload preload) {
        preloads.incrementAndGet();
        preload.done.whenComplete((made, failure) -> {
            if (preloads.decrementAndGet() == 0 && !closed && !ring.full()) {
                queueRefill();
            }
        });
        execute(preload, preload.done);
        return preload.done;
    }

    private void queueRefill() {
        if (!refillQueued.get() && refillQueued.compareAndSet(false, true)) {
            CompletableFuture<Void> refill = new CompletableFuture<>();
            refill.whenComplete((nothing, failure) -> refillQueued.set(false));
            execute(() -> {
                refill();
                refill.complete(null);
            }, refill);
        }
    }

    private void refill() {
        if (closed) {
            return;
        }
        reseeder.reseedFromFirst();
        while (preloads.get() == 0 && !ring.full() && fillBlock() > 0) {
            // Until it is full, or takers are at work in every block that is free: they will ask again.
        }
    }
}
