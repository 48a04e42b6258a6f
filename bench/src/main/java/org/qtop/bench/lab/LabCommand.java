package org.qtop.bench.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.qtop.bench.attack.Attack;
import org.qtop.bench.attack.AttackSettings;
import org.qtop.bench.attack.Attacks;
import org.qtop.bench.attack.Compare;
import org.qtop.bench.attack.Controls;
import org.qtop.bench.attack.Findings;
import org.qtop.bench.attack.Split;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.FlowStore;
import org.qtop.proxy.privatenet.NetworkProgress;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The laboratory's command, for {@code scripts/lab}. Confined to one thread. */
@Command(name = "lab", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Takes flows through a private Tor network, with and without qtop, attacks them, and writes a report.",
    "A run that was cut off goes on if it is given the same folder, seed and size."})
public final class LabCommand implements Callable<Integer> {

    private static final int USAGE = 2;
    private static final int WANTED_TESTS = 1_000;
    private static final double TEST_SHARE = 1 - Split.TRAINING - Split.VALIDATION;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    @Option(names = "--quick", description = "at most 12 minutes on two cores (the default)")
    private boolean quick;

    @Option(names = "--full", description = "at most 3 hours on two cores")
    private boolean full;

    @Option(names = "--smoke", description = "a minute or two, to see that all works: its figures mean nothing")
    private boolean smoke;

    @Option(names = "--modes", split = ",", paramLabel = "MODE",
            description = "only these modes: ${COMPLETION-CANDIDATES}",
            completionCandidates = ModeNames.class)
    private List<String> modeNames = List.of();

    @Option(names = "--attacks", split = ",", paramLabel = "ATTACK",
            description = "only these: ${COMPLETION-CANDIDATES}",
            completionCandidates = AttackNames.class)
    private List<String> attackNames = List.of();

    @Option(names = "--flows", paramLabel = "COUNT", description = "flows of traffic a mode; the others in proportion")
    private int flows;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "NUMBER",
            description = "where all draws come from (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "where the report and the flows go")
    private Path out;

    @Option(names = "--commit", defaultValue = "unknown", hidden = true)
    private String commit;

    @Option(names = "--said", defaultValue = "", hidden = true)
    private String command;

