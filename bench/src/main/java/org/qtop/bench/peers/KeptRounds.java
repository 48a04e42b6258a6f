package org.qtop.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of a command that adds rounds to a kept table, and what it does with them. Confined to one thread. */
final class KeptRounds {

    @Option(names = "--into", required = true, description = "JSON file that keeps the rounds, and gets more")
    private Path into;

    @Option(names = "--rounds", defaultValue = "5", description = "how many rounds (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--fact", description = "NAME=VALUE, for the table; may be repeated")
    private Map<String, String> facts = Map.of();

    /** One more round. */
    interface Round {

        /**
         * Measures.
         *
         * @param kept gets the results
         * @param number of the round, from 1
         */
        void measure(Rounds kept, int number) throws IOException;
    }

    /** Reads what there is, and the facts of this run. */
    Rounds open() throws IOException {
        Rounds kept = Rounds.read(into);
        facts.forEach(kept::fact);
        return kept;
    }

    /** Adds as many rounds as were asked for, each kept as soon as it is over. */
    void add(Rounds kept, Round round) throws IOException {
        for (int i = 0; i < rounds; i++) {
            round.measure(kept, kept.count() + 1);
            kept.write(into);
        }
    }
}
