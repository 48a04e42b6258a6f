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
            control.examine(both);
        }
        both.accept(PortChecks.socks(settings.torSocks()));
        settings.listen().forEach(listen -> both.accept(PortChecks.listen(settings, listen.address())));
        both.accept(SeedCheck.of(settings));
        both.accept(MachineChecks.timer());
        both.accept(MachineChecks.files(settings.maxStreams()));
        return findings;
    }
}
