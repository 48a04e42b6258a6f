package org.qtop.proxy.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.qtop.engine.timing.Binding;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.engine.verify.ReleaseVerifier;
import org.qtop.engine.verify.Violation;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.metrics.Bins;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Measure;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.ProxyStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds each release to its circuit's path, has it checked, keeps it in the ring and writes it to the journal.
 * Thread-safe.
 */
public final class Audit implements AutoCloseable {

    /** How many releases the ring keeps. */
    public static final int RING_SIZE = 4_096;

    /** Into how many bins of equal width the range of holds is cut. */
    public static final int HOLD_BINS = 40;

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final TopologicalTimingEngine engine;
    private final Metrics metrics;
    private final Journal journal;
    private final String law;
    private final Bins holds;
    private final LongConsumer onViolation;
    private final ReleaseVerifier verifier = new ReleaseVerifier();
    private final Binding binding = new Binding();
    private final ArrayDeque<Release> ring = new ArrayDeque<>(RING_SIZE);
    private boolean journalBroken;

    /**
     * An empty account.
     *
     * @param engine which paths the releases are bound to
     * @param metrics where violations are counted
     * @param journalFile file to append to, if any
     * @throws SettingException if the file cannot be written
     */
    public Audit(TopologicalTimingEngine engine, Metrics metrics, Optional<Path> journalFile) throws SettingException {
        this(engine, metrics, journalFile, circuit -> { });
    }

    /**
     * An empty account, with somebody told of violations.
     *
     * @param engine which paths the releases are bound to
     * @param metrics where violations are counted
     * @param journalFile file to append to, if any
     * @param onViolation told the circuit of each release that the verifier rejects, 0 if it is not known, once the
     *     release is written down; called under the audit's lock, and must not block
     * @throws SettingException if the file cannot be written
     */
    public Audit(TopologicalTimingEngine engine, Metrics metrics, Optional<Path> journalFile, LongConsumer onViolation)
            throws SettingException {
        this.engine = engine;
        this.onViolation = onViolation;
        this.metrics = metrics;
        this.law = engine.law().toString();
        this.holds = new Bins(engine.law().minNanos(), engine.law().maxNanos(), HOLD_BINS);
        this.journal = journalFile.isPresent() ? Journal.open(journalFile.get()) : null;
    }

    /**
     * Records a release whose identity is final.
     *
     * @param stream released and identified
     */
    public synchronized void record(ProxyStream stream) {
        engine.bind(stream.circuit(), stream.advance(), binding);
        metrics.record(Measure.HOLD, stream.holdNanos());
        metrics.record(Measure.LATENESS, stream.latenessNanos());
        holds.record(stream.holdNanos());
        Release release = new Release(new ReleaseRecord(stream.torStream(), stream.circuit(), stream.advance(),
                stream.holdNanos(), stream.latenessNanos(), binding.from(), binding.phase(), binding.winding(),
                binding.n(), law), stream.kind());
        Set<Violation> violations = verifier.check(release.record());
        if (!violations.isEmpty()) {
            metrics.count(Counter.VIOLATIONS);
            LOG.error("{} violates {}", stream, violations);
        }
        if (ring.size() == RING_SIZE) {
            ring.poll();
        }
        ring.add(release);
        append(release);
        if (!violations.isEmpty()) {
            onViolation.accept(stream.circuit());
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("{} is Tor's stream {} on circuit {}: held {} ns, {} ns late", stream, stream.torStream(),
                    stream.circuit(), stream.holdNanos(), stream.latenessNanos());
        }
    }

    private void append(Release release) {
        if (journal == null) {
            return;
        }
        try {
            journal.append(release);
            journalBroken = false;
        } catch (IOException e) {
            metrics.count(Counter.JOURNAL_FAILURES);
            if (!journalBroken) {
                LOG.error("the journal cannot be written ({}); releases go on without it", e.getMessage());
            }
            journalBroken = true;
        }
    }

    /**
     * Closes a circuit's path.
     *
     * @param circuit Tor's number of a circuit that is over
     */
    public synchronized void circuitOver(long circuit) {
        engine.close(circuit);
        verifier.closed(circuit);
    }

    /** Closes every path: Tor restarted, and its circuit numbers start again. */
    public synchronized void allCircuitsOver() {
        engine.paths().forEach(path -> verifier.closed(path.circuit()));
        engine.closeAll();
    }

    /**
     * The last releases, oldest first.
     *
     * @return a copy, at most {@link #RING_SIZE}
     */
    public synchronized List<Release> releases() {
        return new ArrayList<>(ring);
    }

    /**
     * How the holds lie in the range of the law.
     *
     * @return {@link #HOLD_BINS} bins from the shortest to the longest hold, which go on filling
     */
    public Bins holds() {
        return holds;
    }

    /**
     * How many releases were recorded.
     *
     * @return 0 or more
     */
    public synchronized long recorded() {
        return verifier.releases();
    }

    /**
     * How many records the verifier rejected.
     *
     * @return 0 or more
     */
    public synchronized long violations() {
        return verifier.violations();
    }

    @Override
    public synchronized void close() {
        if (journal != null) {
            try {
                journal.close();
            } catch (IOException e) {
                LOG.error("the journal cannot be closed ({})", e.getMessage());
            }
        }
    }
}
