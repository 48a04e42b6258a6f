package org.qtop.engine.seed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Draws from sources and feeds the generators. Confined to the cache's background tasks. */
final class Reseeder {

    /** Bytes of the operating system in every reseed, beside those that the DRBG takes for itself: 384 bits. */
    private static final int SYSTEM_BYTES = 48;

    private final List<SourceState> sources;
    private final SeedGenerator generator;
    private final SpareSeeds spare;
    private final Ledger ledger;
    private final SeedSettings settings;
    private final OsSeedSource system = new OsSeedSource();

    Reseeder(List<SeedSource> sources, SeedSettings settings, SeedGenerator generator, SpareSeeds spare,
            Ledger ledger) {
        this.sources = sources.stream().map(source -> new SourceState(source, settings)).toList();
        this.settings = settings;
        this.generator = generator;
        this.spare = spare;
        this.ledger = ledger;
    }

    /** Reseeds from the first source that delivers, or from the operating system alone. */
    void reseedFromFirst() {
        for (SourceState state : sources) {
            if (!state.passOver()) {
                try {
                    reseedFrom(state);
                    return;
                } catch (IOException e) {
                    // Set aside and told of; the next in order is asked.
                }
            }
        }
        feed(OsSeedSource.NAME, new byte[0]);
    }

    /** Reseeds from one source. */
    void reseedFrom(SourceState state) throws IOException {
        byte[] bytes;
        try {
            bytes = state.draw();
        } catch (IOException | RuntimeException | LinkageError e) {
            SourceFault fault = state.setAside(e);
            ledger.setAside(fault);
            tell(fault);
            throw e instanceof IOException cause ? cause : new IOException(fault.reason(), e);
        }
        feed(state.source.name(), bytes);
    }

    private void tell(SourceFault fault) {
        try {
            settings.faults().accept(fault);
        } catch (RuntimeException e) {
            // Whoever listens may fail; seeds go on.
        }
    }

    /** Gives the state of a source: the one it has here, or a new one. */
    SourceState stateOf(SeedSource source) {
        return sources.stream().filter(state -> state.source == source).findFirst()
                .orElseGet(() -> new SourceState(source, settings));
    }

    /** Finds a source of the cache by its name, or null. */
    SourceState named(String name) {
        return sources.stream().filter(state -> state.source.name().equals(name)).findFirst().orElse(null);
    }

    /** Lets every source be tried at the next reseed. */
    void forgiveAll() {
        sources.forEach(SourceState::forgive);
    }

    List<SeedSource> all() {
        return sources.stream().map(state -> state.source).toList();
    }

    private void feed(String origin, byte[] bytes) {
        generator.reseed(tagged(origin, bytes));
        spare.reseed(tagged(origin, bytes));
        if (bytes.length > 0) {
            ledger.drew(origin, bytes.length);
        }
        ledger.reseeded(origin);
        Arrays.fill(bytes, (byte) 0);
    }

    /** Length and origin go before each part, so that no two inputs read the same (SP 800-90C, concatenation). */
    private byte[] tagged(String origin, byte[] bytes) {
        // The system's bytes are read after the source's, so that nothing a source gives can depend on them.
        byte[] fromSystem = new byte[SYSTEM_BYTES];
        system.read(fromSystem, 0, SYSTEM_BYTES);
        ledger.drew(OsSeedSource.NAME, SYSTEM_BYTES);
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        part(input, origin.getBytes(StandardCharsets.UTF_8));
        part(input, bytes);
        part(input, OsSeedSource.NAME.getBytes(StandardCharsets.UTF_8));
        part(input, fromSystem);
        return input.toByteArray();
    }

    private static void part(ByteArrayOutputStream input, byte[] bytes) {
        input.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        input.writeBytes(bytes);
    }
}
