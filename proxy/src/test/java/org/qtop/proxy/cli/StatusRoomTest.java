package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.status.StatusClient;
import org.qtop.proxy.status.StatusServer;
import org.qtop.proxy.status.Subject;

/** Where the status is told, and when that stops a run. */
class StatusRoomTest {

    @TempDir
    private Path folder;

    private static Subject nothing(Settings settings) {
        return new Subject("", null, null, "", settings, null, null, null, null, null, null, null, () -> true,
                null);
    }

    private static Optional<StatusServer> start(Settings settings) throws Failure {
        return StatusRoom.start(settings, nothing(settings), Console.standardError());
    }

    @Test
    void shouldGoOnWithoutTheUsualPortButNotWithoutTheOneAskedFor() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Settings given = Settings.of(Map.of(Setting.STATUS_LISTEN, "127.0.0.1:" + taken.getLocalPort()), Map.of());
            Failure failure = assertThrows(Failure.class, () -> start(given));
            assertEquals(ExitCode.LISTEN, failure.exitCode());
            assertTrue(failure.getMessage().contains("--status-listen 127.0.0.1:" + taken.getLocalPort()),
                    failure.getMessage());
            Settings usual = new Settings(given.listen(), given.allow(), given.torSocks(), given.torHttp(),
                    given.torControl(), given.controlCookie(), given.controlPasswordFile(), given.network(),
                    given.dataDir(), 0, 0, 0, given.holdAt(), given.seeds(), "os",
                    given.seedAccess(), given.journal(), given.onViolation(),
                    false, 1, 0, given.statusListen(), "info", "text", Set.of());
            assertEquals(Optional.empty(), start(usual));
        }
        assertEquals(Optional.empty(), start(Settings.of(Map.of(Setting.STATUS_LISTEN, "none"), Map.of())));
    }

    @Test
    void shouldListenOnASocketOfItsOwnerAlone() throws Exception {
        Path socket = folder.resolve("status");
        Settings settings = Settings.of(Map.of(Setting.STATUS_LISTEN, "unix:" + socket), Map.of());
        try (StatusServer server = start(settings).orElseThrow()) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals("alive\n", StatusClient.get(server.address(), "/healthz"));
            assertThrows(Failure.class, () -> start(settings), "another qtop must not take it over");
        }
        assertTrue(Files.notExists(socket));
    }

    @Test
    void shouldTakeASocketThatAKilledRunLeftButNoFile() throws Exception {
        Path socket = folder.resolve("left");
        Settings settings = Settings.of(Map.of(Setting.STATUS_LISTEN, "unix:" + socket), Map.of());
        leave(socket);
        try (StatusServer server = start(settings).orElseThrow()) {
            assertEquals("alive\n", StatusClient.get(server.address(), "/healthz"));
        }
        Files.writeString(socket, "somebody's");
        assertThrows(Failure.class, () -> start(settings));
        assertEquals("somebody's", Files.readString(socket));
    }

    private static void leave(Path socket) throws IOException {
        try (var channel = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            channel.bind(java.net.UnixDomainSocketAddress.of(socket));
        }
    }
}
