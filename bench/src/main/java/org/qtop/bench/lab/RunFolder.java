package org.qtop.bench.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a run keeps what it took, so that a later one can go on. Confined to one thread. */
final class RunFolder {

    /**
     * The testbed that the flows were taken on.
     *
     * @param seed the run's
     * @param preset how large it was
     * @param commit what was checked out
     * @param tor Tor's version
     * @param links round trips of the links
     * @param starts how often it was started, 1 or more
     */
    record Bed(long seed, String preset, String commit, String tor, List<String> links, int starts) {
    }

    private final Path out;
    private final ObjectMapper json = new ObjectMapper();

    RunFolder(Path out) throws IOException {
        this.out = out;
        Files.createDirectories(flows());
    }

    Path flows() {
        return out.resolve("flows");
    }

    Path findings() {
        return out.resolve("findings");
    }

    private Path bedFile() {
        return out.resolve("testbed.json");
    }

    /** The testbed of an earlier run, if there was one. */
    Optional<Bed> bed() throws IOException {
        return Files.exists(bedFile()) ? Optional.of(json.readValue(bedFile().toFile(), Bed.class)) : Optional.empty();
    }

    /**
     * Looks that a run may go on here.
     *
     * @throws IllegalArgumentException if what is here is of another seed, size or commit
     */
    void requireSame(long seed, String preset, String commit) throws IOException {
        Optional<Bed> there = bed();
        if (there.isPresent() && (there.get().seed() != seed || !there.get().preset().equals(preset)
                || !there.get().commit().equals(commit))) {
            throw new IllegalArgumentException(out + " holds flows of --" + there.get().preset() + ", seed "
                    + there.get().seed() + ", commit " + there.get().commit() + ": give the same, or another --out");
        }
    }

    void note(Bed bed) throws IOException {
        json.writeValue(bedFile().toFile(), bed);
    }
}
