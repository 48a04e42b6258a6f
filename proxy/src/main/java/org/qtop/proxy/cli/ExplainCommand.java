package org.qtop.proxy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.qtop.engine.guarantee.Explanation;
import org.qtop.engine.guarantee.Guarantee;
import org.qtop.engine.guarantee.HoldShape;
import org.qtop.proxy.config.ConfigFile;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qtop explain}: what the settings in force hide, in numbers. */
@Command(name = "explain", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Say in numbers what the holds hide: how well the best guesser does who sees only the release.")
final class ExplainCommand implements Callable<Integer> {

    /** The settings that it takes, as {@code qtop run} does. */
    static final Set<Setting> SETTINGS = EnumSet.of(Setting.MIN_HOLD, Setting.MAX_HOLD, Setting.DISTRIBUTION);

    private static final long LONGEST_APART_NANOS = 3_600_000_000_000L;
    private static final int MOST_STREAMS = 1_000_000;
    /** The mean of the other law, where the settings name none: as for {@code --distribution exponential}. */
    private static final long MEAN_DIVISOR = 4;

    private final SettingOptions options;

    @Option(names = "--apart", paramLabel = "TIME", defaultValue = "1ms",
            description = "the time between the two moments that are to be told apart (default: ${DEFAULT-VALUE})")
    private String apart;

    @Option(names = "--streams", paramLabel = "COUNT", defaultValue = "1",
            description = "how many streams share the moment (default: ${DEFAULT-VALUE})")
    private int streams;

    @Option(names = "--plot", paramLabel = "FILE.png", description = "draw success against the time apart")
    private Path plot;

    ExplainCommand(SettingOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws Failure {
        HoldShape shape = shape();
        long apartNanos = Values.nanos(apart).filter(nanos -> nanos > 0 && nanos <= LONGEST_APART_NANOS).orElseThrow(
                () -> new Failure(ExitCode.USAGE, "--apart " + apart + ": give a time above 0 and up to 1h, such as"
                        + " 2ms"));
        if (streams < 1 || streams > MOST_STREAMS) {
            throw new Failure(ExitCode.USAGE, "--streams " + streams + ": give a whole number from 1 to "
                    + MOST_STREAMS);
        }
        Explanation explanation = new Explanation(shape, apartNanos, streams);
        Console console = Console.standardOutput();
        List<String> lines = explanation.lines();
        int covered = lines.size() - Explanation.notCovered().size();
        lines.subList(0, covered).forEach(console::line);
        compare(explanation, console);
        lines.subList(covered, lines.size()).forEach(console::line);
        if (plot != null) {
            draw(explanation, console);
        }
        return ExitCode.OK.code();
    }

    private HoldShape shape() throws Failure {
        try {
            Settings settings = options.settings(System.getenv());
            return new HoldShape(settings.minHoldNanos(), settings.maxHoldNanos(), settings.meanHoldNanos());
        } catch (SettingException e) {
            throw Failure.of(e);
        }
    }

    private void compare(Explanation asked, Console console) {
        console.line("The laws on this range, for " + Values.time(asked.apartNanos()) + " apart and "
                + (streams == 1 ? "one stream:" : streams + " streams:"));
        for (HoldShape law : laws(asked.shape())) {
            Explanation.Row row = new Explanation(law, asked.apartNanos(), streams).row();
            console.line(String.format(Locale.ROOT, "  %-43s variation %.3f, best guess %.3f", name(law),
                    row.totalVariationOfAll(), row.bestGuessOfAll()));
        }
        double bound = asked.row().bound();
        console.line(String.format(Locale.ROOT, "  %-43s variation %.3f, best guess %.3f",
                "least of any law, one stream", bound, Guarantee.bestGuess(bound)));
        console.line("");
    }

    /** Both laws on the same range; the exponential's mean is the one in force, or the default. */
    private static List<HoldShape> laws(HoldShape inForce) {
        long mean = inForce.meanNanos() > 0 ? inForce.meanNanos() : Math.max(1, inForce.widthNanos() / MEAN_DIVISOR);
        return List.of(HoldShape.uniform(inForce.minNanos(), inForce.maxNanos()),
                HoldShape.exponential(inForce.minNanos(), inForce.maxNanos(), mean));
    }

    private static String name(HoldShape law) {
        return law.meanNanos() == 0 ? "uniform"
                : "exponential, mean " + Values.time(law.minNanos() + law.meanNanos()) + " before the cut";
    }

    private void draw(Explanation asked, Console console) throws Failure {
        try {
            Files.write(plot, ExplainPlot.png(laws(asked.shape()), asked));
        } catch (IOException e) {
            throw new Failure(ExitCode.FILE, "--plot " + plot + ": cannot be written (" + ConfigFile.reason(e)
                    + "); give a file in a folder that this user may write");
        }
        console.line("");
        console.line("The picture is in " + plot);
    }
}
