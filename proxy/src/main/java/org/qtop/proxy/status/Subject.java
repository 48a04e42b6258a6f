package org.qtop.proxy.status;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.time.Clock;
import java.time.Instant;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.metrics.Metrics;

/**
 * The running proxy that is told about. Thread-safe as its parts are.
 *
 * @param version qtop's version
 * @param started when the run began
 * @param clock what time it is
 * @param listen where applications connect
 * @param settings the settings in force
 * @param holdAt where streams are held at this moment, which is not always where the settings want it
 * @param metrics counts and distributions
 * @param audit the account of releases
 * @param engine the circuits' paths and the law of the holds
 * @param seeds the account of seeds
 * @param pending how many released streams Tor's events have not identified yet
 * @param tor the Tor in use
 * @param alive whether the event loops and the timer that hold streams still turn
 * @param errors the last log lines of level WARN and above, oldest first
 */
public record Subject(String version, Instant started, Clock clock, String listen, Settings settings,
        Supplier<HoldAt> holdAt, Metrics metrics, Audit audit, TopologicalTimingEngine engine,
        Supplier<SeedAccount> seeds, IntSupplier pending, Supplier<TorState> tor, BooleanSupplier alive,
        Supplier<List<String>> errors) {
}
