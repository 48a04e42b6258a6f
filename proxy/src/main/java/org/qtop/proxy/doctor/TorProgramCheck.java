package org.qtop.proxy.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qtop.proxy.privatenet.TorPrograms;
import org.qtop.proxy.privatenet.TorStartException;

/** Is tor installed, and new enough? Stateless. */
final class TorProgramCheck {

    static final String NAME = "tor-installed";

    /** The oldest series that still gets fixes, and the first with conflux, as major, minor, micro. */
    private static final int[] OLDEST = {0, 4, 8};
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)\\S*");
    private static final String INSTALL = "Install it: sudo apt-get install tor";
    private static final long LIMIT_SECONDS = 10;

    private TorProgramCheck() {
    }

    static Finding of(Optional<Path> program) {
        try {
            Path tor = program.isPresent() ? program.get() : TorPrograms.tor();
            Process process = new ProcessBuilder(tor.toString(), "--version").redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readNBytes(4_096), StandardCharsets.UTF_8);
            process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return judge(NAME, said, tor.toString());
        } catch (TorStartException e) {
            return Finding.failed(NAME, "The program tor was not found.", INSTALL);
        } catch (IOException e) {
            return Finding.failed(NAME, "The program tor cannot be run: " + e.getMessage(), INSTALL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.skipped(NAME, "Interrupted.");
        }
    }

    static Finding judge(String name, String said, String which) {
        Matcher version = VERSION.matcher(said);
        if (!version.find()) {
            return Finding.failed(name, which + " does not say which version it is.", INSTALL);
        }
        for (int i = 0; i < OLDEST.length; i++) {
            int part = Integer.parseInt(version.group(i + 1));
            if (part != OLDEST[i]) {
                return part > OLDEST[i] ? good(name, version.group(), which) : Finding.warning(name, "Tor "
                        + version.group() + " (" + which + ") is old: its series gets no fixes any more.",
                        "Bring it up to date: sudo apt-get install tor, or deb.torproject.org for older systems.");
            }
        }
        return good(name, version.group(), which);
    }

    private static Finding good(String name, String version, String which) {
        return Finding.ok(name, "Tor " + version + " (" + which + ")");
    }
}
