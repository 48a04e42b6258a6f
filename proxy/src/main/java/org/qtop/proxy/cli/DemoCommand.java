package org.qtop.proxy.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qtop demo}: the whole thing on one machine, with a private Tor network and a web server of its own. */
@Command(name = "demo", mixinStandardHelpOptions = true,
        description = "Bring up a private Tor network on loopback, send 30 streams of three logins through qtop, and"
                + " show what was held.")
final class DemoCommand implements Callable<Integer> {

    private static final int STREAMS = 30;
    private static final long RECORD_WAIT_NANOS = TimeUnit.SECONDS.toNanos(15);

    @Option(names = "--json", description = "print one JSON object on standard output, progress on standard error")
    private boolean json;

    @Override
    public Integer call() throws Failure {
        Console console = json ? Console.standardError() : Console.standardOutput();
        return Shutdown.run(shutdown -> run(console)).code();
    }

    private ExitCode run(Console console) throws Failure, InterruptedException {
        Settings settings;
        try {
            settings = Settings.of(Map.of(Setting.NETWORK, "private", Setting.LISTEN, "127.0.0.1:0",
                    Setting.STATUS_LISTEN, "none"), System.getenv());
        } catch (SettingException e) {
            throw Failure.of(e);
        }
        try (Qtop qtop = Qtop.start(settings, console); DemoSite site = DemoSite.start()) {
            console.progress("sending " + STREAMS + " streams through " + Values.text(qtop.address()));
            int arrived = site.fetchThrough(qtop.address(), STREAMS);
            awaitRecords(qtop);
            Outcome outcome = Outcome.of(qtop, arrived);
            if (json) {
                printJson(qtop, outcome);
            } else {
                printTable(qtop.releases(), qtop.recorded(), outcome, console);
            }
            return outcome.good() ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException e) {
            throw new Failure(ExitCode.FAILED, "the demo's web server failed: " + e.getMessage());
        }
    }

    /** Tor's events may come after its replies. */
    private static void awaitRecords(Qtop qtop) throws InterruptedException {
        long deadline = System.nanoTime() + RECORD_WAIT_NANOS;
        while (qtop.recorded() < STREAMS && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** What came out of it. */
    record Outcome(int arrived, long matched, long early, long circuits, long violations) {

        static Outcome of(Qtop qtop, int arrived) {
            List<Release> releases = qtop.releases();
            return new Outcome(arrived, releases.stream().filter(Release::matched).count(),
                    releases.stream().filter(release -> release.record().latenessNanos() < 0).count(),
                    releases.stream().filter(release -> release.record().circuit() != 0)
                            .map(release -> release.record().circuit()).distinct().count(), qtop.violations());
        }

        boolean good() {
            return arrived == STREAMS && matched == STREAMS && early == 0 && violations == 0;
        }
    }

    /** For a person. */
    static void printTable(List<Release> releases, long recorded, Outcome outcome, Console console) {
        console.line("");
        console.line("  stream circuit     hold ms  lateness ms             phase  winding");
        for (Release release : releases) {
            ReleaseRecord record = release.record();
            console.line(String.format(Locale.ROOT, "  %6s %7s %11.3f %12.3f  %16s %8d", name(record.stream()),
                    name(record.circuit()), record.holdNanos() / 1e6, record.latenessNanos() / 1e6,
                    HexFormat.of().toHexDigits(record.phase()), record.winding()));
        }
        console.line("");
        console.line(outcome.arrived() + " of " + STREAMS + " pages arrived whole, on " + outcome.circuits()
                + " circuits; " + outcome.matched() + " of " + STREAMS
                + " streams matched to Tor's stream and circuit");
        console.line("Verifier: " + recorded + " releases, " + outcome.early() + " early, "
                + outcome.violations() + " violations");
    }

    private static String name(long id) {
        return id == 0 ? "-" : Long.toString(id);
    }

    private static void printJson(Qtop qtop, Outcome outcome) throws IOException {
        ObjectMapper mapper = new ObjectMapper().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        ObjectNode root = mapper.createObjectNode();
        root.put("tor", qtop.tor().identity().map(tor -> tor.version()).orElse(null));
        root.put("streamsSent", STREAMS).put("pagesWhole", outcome.arrived()).put("matched", outcome.matched());
        root.put("circuits", outcome.circuits()).put("early", outcome.early()).put("violations", outcome.violations());
        ArrayNode streams = root.putArray("streams");
        for (Release release : qtop.releases()) {
            streams.add(mapper.readTree(org.qtop.proxy.audit.JournalLine.write(release)));
        }
        System.out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    }
}
