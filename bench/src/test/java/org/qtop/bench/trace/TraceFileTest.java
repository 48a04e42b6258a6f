package org.qtop.bench.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {

    @TempDir
    private Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private Path file() {
        return folder.resolve("a.trace");
    }

    private Trace anyTrace() {
        Trace.Builder trace = new Trace.Builder();
        long time = random.nextLong();
        for (int left = random.nextInt(200); left > 0; left--) {
            trace.add(time, random.nextBoolean(), 1 + (random.nextInt() >>> 1 + random.nextInt(30)));
            time += random.nextLong() >>> 1 + random.nextInt(63);
            time += random.nextInt(2);
        }
        return trace.build();
    }

    private Flow anyFlow(int id) {
        return new Flow(id, random.nextInt(), random.nextInt(), random.nextLong(), anyTrace(), anyTrace(), anyTrace());
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        List<Trace> traces = IntStream.range(0, 200).mapToObj(i -> fitting()).toList();
        for (Trace trace : traces) {
            TraceFile.write(file(), trace);
            assertEquals(trace, TraceFile.read(file()), () -> "seed " + seed);
        }
        TraceFile.write(file(), Trace.EMPTY);
        assertEquals(Trace.EMPTY, TraceFile.read(file()));
    }

    /** Times that wrap round the end of long more than once cannot be told apart from times that go back. */
    private Trace fitting() {
        while (true) {
            try {
                return anyTrace();
            } catch (IllegalArgumentException wrapped) {
                // The next one.
            }
        }
    }

    @Test
    void shouldKeepToTheDocumentedForm() throws IOException {
        TraceFile.write(file(), new Trace.Builder().add(-1, true, 64).add(299, false, 1).build());
        byte[] all = Files.readAllBytes(file());
        assertArrayEquals(new byte[] {'q', 't', 'o', 'p', 't', 'r', 'c', '1', 2, 1, 0, (byte) 0x81, 1, (byte) 0xac, 2,
            2}, Arrays.copyOf(all, all.length - 4));
    }

    @Test
    void shouldRefuseEveryCutAndEveryFlippedBit() throws IOException {
        TraceFile.write(file(), new Trace.Builder().add(5, true, 600).add(9_000, false, 1_448).build());
        byte[] all = Files.readAllBytes(file());
        for (int length = 0; length < all.length; length++) {
            Files.write(file(), Arrays.copyOf(all, length));
            assertThrows(TraceException.class, () -> TraceFile.read(file()), "cut to " + length);
        }
        for (int bit = 0; bit < 8 * all.length; bit++) {
            byte[] flipped = all.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file(), flipped);
            int which = bit;
            TraceException bad =
                    assertThrows(TraceException.class, () -> TraceFile.read(file()), () -> "bit " + which);
            assertTrue(bad.getMessage().startsWith(file() + ": "), bad.getMessage());
        }
    }

    @Test
    void shouldRefuseAnyRubbishCleanly() {
        for (int round = 0; round < 20_000; round++) {
            byte[] rubbish = new byte[random.nextInt(60)];
            random.nextBytes(rubbish);
            if (rubbish.length > 0) {
                rubbish[0] &= 7;
            }
            var in = java.nio.ByteBuffer.wrap(rubbish);
            try {
                Octets.readTrace(in);
            } catch (TraceException refused) {
                assertTrue(!refused.getMessage().isBlank());
            } catch (RuntimeException broken) {
                throw new AssertionError("seed " + seed + ": " + Arrays.toString(rubbish), broken);
            }
        }
    }

    @Test
    void shouldKeepFlowsAndGoOnBehindATornRecord() throws IOException {
        List<Flow> flows = IntStream.range(0, 20).mapToObj(this::fittingFlow).toList();
        Path store = folder.resolve("flows");
        long before = 0;
        try (FlowStore out = FlowStore.open(store)) {
            for (Flow flow : flows) {
                before = Files.size(store);
                out.add(flow);
            }
        }
        assertEquals(flows, FlowStore.read(store), () -> "seed " + seed);
        byte[] all = Files.readAllBytes(store);
        for (long length = before + 1; length < all.length; length += 1 + random.nextInt(50)) {
            Files.write(store, Arrays.copyOf(all, (int) length));
            assertThrows(TraceException.class, () -> FlowStore.read(store));
            try (FlowStore out = FlowStore.open(store)) {
                assertEquals(flows.subList(0, 19), out.flows());
                assertTrue(!out.contains(19));
                out.add(flows.get(19));
                assertThrows(IllegalArgumentException.class, () -> out.add(flows.get(19)));
            }
            assertArrayEquals(all, Files.readAllBytes(store), () -> "seed " + seed);
        }
    }

    private Flow fittingFlow(int id) {
        while (true) {
            try {
                return anyFlow(id);
            } catch (IllegalArgumentException wrapped) {
                // The next one.
            }
        }
    }

    @Test
    void shouldRefuseADamagedOrForeignStore() throws IOException {
        Path store = folder.resolve("flows");
        try (FlowStore out = FlowStore.open(store)) {
            out.add(fittingFlow(0));
            out.add(fittingFlow(1));
        }
        byte[] all = Files.readAllBytes(store);
        all[14] ^= 1;
        Files.write(store, all);
        assertThrows(TraceException.class, () -> FlowStore.open(store));
        assertThrows(TraceException.class, () -> FlowStore.read(store));
        Files.writeString(store, "something else");
        assertThrows(TraceException.class, () -> FlowStore.open(store));
    }
}
