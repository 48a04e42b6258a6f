package org.qtop.engine.seed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.function.IntConsumer;

/**
 * A bounded ring of single-use seeds, in blocks of one flat array. Any number of threads take; one at a time fills.
 *
 * <p>A thread takes a ticket from the current block's counter. The ticket names a slot that no other thread can name,
 * until the block is filled again; and it is filled again only when every slot reads 0, which is what each taker leaves
 * behind. So a seed is handed out once, whatever the threads do, for one atomic step: a thread that still looks at a
 * block of long ago either finds it exhausted or takes a good ticket from it.
 *
 * <p>A block is in one place: it is current, or among the filled ones, or among the free ones, or with the one who
 * fills. It changes place under a lock, once in a block's worth of seeds and for some nanoseconds.
 */
final class SeedRing {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle NEXT;

    static {
        try {
            NEXT = MethodHandles.lookup().findVarHandle(Block.class, "next", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] slots;
    private final Block[] blocks;
    private final Runnable lowWater;
    volatile Block current = new Block(0, 0);
    /** Guarded by {@code places}: the oldest first. */
    private final ArrayDeque<Block> filled;
    /** Guarded by {@code places}: the one free for longest first. */
    private final ArrayDeque<Block> free;
    private final Object places = new Object();
    /** How many are filled, for those who need not be sure. */
    private volatile int filledBlocks;

    /**
     * Makes an empty ring.
     *
     * @param capacity seeds it can hold
     * @param blockSize seeds in a block; the last may be smaller
     * @param lowWater called by a taker who leaves less than half of it filled; must not block
     */
    SeedRing(int capacity, int blockSize, Runnable lowWater) {
        this.lowWater = lowWater;
        slots = new long[capacity];
        blocks = new Block[(capacity + blockSize - 1) / blockSize];
        filled = new ArrayDeque<>(blocks.length);
        free = new ArrayDeque<>(blocks.length);
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new Block(i * blockSize, Math.min(blockSize, capacity - i * blockSize));
            free.add(blocks[i]);
        }
    }

    /** Takes a seed, or 0 when there is none. */
    long take() {
        Block block = current;
        long ticket = (long) NEXT.getAndAdd(block, 1L);
        return ticket < block.size ? wipe(block, ticket) : takeFromNext(block);
    }

    private long takeFromNext(Block exhausted) {
        Block block = exhausted;
        while (true) {
            boolean moved = moveOn(block);
            if (filledBlocks < blocks.length / 2) {
                lowWater.run();
            }
            if (!moved) {
                return 0;
            }
            block = current;
            long ticket = (long) NEXT.getAndAdd(block, 1L);
            if (ticket < block.size) {
                return wipe(block, ticket);
            }
        }
    }

    /**
     * Makes the oldest filled block current in place of this one, which was exhausted; false if there is none. A caller
     * that was kept long from here may find that it has been filled meanwhile, and is current again.
     */
    boolean moveOn(Block from) {
        if (filledBlocks == 0 && current == from) {
            return from.next < from.size;
        }
        synchronized (places) {
            if (current != from || from.next < from.size) {
                return true;
            }
            if (filled.isEmpty()) {
                return false;
            }
            current = filled.poll();
            filledBlocks = filled.size();
            if (from.size > 0) {
                free.add(from);
            }
            return true;
        }
    }

    private long wipe(Block block, long ticket) {
        int slot = block.base + (int) ticket;
        long seed = slots[slot];
        SLOT.setRelease(slots, slot, 0L);
        return seed;
    }

    /** Tells whether there is no block to fill without wiping seeds that nobody took. */
    boolean full() {
        synchronized (places) {
            return free.isEmpty();
        }
    }

    /**
     * Fills a free block, or if there is none the one with the oldest seeds, wiping these first. One caller at a time.
     *
     * @param filler where seeds come from
     * @param discarded told how many seeds were wiped unused
     * @return how many were put in, or 0 if takers are still at work in every block that could be filled: try again
     */
    int fill(Filler filler, IntConsumer discarded) {
        Block block = free(null);
        if (block == null) {
            block = oldest();
            discarded.accept(drain(block));
        }
        for (int tries = 1; !wiped(block); tries++) {
            block = free(block);
            if (tries > blocks.length) {
                giveBack(block);
                return 0;
            }
        }
        filler.fill(slots, block.base, block.size);
        NEXT.setRelease(block, 0L);
        synchronized (places) {
            filled.add(block);
            filledBlocks = filled.size();
        }
        return block.size;
    }

    /** Gives a free block, in exchange for another or not, or null if there is none. */
    private Block free(Block inExchange) {
        synchronized (places) {
            if (inExchange != null) {
                free.add(inExchange);
            }
            return free.poll();
        }
    }

    private void giveBack(Block block) {
        synchronized (places) {
            free.add(block);
        }
    }

    /** Gives the block with the oldest seeds: the current one, unless nobody has taken any yet. */
    private Block oldest() {
        synchronized (places) {
            Block block = current;
            if (block.size == 0) {
                block = filled.poll();
            } else {
                current = filled.isEmpty() ? new Block(0, 0) : filled.poll();
            }
            filledBlocks = filled.size();
            return block;
        }
    }

    private boolean wiped(Block block) {
        for (int slot = block.base; slot < block.base + block.size; slot++) {
            if ((long) SLOT.getAcquire(slots, slot) != 0) {
                return false;
            }
        }
        return true;
    }

    private int drain(Block block) {
        if (block.next >= block.size) {
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

    /** Puts seeds into slots. */
    @FunctionalInterface
    interface Filler {

        /** Writes {@code count} seeds, none of them 0, from index {@code from} on. */
        void fill(long[] into, int from, int count);
    }

    static final class Block {
        final int base;
        final int size;
        /** The next ticket; at {@code size} or more the block is exhausted, as it is before it is first filled. */
        volatile long next;

        Block(int base, int size) {
            this.base = base;
            this.size = size;
            this.next = size;
        }
    }
}
