package org.qtop.proxy.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.config.Listen;

class UnixSocketFileTest {

    @TempDir
    private Path folder;

    private Path path() {
        return folder.resolve("socks");
    }

    private static ServerSocketChannel listen(Path path) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
    }

    @Test
    void shouldTakeItsPlaceWithItsModeAndLeaveNothingElse() throws Exception {
        UnixSocketFile file = UnixSocketFile.prepare(path());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.bindAt()
                .getParent())));
        try (ServerSocketChannel listener = listen(file.bindAt())) {
            assertFalse(Files.exists(path()));
            file.publish(Listen.OWNER_ONLY);
            assertEquals(Listen.OWNER_ONLY, Files.getPosixFilePermissions(path()));
            SocketChannel.open(UnixDomainSocketAddress.of(path())).close();
            listener.accept().close();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(1, left.count());
        }
        file.remove();
        file.remove();
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldReplaceTheSocketOfTheDead() throws Exception {
        listen(path()).close();
        assertTrue(Files.exists(path()));
        UnixSocketFile file = UnixSocketFile.prepare(path());
        try (ServerSocketChannel listener = listen(file.bindAt())) {
            file.publish(PosixFilePermissions.fromString("rw-rw----"));
            SocketChannel.open(UnixDomainSocketAddress.of(path())).close();
            listener.accept().close();
        }
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
    }

    @Test
    void shouldLeaveTheSocketOfTheLivingAlone() throws Exception {
        try (ServerSocketChannel listener = listen(path())) {
            assertThrows(BindException.class, () -> UnixSocketFile.prepare(path()));
            SocketChannel.open(UnixDomainSocketAddress.of(path())).close();
            listener.accept().close();
        }
    }

    @Test
    void shouldLeaveAFileAloneThatIsNoSocket() throws Exception {
        Files.writeString(path(), "precious");
        IOException e = assertThrows(IOException.class, () -> UnixSocketFile.prepare(path()));
        assertTrue(e.getMessage().contains("not a socket"), e.getMessage());
        assertEquals("precious", Files.readString(path()));
    }

    @Test
    void shouldNotTakeAwayTheSocketOfASuccessor() throws Exception {
        UnixSocketFile file = UnixSocketFile.prepare(path());
        listen(file.bindAt()).close();
        file.publish(Listen.OWNER_ONLY);
        Files.delete(path());
        try (ServerSocketChannel successor = listen(path())) {
            Path other = folder.resolve("other");
            listen(other).close();
            file.remove();
            assertTrue(Files.exists(path()) && successor.isOpen());
        }
    }

    @Test
    void shouldRefuseAPathThatTheKernelDoesNotTake() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("d".repeat(90)));
        assertThrows(IOException.class, () -> UnixSocketFile.prepare(deep.resolve("s")));
        assertThrows(IOException.class, () -> UnixSocketFile.checkFree(folder.resolve("s".repeat(200))));
        try (Stream<Path> left = Files.list(deep)) {
            assertEquals(0, left.count());
        }
    }
}
