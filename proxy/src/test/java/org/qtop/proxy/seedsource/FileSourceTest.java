package org.qtop.proxy.seedsource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording's bytes are used once each, whoever reads them and however often qtop is started. */
class FileSourceTest {

    private static final int SIZE = 10_000;

    @TempDir
    private Path folder;
    private Path file;
    private final byte[] recorded = new byte[SIZE];

    @BeforeEach
    void record() throws IOException {
        new SplittableRandom(7).nextBytes(recorded);
        file = Files.write(folder.resolve("recording"), recorded);
    }

    private static byte[] read(FileSeedSource source, int length) throws IOException {
        byte[] into = new byte[length + 2];
        int got = source.read(into, 1, length);
        assertEquals(0, into[0] | into[length + 1]);
        return got < 0 ? new byte[0] : Arrays.copyOfRange(into, 1, 1 + got);
    }

    @Test
    void shouldGiveEachByteOnceAcrossRuns() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int run = 0; run < 20; run++) {
            try (FileSeedSource source = new FileSeedSource(file)) {
                all.writeBytes(read(source, 300));
                all.writeBytes(read(source, 250));
            }
        }
        assertArrayEquals(recorded, all.toByteArray());
        try (FileSeedSource source = new FileSeedSource(file)) {
            assertEquals(-1, source.read(new byte[1], 0, 1));
        }
    }

    @Test
    void shouldGiveTwoReadersDifferentBytes() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        try (FileSeedSource one = new FileSeedSource(file); FileSeedSource other = new FileSeedSource(link)) {
            assertArrayEquals(Arrays.copyOfRange(recorded, 0, 100), read(one, 100));
            assertArrayEquals(Arrays.copyOfRange(recorded, 100, 200), read(other, 100));
            assertArrayEquals(Arrays.copyOfRange(recorded, 200, 300), read(one, 100));
        }
    }

    @Test
    void shouldNoteBytesAsUsedBeforeItReadsThem() throws IOException {
        FileSeedSource source = new FileSeedSource(file);
        read(source, 1024);
        assertTrue(Files.readString(folder.resolve("recording.used")).startsWith("used 1024 head 1024 "));
        source.close();
        assertThrows(IOException.class, () -> read(source, 10));
    }

    @Test
    void shouldLookWithoutUsingAnything() throws IOException {
        try (FileSeedSource look = new FileSeedSource(file, true)) {
            assertArrayEquals(Arrays.copyOfRange(recorded, 0, 100), read(look, 100));
            assertArrayEquals(Arrays.copyOfRange(recorded, 100, 150), read(look, 50));
            assertTrue(Files.notExists(folder.resolve("recording.used")));
        }
        try (FileSeedSource source = new FileSeedSource(file); FileSeedSource look = new FileSeedSource(file, true)) {
            assertArrayEquals(Arrays.copyOfRange(recorded, 0, 100), read(source, 100));
            assertArrayEquals(Arrays.copyOfRange(recorded, 100, 200), read(look, 100));
            assertArrayEquals(Arrays.copyOfRange(recorded, 100, 200), read(source, 100));
        }
    }

    @Test
    void shouldGoOnInARecordingThatGrew() throws IOException {
        try (FileSeedSource source = new FileSeedSource(file)) {
            read(source, SIZE);
        }
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        try (FileSeedSource source = new FileSeedSource(file)) {
            assertArrayEquals(new byte[] {1, 2, 3}, read(source, 100));
        }
    }

    @Test
    void shouldRefuseAnotherRecordingUnderTheSameName() throws IOException {
        new FileSeedSource(file).close();
        recorded[17]++;
        Files.write(file, recorded);
        refused("another recording");
    }

    @Test
    void shouldRefuseANoteThatIsNoneOfOurs() throws IOException {
        Files.writeString(folder.resolve("recording.used"), "x".repeat(2_000));
        refused("longer than any");
        Files.writeString(folder.resolve("recording.used"), "used many");
        refused("something else");
    }

    @Test
    void shouldRefuseARecordingWhoseUseCannotBeNoted() throws IOException {
        Files.createDirectory(folder.resolve("recording.used"));
        refused("recording.used");
    }

    private void refused(String why) {
        IOException e = assertThrows(IOException.class, () -> new FileSeedSource(file));
        assertTrue(e.getMessage().contains("cannot be noted") && e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void shouldRefuseADevice() {
        IOException e = assertThrows(IOException.class, () -> new FileSeedSource(Path.of("/dev/zero")));
        assertTrue(e.getMessage().contains("device:PATH"), e.getMessage());
    }
}
