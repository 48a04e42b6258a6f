package org.qtop.proxy.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.slf4j.LoggerFactory;

/** One qtop on a private Tor network, shared by the tests of one virtual machine, which ends it. */
final class LiveRun {

    private static LiveRun shared;

    private final Qtop qtop;
    private final MarkedSite site = new MarkedSite();
    private final Path journal;
    private final List<String> log = new CopyOnWriteArrayList<>();

    private LiveRun(PrivateNetwork network) throws Exception {
        Path folder = Files.createTempDirectory("qtop-live");
        journal = folder.resolve("journal");
        recordLog();
        qtop = Qtop.start(Settings.of(Map.of(Setting.TOR_SOCKS, Values.text(network.socks()),
                Setting.TOR_CONTROL, Values.text(network.control()),
                Setting.CONTROL_COOKIE, network.cookieFile().toString(), Setting.LISTEN, "127.0.0.1:0",
                Setting.STATUS_LISTEN, "127.0.0.1:0", Setting.JOURNAL, journal.toString()), Map.of()),
                Console.standardError());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            qtop.close();
            site.close();
            journal.toFile().delete();
            folder.toFile().delete();
        }));
    }

    /** Everything that qtop logs, however fine. */
    private void recordLog() {
        Logger logger = (Logger) LoggerFactory.getLogger("org.qtop");
        AppenderBase<ILoggingEvent> recorder = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                log.add(event.getLevel() + " " + event.getFormattedMessage());
            }
        };
        recorder.setContext(logger.getLoggerContext());
        recorder.start();
        logger.addAppender(recorder);
        logger.setLevel(Level.TRACE);
    }

    static synchronized LiveRun on(PrivateNetwork network) throws Exception {
        if (shared == null) {
            shared = new LiveRun(network);
        }
        return shared;
    }

    Qtop qtop() {
        return qtop;
    }

    InetSocketAddress status() {
        return (InetSocketAddress) qtop.statusAddress().orElseThrow();
    }

    String url() {
        return "http://" + Values.text(status()) + "/";
    }

    String journal() throws IOException {
        return Files.readString(journal);
    }

    List<String> log() {
        return log;
    }

    String destination() {
        return site.address();
    }

    void streams(int count) throws IOException {
        site.fetch(qtop.address(), count);
    }
}
