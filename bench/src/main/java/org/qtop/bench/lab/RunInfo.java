package org.qtop.bench.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Under which circumstances figures came to be. Immutable.
 *
 * @param preset how much it took on
 * @param command the command line
 * @param commit what was checked out
 * @param seed where all draws came from
 * @param ended when, in UTC
 * @param machine processors and their name
 * @param java the Java machine
 * @param tor Tor's version
 * @param wires how the links between relays were made
 * @param links round trips of the links
 * @param lost flows that were given up
 * @param notes what a reader must know besides
 */
record RunInfo(String preset, String command, String commit, long seed, String ended, String machine, String java,
        String tor, String wires, List<String> links, int lost, List<String> notes) {

    static final String WIRES = "forwarders in user space before every relay, 20 to 80 ms a round trip, with jitter";

    static RunInfo of(Preset preset, String command, String commit, long seed, String tor, List<String> links,
            int lost, List<String> notes) {
        return new RunInfo(preset.key(), command, commit, seed,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), processors(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"), tor, WIRES, links, lost,
                notes);
    }

    private static String processors() {
        String processor = "unknown processor";
        try {
            processor = Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':') + 1))
                    .findFirst().orElse(processor).strip();
        } catch (IOException notLinux) {
            // The name stays unknown.
        }
        return Runtime.getRuntime().availableProcessors() + " x " + processor;
    }
}
