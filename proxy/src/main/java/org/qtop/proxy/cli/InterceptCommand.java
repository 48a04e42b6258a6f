package org.qtop.proxy.cli;

import java.net.SocketAddress;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.SocksChoice;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.intercept.InterceptException;
import org.qtop.proxy.intercept.QuantumStreamInterceptor;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.status.Subject;
import org.qtop.proxy.status.TorState;
import picocli.CommandLine.Command;

/** {@code qtop intercept}: holds the streams of any Tor inside that Tor. */
@Command(name = "intercept", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Hold every stream of a Tor inside that Tor, from whatever port of its it came, with no proxy in"
                + " the path.",
        footer = "%nOptions are read as by qtop run. After a kill -9, qtop release frees Tor.")
final class InterceptCommand implements Callable<Integer> {

    /** What it shares with {@code qtop run}. */
    static final Set<Setting> SETTINGS = EnumSet.of(Setting.TOR_CONTROL, Setting.CONTROL_COOKIE,
            Setting.CONTROL_PASSWORD_FILE, Setting.MIN_HOLD, Setting.MAX_HOLD, Setting.DISTRIBUTION, Setting.SEEDS,
            Setting.SEED_SOURCE, Setting.SEED_KEY_FILE, Setting.SEED_DAILY_BITS, Setting.SEED_VIA_TOR, Setting.JOURNAL,
            Setting.STATUS_LISTEN, Setting.LOG_LEVEL, Setting.LOG_FORMAT);

    private final SettingOptions options;

    InterceptCommand(SettingOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws Failure {
        Settings settings = settings(options);
        Logs.apply(settings.logLevel(), settings.logFormat());
        Console console = Console.standardOutput();
        return Shutdown.run(shutdown -> {
            console.line("qtop " + Main.version());
            try (Closer closer = new Closer()) {
                Metrics metrics = new Metrics();
                SeedSupply seeds = closer.add(SeedSupply.open(settings, metrics, System.getenv()));
                TopologicalTimingEngine engine = Qtop.engine(settings, seeds.cache());
                Audit audit = closer.add(Qtop.audit(settings, engine, metrics,
                        new ViolationResponse(settings.onViolation(), metrics)));
                QuantumStreamInterceptor interceptor = closer.add(new QuantumStreamInterceptor(seeds.cache(), engine,
                        TorChooser.login(settings, settings.torControl().get()), metrics, audit));
                boolean others = start(interceptor, settings, seeds);
                StatusRoom.start(settings, subject(interceptor, settings, metrics, audit, engine, seeds.cache()),
                        console).ifPresent(closer::add);
                present(interceptor, others, settings, console);
                console.item("seeds", SeedWords.now(seeds.cache().account()));
                console.line("Holding every stream of this Tor");
                shutdown.await(0);
                end(interceptor, console);
                interceptor.close();
                console.line("Stopped: " + summary(metrics));
            }
            return ExitCode.OK;
        }).code();
    }

    /** The settings of a command that cannot do without a control port. */
    static Settings settings(SettingOptions options) throws Failure {
        try {
            Settings settings = options.settings(System.getenv());
            if (settings.torControl().isEmpty()) {
                throw SettingException.bad("--tor-control none: this steers Tor through its control port; give its"
                        + " address");
            }
            return settings;
        } catch (SettingException e) {
            throw Failure.of(e);
        }
    }

    /** For seeds that come through Tor: nothing else here needs it, so it is no failure if Tor does not tell. */
    private static SocketAddress socks(TorControl control, Settings settings) {
        try {
            return SocksChoice.among(control.socksListeners(), settings.torSocks());
        } catch (ControlException e) {
            return settings.torSocks();
        }
    }

    private static boolean start(QuantumStreamInterceptor interceptor, Settings settings, SeedSupply seeds)
            throws Failure, InterruptedException {
        try {
            interceptor.connect();
            SocketAddress socks = socks(interceptor.controller().control(), settings);
            seeds.torReady(() -> socks);
            return interceptor.startInterception();
        } catch (ControlException e) {
            throw Failure.of(e);
        } catch (InterceptException e) {
            throw Failure.of(e);
        }
    }

    private static Subject subject(QuantumStreamInterceptor interceptor, Settings settings, Metrics metrics,
            Audit audit, TopologicalTimingEngine engine, QuantumCache seeds) {
        TorControl control = interceptor.controller().control();
        String tor = "control port " + Values.text(settings.torControl().get());
        return new Subject(Main.version(), StatusRoom.clock().instant(), StatusRoom.clock(), "none: inside Tor",
                settings, () -> HoldAt.ATTACH, metrics, audit, engine, seeds::account, interceptor::pending,
                () -> new TorState(tor,
                        control.identity().version(), control.identity().login().toString(),
                        control.connected() ? TorState.Control.CONNECTED : TorState.Control.LOST,
                        control.trouble().orElse(""), -1), interceptor::alive, Logs::lastErrors);
    }

    private static void present(QuantumStreamInterceptor interceptor, boolean others, Settings settings,
            Console console) {
        console.item("Tor", "control port " + Values.text(settings.torControl().get()) + ", version "
                + interceptor.controller().version());
        if (others) {
            console.item("note", "Tor left its streams to a controller already: one was killed, or another is at work");
        }
        console.item("hold", RunCommand.law(settings) + ", inside Tor");
        settings.journal().ifPresent(file -> console.item("journal", file.toString()));
        console.item("stop", "Ctrl-C or SIGTERM; streams that wait are let go");
    }

    private static void end(QuantumStreamInterceptor interceptor, Console console) {
        console.line("Stopping: " + interceptor.held() + " streams wait and are let go");
        try {
            if (!interceptor.stopInterception()) {
                console.line("Tor did not answer; free it with: qtop release");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What holding in Tor did, in one line. */
    static String summary(Metrics metrics) {
        return String.format(Locale.ROOT, "%,d streams held and released, %,d abandoned by their clients, %,d attached"
                + " by another controller first, %,d let go early, %,d not held, %,d attached again after a circuit"
                + " failed them, %,d violations", metrics.value(Counter.STREAMS_RELEASED),
                metrics.value(Counter.STREAMS_ABANDONED), metrics.value(Counter.STREAMS_TAKEN),
                metrics.value(Counter.STREAMS_CUT_SHORT), metrics.value(Counter.STREAMS_UNHELD),
                metrics.value(Counter.STREAMS_REATTACHED), metrics.value(Counter.VIOLATIONS));
    }
}
