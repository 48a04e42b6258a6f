/**
 * The timing engine: seeds, phases, winding numbers, holds, their guarantee and their verifier.
 *
 * <p>{@link org.qtop.engine.seed.QuantumCache} and {@link org.qtop.engine.timing.TopologicalTimingEngine} are its
 * public face. It needs the JDK alone, reads no clock, opens nothing and starts no thread: time is an argument, and
 * work in the background runs on an executor that the host hands in.
 */
module org.qtop.engine {
    exports org.qtop.engine.guarantee;
    exports org.qtop.engine.phase;
    exports org.qtop.engine.seed;
    exports org.qtop.engine.timing;
    exports org.qtop.engine.verify;
    exports org.qtop.engine.winding;

    uses org.qtop.engine.seed.SeedSourceProvider;
}
