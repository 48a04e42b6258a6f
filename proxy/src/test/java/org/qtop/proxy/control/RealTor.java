package org.qtop.proxy.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Tor in a temporary folder, off the network, ended with this object or with this JVM. For tests. */
final class RealTor implements AutoCloseable {

    /**
     * Opens its SocksPort though it knows no network: its only authority is a port on loopback where nothing listens,
     * so that it reaches for nothing else.
     */
    static final String[] ON_LOOPBACK = {"DisableNetwork 0", "ClientOnly 1", "TestingTorNetwork 1",
        "DirAuthority none orport=1 no-v2 v3ident=" + "A".repeat(40) + " 127.0.0.1:1 " + "B".repeat(40)};

    private static final long START_SECONDS = 30;

    private final Path folder;
    private final List<String> extra;
    private Process process;
    private int port;

    private RealTor(Path folder, List<String> extra) {
        this.folder = folder;
        this.extra = extra;
    }

    /** Starts a Tor with these further lines of configuration, and waits until its control port is written down. */
    static RealTor start(Path folder, String... extra) {
        RealTor tor = new RealTor(folder, Arrays.asList(extra));
        tor.start("auto");
        return tor;
    }

    InetSocketAddress control() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    Path cookie() {
        return folder.resolve("data/control_auth_cookie");
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Ends this Tor as kill -9 does. */
    void kill() {
        process.destroyForcibly();
        join();
    }

    /** Starts it again on the control port that it had. */
    void startAgain() {
        start("127.0.0.1:" + port);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            join();
        }
    }

    private void start(String controlPort) {
        try {
            Path data = folder.resolve("data");
            Files.createDirectories(data);
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
            Path written = folder.resolve("port");
            Files.deleteIfExists(written);
            Files.deleteIfExists(cookie());
            List<String> lines = new ArrayList<>(List.of("DataDirectory " + data, "DisableNetwork 1", "SocksPort auto",
                    "ControlPort " + controlPort, "ControlPortWriteToFile " + written,
                    "__OwningControllerProcess " + ProcessHandle.current().pid(),
                    "Log notice file " + folder + "/log"));
            lines.addAll(extra);
            Path torrc = folder.resolve("torrc");
            Files.write(torrc, lines);
            process = new ProcessBuilder("tor", "-f", torrc.toString(), "--defaults-torrc", "/dev/null", "--quiet")
                    .redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start();
            port = Await.value(START_SECONDS, () -> writtenPort(written));
            if (extra.contains("CookieAuthentication 1")) {
                // Tor writes its port down before its cookie.
                Await.until(() -> Files.exists(cookie()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Integer writtenPort(Path written) {
        try {
            if (!process.isAlive()) {
                throw new IllegalStateException("tor ended: " + Files.readString(folder.resolve("out")));
            }
            return Files.exists(written)
                    ? Files.readString(written).lines().filter(line -> line.startsWith("PORT=127.0.0.1:")).findFirst()
                            .map(line -> Integer.valueOf(line.substring(line.lastIndexOf(':') + 1))).orElse(null)
                    : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void join() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
