package org.qtop.engine.seed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntConsumer;

/**
 * A bounded ring of single-use seeds, in blocks of one flat array. Any number of threads take; one at a time fills.
 *
 * <p>A thread takes a ticket from the current block's counter. The ticket names a slot that no other thread can name,
 * until the block is filled again; and it is filled again only when every slot reads 0, which is what each taker leaves
 * behind. So a seed is handed out once, whatever the threads do, for one atomic step.
 */
final class SeedRing {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CURRENT;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CURRENT = lookup.findVarHandle(SeedRing.class, "current", Block.class);
            NEXT = lookup.findVarHandle(Block.class, "next", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] slots;
    private final Block[] blocks;
    private final Runnable lowWater;
    private volatile Block current;
    /** The block to fill next; only the one who fills looks at it. */
    private Block filling;

    /**
     * Makes an empty ring.
     *
     * @param capacity seeds it can hold
     * @param blockSize seeds in a block; the last may be smaller
     * @param lowWater called by a taker who finds less than half of it filled; must not block
     */
    SeedRing(int capacity, int blockSize, Runnable lowWater) {
        this.lowWater = lowWater;
        slots = new long[capacity];
        blocks = new Block[(capacity + blockSize - 1) / blockSize];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new Block(i * blockSize, Math.min(blockSize, capacity - i * blockSize));
        }
        for (int i = 0; i < blocks.length; i++) {
            blocks[i].following = blocks[(i + 1) % blocks.length];
            blocks[i].halfWay = blocks[(i + (blocks.length + 1) / 2) % blocks.length];
        }
        current = blocks[0];
        filling = blocks[0];
    }

    /** Takes a seed, or 0 when there is none. */
    long take() {
        Block block = current;
        long ticket = (long) NEXT.getAndAdd(block, 1L);
        return ticket < block.size ? wipe(block, ticket) : takeFromFollowing(block);
    }

    private long takeFromFollowing(Block exhausted) {
        Block block = exhausted;
        while (true) {
            Block following = block.following;
            if (following.exhausted()) {
                lowWater.run();
                return 0;
            }
            CURRENT.compareAndSet(this, block, following);
            block = current;
            if (block.halfWay.exhausted()) {
                lowWater.run();
            }
            long ticket = (long) NEXT.getAndAdd(block, 1L);
            if (ticket < block.size) {
                return wipe(block, ticket);
            }
        }
    }

    private long wipe(Block block, long ticket) {
        int slot = block.base + (int) ticket;
        long seed = slots[slot];
        SLOT.setRelease(slots, slot, 0L);
        return seed;
    }

    /** Tells whether the block that would be filled next still has seeds, which makes the ring full. */
    boolean full() {
        return !filling.exhausted();
    }

    /**
     * Fills the next block, wiping first what nobody has taken from it. One caller at a time.
     *
     * @param generator where seeds come from
     * @param discarded told how many seeds were wiped unused
     * @return how many were put in, or 0 if a taker is still at work in the block: try again later
     */
    int fill(SeedGenerator generator, IntConsumer discarded) {
        Block block = filling;
        discarded.accept(drain(block));
        for (int slot = block.base; slot < block.base + block.size; slot++) {
            if ((long) SLOT.getAcquire(slots, slot) != 0) {
                return 0;
            }
        }
        generator.generate(slots, block.base, block.size);
        NEXT.setRelease(block, 0L);
        filling = block.following;
        return block.size;
    }

    private int drain(Block block) {
        if (block.exhausted()) {
            return 0;
        }
        long from = (long) NEXT.getAndAdd(block, (long) block.size);
        for (long ticket = from; ticket < block.size; ticket++) {
            wipe(block, ticket);
        }
        return (int) Math.max(0, block.size - from);
    }

    /** Wipes every seed that nobody has taken. Same caller as {@link #fill}. */
    int wipeAll() {
        int wiped = 0;
        for (Block block : blocks) {
            wiped += drain(block);
        }
        return wiped;
    }

    /** Counts the seeds in it; exact when nobody takes meanwhile. */
    int available() {
        long sum = 0;
        for (Block block : blocks) {
            sum += Math.max(0, block.size - block.next);
        }
        return (int) sum;
    }

    private static final class Block {
        final int base;
        final int size;
        Block following;
        Block halfWay;
        /** The next ticket; at {@code size} or more the block is exhausted, as it is before it is first filled. */
        volatile long next;

        Block(int base, int size) {
            this.base = base;
            this.size = size;
            this.next = size;
        }

        boolean exhausted() {
            return next >= size;
        }
    }
}
