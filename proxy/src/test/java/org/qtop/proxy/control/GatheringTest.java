package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private final Queue<Integer> sizes = new ArrayDeque<>();
    private final List<Long> pauses = new ArrayList<>();
    private final AtomicLong pauseNanos = new AtomicLong(7);
    private final Gathering gathering = new Gathering(new Pieces(), pauseNanos::get, pauses::add);

    /** Gives pieces of the sizes asked for, then the end. */
    private final class Pieces implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) {
            Integer size = sizes.poll();
            if (size == null) {
                return -1;
            }
            target.put(new byte[size]);
            return size;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            sizes.clear();
        }
    }

    private int read(int room) throws IOException {
        return gathering.read(ByteBuffer.allocate(room));
    }

    @Test
    void shouldLetTimePassOnceEverythingIsRead() throws IOException {
        sizes.addAll(List.of(3, 5));
        assertEquals(3, read(8));
        assertEquals(List.of(), pauses, "what comes first is read at once");
        assertEquals(5, read(8));
        assertEquals(List.of(7L), pauses);
        assertEquals(-1, read(8));
    }

    @Test
    void shouldReadOnAtOnceWhileThereIsMore() throws IOException {
        sizes.addAll(List.of(8, 8, 2));
        read(8);
        read(8);
        read(8);
        assertEquals(List.of(), pauses);
    }

    @Test
    void shouldNotLetTimePassWhileSomebodyWaits() throws IOException {
        sizes.addAll(List.of(1, 1, 1));
        read(8);
        pauseNanos.set(0);
        read(8);
        assertEquals(List.of(), pauses);
        pauseNanos.set(9);
        read(8);
        assertEquals(List.of(9L), pauses);
    }
}
