package org.qtop.proxy.status;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SourceFault;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Distribution;
import org.qtop.proxy.metrics.Measure;
import org.qtop.proxy.metrics.Metrics;

/**
 * Something that a person should know first, with what to do about it. Immutable.
 *
 * @param level how bad it is
 * @param text what is the matter, one sentence
 * @param cure what to do, one sentence
 */
public record Warning(Level level, String text, String cure) {

    /** How bad something is, the worst first. */
    public enum Level {
        /** qtop does not do what it is there for. */
        ERROR,
        /** It does, but not as well as it should. */
        WARNING,
        /** Worth knowing. */
        NOTE;

        /**
         * The word for it.
         *
         * @return lower case
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Lateness beyond which holds are no longer what they were planned to be: a machine out of breath. */
    private static final long MUCH_LATENESS_NANOS = 5_000_000;
    /** Fewer releases say nothing about one in a hundred. */
    private static final long ENOUGH = 200;
    private static final double NEARLY_ALL = 99;
    private static final double MANY_UNMATCHED = 0.01;

    /**
     * Looks a running proxy over.
     *
     * @param subject the proxy
     * @return what should be known, the worst first
     */
    static List<Warning> of(Subject subject) {
        List<Warning> found = new ArrayList<>();
        aboutTor(subject, found);
        aboutHolds(subject, found);
        aboutSeeds(subject.seeds().get(), found);
        aboutLimits(subject, found);
        found.sort(Comparator.comparing(Warning::level));
        return found;
    }

    private static void aboutTor(Subject subject, List<Warning> found) {
        TorState tor = subject.tor().get();
        if (tor.control() == TorState.Control.LOST) {
            found.add(new Warning(Level.ERROR, "Tor's control port is lost: " + tor.trouble(),
                    subject.settings().refuseWithoutControl() ? "Start Tor again; new streams are refused until then."
                            : "Start Tor again; until then streams are held, but not matched to Tor's circuits."));
        } else if (tor.control() == TorState.Control.NONE) {
            found.add(new Warning(Level.NOTE, "No control port is used, so streams are not matched to circuits.",
                    "Give --tor-control, and ControlPort 9051 with CookieAuthentication 1 in torrc."));
        } else if (!tor.ready()) {
            found.add(new Warning(Level.WARNING, "Tor is still joining the network: " + tor.bootstrapPercent() + "%.",
                    "Wait; if it does not move, look at Tor's log and at this machine's clock."));
        }
        if (!subject.alive().getAsBoolean()) {
            found.add(new Warning(Level.ERROR, "An event loop has been silent for more than "
                    + Values.time(Heartbeat.LONGEST_SILENCE_NANOS) + ".", "Start qtop again and tell its authors."));
        }
    }

    private static void aboutHolds(Subject subject, List<Warning> found) {
        Metrics metrics = subject.metrics();
        if (subject.audit().violations() > 0) {
            found.add(new Warning(Level.ERROR, subject.audit().violations()
                    + " releases do not agree with the verifier.",
                    "Keep the journal, run qtop verify on it, and tell the authors."));
        }
        if (subject.settings().maxHoldNanos() == 0) {
            found.add(new Warning(Level.WARNING, "Streams are not held: --min-hold and --max-hold are 0.",
                    "Give --max-hold, such as 10ms."));
        }
        Distribution lateness = metrics.distribution(Measure.LATENESS);
        long late = lateness.quantile(NEARLY_ALL);
        if (late > MUCH_LATENESS_NANOS && lateness.count() >= ENOUGH) {
            found.add(new Warning(Level.WARNING, "One release in a hundred is later than planned by "
                    + Values.time(late / 1_000 * 1_000) + " or more.",
                    "Give this machine less to do, or qtop more of it."));
        }
        long unmatched = metrics.value(Counter.STREAMS_UNMATCHED);
        boolean control = subject.tor().get().control() != TorState.Control.NONE;
        if (control && unmatched > MANY_UNMATCHED * (unmatched + metrics.value(Counter.STREAMS_MATCHED))) {
            found.add(new Warning(Level.WARNING, unmatched + " streams were not matched to Tor's.",
                    "See that --tor-socks and --tor-control belong to the same Tor, on this machine."));
        }
    }

    private static void aboutSeeds(SeedAccount seeds, List<Warning> found) {
        for (SourceFault fault : seeds.setAside()) {
            found.add(new Warning(Level.WARNING, "The seed source " + fault.origin() + " is not in use: "
                    + fault.reason(), "Seeds come from the operating system's generator until it works again."));
        }
        if (seeds.misses() > seeds.capacity()) {
            found.add(new Warning(Level.NOTE, "Seeds are used faster than the cache refills.", "Give more --seeds."));
        }
    }

    private static void aboutLimits(Subject subject, List<Warning> found) {
        Metrics metrics = subject.metrics();
        counted(metrics, Counter.TOR_UNREACHABLE, "streams found no Tor.", "Start Tor, or give --tor-socks.", found);
        counted(metrics, Counter.SOCKETS_MISSING, "streams were refused for want of a socket.",
                "Let qtop open more files: qtop doctor tells how.", found);
        counted(metrics, Counter.CONNECTIONS_OVER_LIMIT, "connections were refused at the limit.",
                "Give a higher --max-streams.", found);
        counted(metrics, Counter.JOURNAL_FAILURES, "journal lines could not be written.",
                "Make room on the disk, and see who may write the file.", found);
        counted(metrics, Counter.INTERNAL_ERRORS, "streams met a fault of qtop's own.",
                "Look at the log and tell the authors.", found);
    }

    private static void counted(Metrics metrics, Counter counter, String what, String cure, List<Warning> found) {
        long count = metrics.value(counter);
        if (count > 0) {
            found.add(new Warning(Level.WARNING, count + " " + what, cure));
        }
    }
}
