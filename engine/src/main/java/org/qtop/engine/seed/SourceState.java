package org.qtop.engine.seed;

import java.io.IOException;
import java.util.Arrays;

/** One source with its health tests and its record of failures. Confined to the cache's background tasks. */
final class SourceState {

    private static final int LONGEST_BACK_OFF = 64;

    final SeedSource source;
    private final SeedSettings settings;
    private HealthTests tests;
    private int failures;
    private int toPassOver;

    SourceState(SeedSource source, SeedSettings settings) {
        this.source = source;
        this.settings = settings;
    }

    /** Tells whether this reseed should pass the source over, and counts it if so. */
    boolean passOver() {
        if (toPassOver == 0) {
            return false;
        }
        toPassOver--;
        return true;
    }

    /** Lets the next reseed try it again, whatever happened before. */
    void forgive() {
        toPassOver = 0;
    }

    /**
     * Draws what one reseed needs: the start-up samples if the source is new or was set aside.
     *
     * @throws IOException if it fails, gives too little, or gives bytes that fail a health test
     */
    byte[] draw() throws IOException {
        HealthTests running = tests;
        tests = null;
        boolean fresh = running == null;
        if (fresh) {
            running = new HealthTests(source.healthLimits().orElse(settings.limits()));
        }
        byte[] bytes = read(fresh ? settings.startupBytes() : settings.reseedBytes());
        String failure = running.take(bytes, bytes.length);
        if (failure != null) {
            Arrays.fill(bytes, (byte) 0);
            throw new IOException(failure);
        }
        tests = running;
        failures = 0;
        return bytes;
    }

    private byte[] read(int wanted) throws IOException {
        byte[] bytes = new byte[wanted];
        int got = 0;
        while (got < wanted) {
            int more = source.read(bytes, got, wanted - got);
            if (more < 0) {
                throw new IOException("used up: gave " + got + " of the " + wanted + " bytes needed");
            }
            if (more == 0 || more > wanted - got) {
                throw new IOException("answered a read of " + (wanted - got) + " bytes with " + more);
            }
            got += more;
        }
        return bytes;
    }

    /** Sets the source aside. */
    SourceFault setAside(Throwable why) {
        failures++;
        toPassOver = (int) Math.min(LONGEST_BACK_OFF, 1L << Math.min(failures - 1, 30));
        String message = why.getMessage();
        String reason = message == null ? why.getClass().getSimpleName() : message.lines().findFirst().orElse("");
        return new SourceFault(source.name(), reason, failures, toPassOver);
    }
}
