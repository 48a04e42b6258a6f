package org.qtop.bench.lab;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.qtop.bench.attack.AttackSettings;
import org.qtop.bench.attack.Dataset;
import org.qtop.bench.attack.ForestExport;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.FlowStore;

/** Writes down what the forest learns from in a run's visits, for {@code scripts/forest-check}. Stateless. */
public final class ForestCommand {

    private static final long SEED = 1;

    private ForestCommand() {
    }

    /**
     * Reads flows and writes {@link ForestExport}'s form.
     *
     * @param args a file of a run's folder of flows, and the file to write
     * @throws IOException if one cannot be read or the other not be written
     * @throws IllegalArgumentException if these are not two, or the flows are too few
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("which file of flows, and which file to write?");
        }
        List<Flow> visits = FlowStore.read(Path.of(args[0])).stream()
                .filter(flow -> flow.label() < Workload.SITES).toList();
        try (Writer to = Files.newBufferedWriter(Path.of(args[1]))) {
            ForestExport.write(new Dataset(args[0], visits), AttackSettings.full(SEED), to);
        }
    }
}
