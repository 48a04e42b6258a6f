package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.stream.Kind;

/** The first steps of the README, with the scripts that a person types. */
@ExtendWith(PrivateNetworkExtension.class)
class ScriptsIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PAGE = 30_000;

    @TempDir
    private Path folder;

    @Test
    void shouldRunOnAPrivateNetworkAndVerifyWhatItWrote(Site site) throws Exception {
        Tool.need("curl", "tor-resolve");
        try (QtopChild qtop = QtopChild.script(folder, "run", "--network", "private", "--listen", "127.0.0.1:0",
                "--status-listen", "none", "--journal", "journal")) {
            String port = Integer.toString(qtop.address().getPort());
            List<ProcessHandle> tors = qtop.tors();
            Tool tool = new Tool(Files.createDirectory(folder.resolve("clients")));
            Path page = folder.resolve("page");
            tool.run("curl", "-sS", "-x", "socks5h://127.0.0.1:" + port, "-o", page.toString(),
                    "http://" + Site.HOST + ":" + site.port() + Site.page(1, PAGE)).good();
            try (InputStream in = Files.newInputStream(page)) {
                assertEquals(Site.checksum(1, PAGE), Site.checksum(in, Site.Stall.NONE, new AtomicLong()));
            }
            assertEquals("127.0.0.1\n", tool.run("tor-resolve", "-5", "-p", port, Site.HOST).good().out());
            List<Release> releases = qtop.releases(2);
            assertEquals(List.of(Kind.CONNECT, Kind.RESOLVE), releases.stream().map(Release::kind).toList());
            assertTrue(releases.stream().allMatch(Release::matched), releases::toString);
            qtop.stop();
            assertEquals(List.of(), tors.stream().filter(QtopChild::runs).toList());
            qtop.assertNothingLeft();
        }
        try (QtopChild check = QtopChild.script(folder.resolve("verify"), "qtop", "verify",
                folder.resolve("journal").toString())) {
            assertEquals(ExitCode.OK.code(), check.exitCode(SOON), check::said);
            String verdict = check.out().get(check.out().size() - 1);
            assertTrue(verdict.contains("streams 2 ") && verdict.contains("violations 0"), check::said);
        }
    }
}
