package org.qtop.proxy.seedsource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.seed.SeedAccount;

/** Devices that are there on every machine: a healthy one, a stuck one, and one that gives nothing. */
class DeviceSourceTest {

    private static final Patience LONG = Patience.of(Duration.ofSeconds(60));

    @TempDir
    private Path folder;

    private static SeedAccount accountOf(String device) throws IOException {
        try (QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY,
                List.of(new DeviceSeedSource(Path.of(device), LONG)), Runnable::run)) {
            return cache.account();
        }
    }

    @Test
    void shouldDrawFromADevice() throws IOException {
        SeedAccount account = accountOf("/dev/urandom");
        assertEquals("device", account.lastReseedOrigin());
        assertEquals(8192, account.bits("device"));
    }

    @Test
    void shouldSetAsideADeviceThatIsStuck() throws IOException {
        SeedAccount account = accountOf("/dev/zero");
        assertEquals("os", account.lastReseedOrigin());
        assertTrue(account.setAside().get(0).reason().contains("repetition count"));
    }

    @Test
    void shouldSetAsideADeviceThatEnds() throws IOException {
        assertTrue(accountOf("/dev/null").setAside().get(0).reason().contains("used up"));
    }

    @Test
    void shouldReadADeviceThatIsBack() throws IOException {
        Path name = Files.createSymbolicLink(folder.resolve("device"), Path.of("/dev/null"));
        DeviceSeedSource source = new DeviceSeedSource(name, LONG);
        byte[] bytes = new byte[8];
        assertEquals(-1, source.read(bytes, 0, 8));
        Files.delete(name);
        assertThrows(IOException.class, () -> source.read(bytes, 0, 8));
        Files.createSymbolicLink(name, Path.of("/dev/urandom"));
        assertEquals(8, source.read(bytes, 0, 8));
        source.close();
        Files.delete(name);
    }

    @Test
    void shouldRefuseWhatIsNoDevice() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertTrue(assertThrows(IOException.class, () -> new DeviceSeedSource(file, LONG)).getMessage()
                .contains("file:PATH"));
        assertThrows(IOException.class, () -> new DeviceSeedSource(folder, LONG));
        assertThrows(IOException.class, () -> new DeviceSeedSource(folder.resolve("missing"), LONG));
    }

    @Test
    void shouldNotWaitForEverAndUseWhatComesAtLast() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        boolean[] patient = new boolean[1];
        Patience patience = new Patience() {
            @Override
            public <T> T await(CompletableFuture<T> something)
                    throws TimeoutException, ExecutionException, InterruptedException {
                if (patient[0]) {
                    return LONG.await(something);
                }
                throw new TimeoutException();
            }
        };
        try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw");
                DeviceSeedSource source = new DeviceSeedSource(pipe, patience)) {
            byte[] into = new byte[8];
            for (int i = 0; i < 2; i++) {
                assertEquals("the device gave nothing in time",
                        assertThrows(IOException.class, () -> source.read(into, 0, 8)).getMessage());
            }
            patient[0] = true;
            writer.write(new byte[] {1, 2, 3});
            int got = source.read(into, 0, 8);
            assertArrayEquals(Arrays.copyOf(new byte[] {1, 2, 3}, got), Arrays.copyOf(into, got));
        }
    }
}