    /** The modes' names, for the help. */
    static final class ModeNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ModeNames() {
            super(Stream.of(Mode.values()).map(Mode::key).toList());
        }
    }

    /** The attacks' names, for the help. */
    static final class AttackNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        AttackNames() {
            super(Attacks.all().stream().map(Attack::name).toList());
        }
    }

    /**
     * Runs the command and ends the process.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the command; returns 0, 1 if it failed, 2 if the command line is wrong. */
    static int run(String... args) {
        return new CommandLine(new LabCommand()).setExecutionExceptionHandler((fault, line, parsed) -> {
            line.getErr().println("lab: " + (fault.getMessage() == null ? fault : fault.getMessage()));
            return fault instanceof IllegalArgumentException ? USAGE : 1;
        }).execute(args);
    }

    /** Returns 0, or 1 if a control came out wrong: then no figure of the run can be believed. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        Preset preset = full ? Preset.FULL : smoke ? Preset.SMOKE : Preset.QUICK;
        List<Mode> modes = modeNames.isEmpty() ? preset.modes() : modeNames.stream().map(Mode::of).toList();
        List<Attack> attacks = attackNames.isEmpty() ? Attacks.all() : attackNames.stream().map(LabCommand::attack)
                .toList();
        say("seed " + seed + ", " + preset.key() + ", modes " + modes.stream().map(Mode::key).toList());
        RunFolder folder = new RunFolder(out);
        folder.requireSame(seed, preset.key(), commit);
        Path kept = folder.flows();
        RunInfo run;
        Map<Task, Integer> counts = counts(preset, attacks);
        try (Capture capture = new Capture(kept, preset.orders(seed), counts, modes,
                System.nanoTime() + preset.capture().toNanos(), LabCommand::say)) {
            run = take(preset, counts, capture, folder);
        }
        AttackSettings settings = preset.attackSettings(seed);
        Judge judge = new Judge(kept, folder.findings(), settings, LabCommand::say);
        List<Controls.Outcome> controls = judge.controls(attacks, modes);
        Map<String, List<Findings>> findings = judge.run(attacks, modes);
        Results results = new Results(run, costs(kept, modes, settings), findings, differences(findings, settings),
                controls);
        String summary = Report.write(out, results, attacks);
        System.out.println(summary);
        Report.circumstances(run).forEach(System.out::println);
        say("the report is in " + out.resolve(Report.PAGE));
        controls.stream().filter(one -> !one.passed()).forEach(one -> say("the control \"" + one.control() + "\" of "
                + one.attack() + " came out wrong: " + Tables.cell(one.figure()) + ", not " + one.expected()));
        return controls.stream().allMatch(Controls.Outcome::passed) ? 0 : 1;
    }

    private static Attack attack(String name) {
        return Attacks.all().stream().filter(attack -> attack.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no attack is called \"" + name + "\": there are "
                        + String.join(", ", new AttackNames())));
    }

    /** Only the tasks whose flows somebody looks at. */
    private Map<Task, Integer> counts(Preset preset, List<Attack> attacks) {
        Map<Task, Integer> counts = preset.counts(flows);
        counts.keySet().removeIf(task -> attacks.stream().noneMatch(attack -> Judge.taskOf(attack) == task));
        return counts;
    }

    private RunInfo take(Preset preset, Map<Task, Integer> counts, Capture capture, RunFolder folder)
            throws IOException, InterruptedException {
        int lost = 0;
        List<String> notes = new ArrayList<>();
        if (!capture.complete()) {
            say("starting a private Tor network and its clients");
            try (Testbed bed = Testbed.start(preset.size(seed), NetworkProgress.NONE)) {
                folder.note(new RunFolder.Bed(seed, preset.key(), commit, bed.torVersion(), bed.links(),
                        1 + folder.bed().map(RunFolder.Bed::starts).orElse(0)));
                lost = capture.run(bed.clients());
            }
            if (capture.unbegun() > 0) {
                notes.add("The time was up before all flows were taken: " + capture.unbegun() + " are missing. The same"
                        + " command with the same --out takes them.");
            }
        }
        RunFolder.Bed bed = folder.bed().orElseThrow();
        long tested = Math.round(counts.getOrDefault(Task.TRAFFIC, 0) * TEST_SHARE);
        if (tested < WANTED_TESTS) {
            notes.add("A " + preset.key() + " run with some " + tested + " test flows of traffic a mode: fewer than "
                    + WANTED_TESTS + ", so wider intervals"
                    + (preset == Preset.SMOKE ? "; its figures mean nothing." : "."));
        }
        if (bed.starts() > 1) {
            notes.add("The flows were taken in " + bed.starts() + " goes, each on a network and clients started anew,"
                    + " with other guards: what was learned in one is tested on another.");
        }
        return RunInfo.of(preset, command.isEmpty() ? "lab" : command, commit, seed, bed.tor(),
                bed.links(), lost, notes);
    }

    private static Map<String, Map<String, Costs>> costs(Path kept, List<Mode> modes, AttackSettings settings)
            throws IOException {
        Map<String, Map<String, Costs>> costs = new LinkedHashMap<>();
        for (Task task : Task.values()) {
            Map<String, Costs> mine = new LinkedHashMap<>();
            for (Mode mode : modes) {
                Path file = Capture.file(kept, task, mode);
                List<Flow> all = java.nio.file.Files.exists(file) ? FlowStore.read(file) : List.of();
                if (!all.isEmpty()) {
                    mine.put(mode.key(), Costs.of(all, Capture.cpuFile(kept, task, mode), settings.bootstraps(),
                            settings.seed()));
                }
            }
            if (!mine.isEmpty()) {
                costs.put(task.key(), mine);
            }
        }
        return costs;
    }

    /** Each attack is a family of its own for Holm's correction: what is asked of one is not asked of another. */
    private static List<Compare.Difference> differences(Map<String, List<Findings>> findings,
            AttackSettings settings) {
        List<Compare.Difference> differences = new ArrayList<>();
        for (Findings base : findings.getOrDefault(Mode.DIRECT.key(), List.of())) {
            List<Compare.Mode> others = findings.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(Mode.DIRECT.key()))
                    .map(entry -> new Compare.Mode(entry.getKey(), entry.getValue())).toList();
            differences.addAll(
                    Compare.between(new Compare.Mode(Mode.DIRECT.key(), List.of(base)), others, settings));
        }
        return differences;
    }

    private static void say(String words) {
        System.err.println(LocalTime.now().format(TIME) + " " + words);
    }
}
