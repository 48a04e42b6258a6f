package org.qtop.proxy.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadSizesTest {

    private static final long MUCH = 1 << 20;

    private final AtomicLong open = new AtomicLong(1);
    private final ExtendedHandle handle = new ReadSizes(open::get, MUCH).newHandle();

    /** What the next read takes at most, after many that were filled. */
    private int nextAfterFullReads() {
        handle.reset(new DefaultChannelConfig(new EmbeddedChannel()));
        for (int i = 0; i < 20; i++) {
            read();
        }
        handle.readComplete();
        return read();
    }

    private int read() {
        ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        try {
            handle.attemptedBytesRead(buffer.writableBytes());
            handle.lastBytesRead(buffer.writableBytes());
            return buffer.writableBytes();
        } finally {
            buffer.release();
        }
    }

    @Test
    void readsGrowWhileFewConnectionsAreOpen() {
        open.set(ReadSizes.FEW);
        assertEquals(ReadSizes.LARGE, nextAfterFullReads());
    }

    @Test
    void readsStaySmallWhileManyAreOpen() {
        open.set(ReadSizes.FEW + 1);
        assertEquals(ReadSizes.SMALL, nextAfterFullReads());
    }

    @Test
    void readsThatHaveGrownShrinkOnceManyAreOpen() {
        nextAfterFullReads();
        open.set(ReadSizes.FEW + 1);
        assertEquals(ReadSizes.SMALL, read());
    }

    @Test
    void aFirstReadIsSmall() {
        assertEquals(2_048, read());
    }

    @Test
    void aChannelThatHasNotReadMuchLeavesItsLoopToOthers() {
        long total = 0;
        while (total < MUCH) {
            int inTurn = 0;
            handle.reset(new DefaultChannelConfig(new EmbeddedChannel()));
            do {
                int bytes = read();
                assertTrue(bytes <= ReadSizes.SMALL, () -> "read " + bytes);
                inTurn += bytes;
            } while (handle.continueReading(() -> true) && total + inTurn < MUCH);
            assertTrue(inTurn < 2 * ReadSizes.SMALL, "read " + inTurn + " in one turn");
            total += inTurn;
            handle.readComplete();
        }
        handle.reset(new DefaultChannelConfig(new EmbeddedChannel()));
        assertEquals(ReadSizes.LARGE, read());
        assertTrue(handle.continueReading(() -> true));
    }

    /** A read that gets so much, and the end of the loop's turn. */
    private void turn(int bytes) {
        handle.reset(new DefaultChannelConfig(new EmbeddedChannel()));
        handle.attemptedBytesRead(handle.guess());
        handle.lastBytesRead(bytes);
        handle.readComplete();
    }

    @Test
    void readsShrinkAfterTwoThatWereHalfEmpty() {
        turn(1_024);
        assertEquals(2_048, handle.guess());
        turn(1_025);
        assertEquals(2_048, handle.guess());
        turn(10);
        assertEquals(1_024, handle.guess());
        for (int i = 0; i < 20; i++) {
            turn(0);
        }
        assertEquals(64, handle.guess());
        turn(64);
        assertEquals(16 * 64, handle.guess());
    }
}
