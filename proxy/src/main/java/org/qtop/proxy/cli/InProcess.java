package org.qtop.proxy.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;

/**
 * A whole {@code qtop run} inside another program, for the laboratory: the same code, but it prints nothing and is
 * closed by its owner. Thread-safe.
 */
public final class InProcess implements AutoCloseable {

    private final Qtop qtop;

    private InProcess(Qtop qtop) {
        this.qtop = qtop;
    }

    /**
     * Starts a proxy.
     *
     * @param values settings that differ from their defaults, as on the command line
     * @return the running proxy, to be closed
     * @throws IOException if a value is wrong or it cannot be started; the message is what {@code qtop run} would say
     * @throws InterruptedException if this thread is interrupted; nothing is left running then
     */
    public static InProcess start(Map<Setting, String> values) throws IOException, InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            return new InProcess(Qtop.start(Settings.of(values, Map.of()), Console.to(out, false)));
        } catch (SettingException | Failure e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Tells where applications connect.
     *
     * @return an address
     */
    public InetSocketAddress address() {
        return qtop.address();
    }

    /**
     * Tells how many records of releases the verifier rejected.
     *
     * @return 0 unless something is wrong
     */
    public long violations() {
        return qtop.violations();
    }

    /** Ends the proxy; streams that it held inside Tor are let go. */
    @Override
    public void close() {
        qtop.close();
    }
}
