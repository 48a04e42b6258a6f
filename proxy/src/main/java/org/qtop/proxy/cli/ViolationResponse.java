package org.qtop.proxy.cli;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.qtop.proxy.config.OnViolation;
import org.qtop.proxy.control.ControlReply;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.StreamFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what {@code --on-violation} says when the verifier rejects a release. Thread-safe; never blocks. */
final class ViolationResponse implements LongConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(ViolationResponse.class);
    private static final int UNKNOWN_CIRCUIT = 552;

    private final OnViolation chosen;
    private final Metrics metrics;
    private volatile Function<String, CompletableFuture<ControlReply>> control;
    private volatile boolean refusing;

    ViolationResponse(OnViolation chosen, Metrics metrics) {
        this.chosen = chosen;
        this.metrics = metrics;
    }

    /** Tells how commands reach Tor, without waiting for their reply. */
    void control(Function<String, CompletableFuture<ControlReply>> send) {
        control = send;
    }

    @Override
    public void accept(long circuit) {
        switch (chosen) {
            case CLOSE_CIRCUIT -> closeCircuit(circuit);
            case REFUSE -> {
                if (!refusing) {
                    LOG.error("new streams are refused until qtop is started again (--on-violation refuse)");
                }
                refusing = true;
            }
            default -> { }
        }
    }

    private void closeCircuit(long circuit) {
        if (circuit == 0 || control == null) {
            LOG.error("the circuit of the violation is not known, so it cannot be closed");
            return;
        }
        control.apply("CLOSECIRCUIT " + circuit).whenComplete((reply, failure) -> {
            if (failure != null) {
                LOG.error("circuit {} cannot be closed after a violation ({})", circuit, failure.getMessage());
            } else if (reply.ok()) {
                metrics.count(Counter.CIRCUITS_CLOSED);
                LOG.warn("circuit {} is closed after a violation", circuit);
            } else if (reply.code() == UNKNOWN_CIRCUIT) {
                LOG.info("circuit {} of a violation is over already", circuit);
            } else {
                LOG.error("Tor does not close circuit {} after a violation ({})", circuit, reply.code());
            }
        });
    }

    /** Why new streams are refused, if they are. */
    Optional<StreamFailure> refusal() {
        return refusing ? Optional.of(StreamFailure.VIOLATION_SEEN) : Optional.empty();
    }
}
