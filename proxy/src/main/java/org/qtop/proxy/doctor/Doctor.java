package org.qtop.proxy.doctor;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.qtop.proxy.config.Settings;

/** Runs every check. Confined to one thread. */
public final class Doctor {

    /** What goes wrong with these, goes wrong with the Tor that is there. */
    private static final List<String> REPLACEABLE =
            List.of(ControlChecks.PORT, ControlChecks.LOGIN, PortChecks.SOCKS);

    private final Settings settings;
    private final Optional<Path> torProgram;
    private final Clock clock;

    /**
     * A doctor for one set-up.
     *
     * @param settings what {@code qtop run} would be given
     */
    public Doctor(Settings settings) {
        this(settings, Optional.empty(), Clock.systemUTC());
    }

    /** The same with a tor program of one's own and another clock, for tests. */
    Doctor(Settings settings, Optional<Path> torProgram, Clock clock) {
        this.settings = settings;
        this.torProgram = torProgram;
        this.clock = clock;
    }

    /**
     * Runs every check that changes nothing.
     *
     * @param told told of each finding as soon as it is there
     * @return all findings, in the order of the checks
     */
    public List<Finding> examine(Consumer<Finding> told) {
        List<Finding> findings = new ArrayList<>();
        Consumer<Finding> both = finding -> {
            findings.add(finding);
            told.accept(finding);
        };
        both.accept(TorProgramCheck.of(torProgram));
        try (ControlChecks control = new ControlChecks(settings, clock)) {
            control.examine(finding -> both.accept(orOwnTor(finding)));
            both.accept(control.socks().map(PortChecks::socks).map(this::orOwnTor).orElseGet(
                    () -> Finding.skipped(PortChecks.SOCKS, "A Tor that qtop starts itself has one of its own.")));
        }
        settings.listen().forEach(listen -> both.accept(PortChecks.listen(settings, listen.address())));
        both.accept(SeedCheck.of(settings));
        both.accept(MachineChecks.timer());
        both.accept(MachineChecks.files(settings.maxStreams()));
        return findings;
    }

    /** Without a Tor to use at the usual ports, and none named, {@code qtop run} starts one: that is no failure. */
    private Finding orOwnTor(Finding finding) {
        boolean instead = !settings.torGiven() && finding.verdict() == Finding.Verdict.FAILED
                && REPLACEABLE.contains(finding.check());
        return instead ? Finding.warning(finding.check(), finding.text() + " So qtop run starts a Tor of its own.",
                "If that is what you want, nothing. If not: " + finding.cure()) : finding;
    }
}
