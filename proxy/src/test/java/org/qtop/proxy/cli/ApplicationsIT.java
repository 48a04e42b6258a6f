package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.stream.Kind;

/** What the README says of ssh, git, Java and Tor Browser, done to servers on loopback. */
@ExtendWith(PrivateNetworkExtension.class)
class ApplicationsIT {

    private static final int SIZE = 300_000;

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    private QtopChild run() throws IOException {
        return QtopChild.run(folder, network.socks(), network.control());
    }

    private static void assertReleased(QtopChild qtop, int count) throws Exception {
        assertTrue(qtop.releases(count).stream().allMatch(release -> release.matched()
                && release.kind() == Kind.CONNECT), qtop::said);
        qtop.stop();
    }

    private static String bytes(long seed, int size) throws IOException {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        Site.write(seed, size, out, new AtomicLong());
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({"nc, nc -X 5 -x 127.0.0.1:@ %h %p",
        "ncat, ncat --proxy-type socks5 --proxy 127.0.0.1:@ --proxy-dns remote %h %p",
        "connect, connect -R remote -S 127.0.0.1:@ %h %p"})
    void shouldServeSshThroughAProxyCommand(String program, String command) throws Exception {
        Tool.need("ssh", "ssh-keygen", "sshd", program);
        String text = bytes(1, SIZE);
        Path file = Files.writeString(folder.resolve("file"), text, StandardCharsets.ISO_8859_1);
        try (QtopChild qtop = run(); SshServer server = SshServer.start(folder)) {
            String proxyCommand = command.replace("@", "" + qtop.address().getPort());
            Tool.Outcome outcome = new Tool(folder).run(server.command(proxyCommand, "cat " + file)).good();
            assertTrue(text.equals(outcome.out()), () -> outcome.out().length() + " bytes, " + outcome.err());
            assertReleased(qtop, 1);
        }
    }

    /** A repository with some history; returns the commit to be cloned. */
    private String repository(Path bare) throws Exception {
        Tool git = new Tool(folder).with("GIT_CONFIG_NOSYSTEM", "1");
        Path work = folder.resolve("work");
        git.run("git", "init", "-q", work.toString()).good();
        for (int i = 0; i < 3; i++) {
            Files.writeString(work.resolve("file" + i), bytes(i, SIZE / 3), StandardCharsets.ISO_8859_1);
            git.run("git", "-C", work.toString(), "add", ".").good();
            git.run("git", "-C", work.toString(), "-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q",
                    "-m", "Add file " + i).good();
        }
        git.run("git", "clone", "-q", "--bare", work.toString(), bare.toString()).good();
        git.run("git", "-C", bare.toString(), "update-server-info").good();
        return git.run("git", "-C", work.toString(), "rev-parse", "HEAD").good().out();
    }

    private void assertCloned(String commit) throws Exception {
        Tool git = new Tool(folder);
        String clone = folder.resolve("clone").toString();
        assertEquals(commit, git.run("git", "-C", clone, "rev-parse", "HEAD").good().out());
        assertEquals("", git.run("git", "-C", clone, "status", "--porcelain").good().out());
        git.run("git", "-C", clone, "fsck", "--strict").good();
    }

    @Test
    void shouldServeGitOverSsh() throws Exception {
        Tool.need("git", "ssh", "ssh-keygen", "sshd", "nc");
        Path bare = folder.resolve("bare.git");
        String commit = repository(bare);
        try (QtopChild qtop = run(); SshServer server = SshServer.start(folder)) {
            String proxyCommand = "nc -X 5 -x 127.0.0.1:" + qtop.address().getPort() + " %h %p";
            new Tool(folder).with("GIT_SSH_COMMAND", server.gitCommand(proxyCommand)).run("git", "clone", "-q",
                    "ssh://" + server.place() + bare, folder.resolve("clone").toString()).good();
            assertCloned(commit);
            assertReleased(qtop, 1);
        }
    }

    @Test
    void shouldServeGitOverHttp() throws Exception {
        Tool.need("git");
        Path bare = folder.resolve("bare.git");
        String commit = repository(bare);
        HttpServer files = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        files.createContext("/", exchange -> {
            Path file = bare.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
            boolean there = file.startsWith(bare) && Files.isRegularFile(file);
            exchange.sendResponseHeaders(there ? 200 : 404, there && Files.size(file) > 0 ? Files.size(file) : -1);
            try (OutputStream out = exchange.getResponseBody()) {
                if (there) {
                    Files.copy(file, out);
                }
            }
        });
        files.start();
        try (QtopChild qtop = run()) {
            new Tool(folder).run("git", "-c", "http.proxy=socks5h://127.0.0.1:" + qtop.address().getPort(), "clone",
                    "-q", "http://" + Site.HOST + ":" + files.getAddress().getPort() + "/",
                    folder.resolve("clone").toString()).good();
            assertCloned(commit);
            assertReleased(qtop, 1);
        } finally {
            files.stop(0);
        }
    }

    @Test
    void shouldServeAJavaProxy() throws Exception {
        try (QtopChild qtop = run()) {
            Proxy proxy = new Proxy(Proxy.Type.SOCKS, qtop.address());
            URI page = URI.create("http://" + Site.HOST + ":" + site.port() + Site.page(1, SIZE));
            try (InputStream in = page.toURL().openConnection(proxy).getInputStream()) {
                assertEquals(Site.checksum(1, SIZE), Site.checksum(in, Site.Stall.NONE, new AtomicLong()));
            }
            try (Socket socket = new Socket(proxy)) {
                socket.connect(InetSocketAddress.createUnresolved(Site.HOST, site.port()));
                socket.getOutputStream().write(("GET " + Site.page(2, 1) + " HTTP/1.0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                assertTrue(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
                        .startsWith("HTTP/1.1 200 OK"));
            }
            assertReleased(qtop, 2);
        }
    }

    /** No Tor Browser is here: what is shown is what its starter would be told. */
    @Test
    void shouldTellTorBrowserToUseQtopInsteadOfATorOfItsOwn() throws Exception {
        Path starter = Files.createDirectories(folder.resolve("tor-browser/Browser")).resolve("start-tor-browser");
        Files.writeString(starter, "#!/bin/sh\nenv | grep ^TOR_ | sort\necho \"$@\"\n");
        assertTrue(starter.toFile().setExecutable(true));
        Tool tool = new Tool(folder).with("TOR_SOCKS_IPC_PATH", "/elsewhere").with("TOR_CONTROL_PASSWD", "old");
        String path = folder.resolve("tor-browser").toString();
        assertEquals(List.of("TOR_PROVIDER=none", "TOR_SKIP_LAUNCH=1", "TOR_SOCKS_HOST=127.0.0.1",
                "TOR_SOCKS_PORT=9150", "--verbose"),
                tool.run(Tool.script("tor-browser"), path, "--", "--verbose").good().out().lines().toList());
        assertEquals(List.of("TOR_CONTROL_COOKIE_AUTH_FILE=/run/tor/control.authcookie", "TOR_CONTROL_HOST=127.0.0.1",
                "TOR_CONTROL_PORT=9051", "TOR_SKIP_LAUNCH=1", "TOR_SOCKS_HOST=127.0.0.1", "TOR_SOCKS_PORT=9250", ""),
                tool.run(Tool.script("tor-browser"), path, "--port", "9250", "--control", "127.0.0.1:9051", "--cookie",
                        "/run/tor/control.authcookie").good().out().lines().toList());
        assertEquals(69, tool.run(Tool.script("tor-browser"), folder.toString()).code());
        assertEquals(2, tool.run(Tool.script("tor-browser"), path, "--wrong").code());
    }
}
