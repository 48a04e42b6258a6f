package org.qtop.proxy.cli;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.TorIdentity;
import picocli.CommandLine.Model.CommandSpec;

/** {@code qtop run}: the proxy. */
final class RunCommand implements Callable<Integer> {

    private final SettingOptions options;

    RunCommand(SettingOptions options) {
        this.options = options;
    }

    /** Gives the command its name and words. */
    static void describe(CommandSpec spec) {
        spec.name("run").usageMessage().sortOptions(false)
                .description("Listen for applications, hold their streams, and send them through Tor.")
                .footer("%nEach option is also a line of the --config file (min-hold = 1ms) and an environment variable"
                        + " (QTOP_MIN_HOLD). The command line beats the environment, which beats the file.");
    }

    @Override
    public Integer call() throws Failure {
        Settings settings;
        try {
            settings = options.settings(System.getenv());
        } catch (SettingException e) {
            throw Failure.of(e);
        }
        Logs.apply(settings.logLevel(), settings.logFormat());
        Console console = Console.standardOutput();
        return Shutdown.run(shutdown -> {
            console.line("qtop " + Main.version());
            try (Qtop qtop = Qtop.start(settings, console)) {
                present(qtop, settings, console);
                try (Supervisor supervisor = Supervisor.ofEnvironment(System.getenv(), qtop::alive)) {
                    supervisor.ready(qtop.places());
                    shutdown.await(settings.drainNanos());
                    supervisor.stopping();
                }
                end(qtop, settings, console);
            }
            return ExitCode.OK;
        }).code();
    }

    private static void present(Qtop qtop, Settings settings, Console console) {
        qtop.listeners().forEach(server -> console.line("Point applications at " + Entrances.invitation(server)));
        Optional<TorIdentity> identity = qtop.tor().identity();
        console.item("Tor", qtop.tor().what() + identity.map(tor -> ", version " + tor.version()).orElse(""));
        console.item("control port", identity.map(tor -> "login " + tor.login()).orElse(
                "none: streams are held, but get stand-in identifiers instead of Tor's stream and circuit"));
        Entrances.remarks(qtop.listeners(), settings, qtop.tor()).forEach(remark -> console.item("mind", remark));
        console.item("hold", settings.maxHoldNanos() == 0 ? law(settings)
                : law(settings) + ", " + qtop.holdAt().words());
        console.item("seeds", SeedWords.now(qtop.seeds()));
        SeedWords.setAside(qtop.seeds()).forEach(line -> console.item("", line));
        settings.journal().ifPresent(file -> console.item("journal", file.toString()));
        qtop.statusAddress().ifPresent(address -> console.item("status", address instanceof InetSocketAddress
                ? "http://" + Values.text(address) + "/ (page), /metrics, /healthz; or qtop status"
                : Values.text(address)));
        console.item("stop", "Ctrl-C or SIGTERM; open streams get " + Values.time(settings.drainNanos())
                + " to finish");
    }

    /** The law of the holds, for a person. */
    static String law(Settings settings) {
        return settings.maxHoldNanos() == 0 ? "none (--min-hold and --max-hold are 0)"
                : Values.time(settings.minHoldNanos()) + " to " + Values.time(settings.maxHoldNanos()) + ", "
                        + (settings.meanHoldNanos() == 0 ? "uniform" : "exponential, mean "
                        + Values.time(settings.minHoldNanos() + settings.meanHoldNanos()) + " before the cut");
    }

    private static void end(Qtop qtop, Settings settings, Console console) {
        if (qtop.openConnections() > 0) {
            console.line("Stopping: " + qtop.openConnections() + " open connections get "
                    + Values.time(settings.drainNanos()) + " to finish");
        }
        try {
            int closed = qtop.drain();
            if (closed > 0) {
                console.line(closed + " connections were closed unfinished");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        console.line("Seeds: " + SeedWords.summary(qtop.seeds()));
        console.line("Stopped: " + qtop.summary());
    }
}
