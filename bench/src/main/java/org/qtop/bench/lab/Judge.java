package org.qtop.bench.lab;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.qtop.bench.attack.Attack;
import org.qtop.bench.attack.AttackSettings;
import org.qtop.bench.attack.Controls;
import org.qtop.bench.attack.Dataset;
import org.qtop.bench.attack.Findings;
import org.qtop.bench.attack.Split;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.FlowStore;

/**
 * Runs attacks on what was taken, each anew on each mode, and keeps what they find, so that a run that goes on does not
 * run them again. Thread-safe.
 */
final class Judge {

    private static final int AT_ONCE = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Path flows;
    private final Path kept;
    private final AttackSettings settings;
    private final Consumer<String> say;
    /** What is derived from a figure is written for readers, and not read back. */
    private final ObjectMapper json =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    Judge(Path flows, Path kept, AttackSettings settings, Consumer<String> say) throws IOException {
        this.flows = flows;
        this.kept = kept;
        this.settings = settings;
        this.say = say;
        Files.createDirectories(kept);
    }

    /** What flows an attack is for. */
    static Task taskOf(Attack attack) {
        return switch (attack.task()) {
            case MOMENT -> Task.ACTION;
            case MARK -> Task.WATERMARK;
            default -> Task.TRAFFIC;
        };
    }

    /**
     * The flows of a mode that an attack is to be run on; none if none were taken. An attack that names sites gets
     * visits alone: other traffic is no site.
     */
    private List<Flow> flows(Attack attack, Mode mode) throws IOException {
        Path file = Capture.file(flows, taskOf(attack), mode);
        List<Flow> all = Files.exists(file) ? FlowStore.read(file) : List.of();
        return attack.task() != Attack.Task.SITE ? all
                : all.stream().filter(flow -> flow.label() < Workload.SITES).toList();
    }

    /**
     * Runs attacks on modes.
     *
     * @return by mode; an attack that says that it has too little to go on is noted and left out
     */
    Map<String, List<Findings>> run(List<Attack> attacks, List<Mode> modes) throws IOException, InterruptedException {
        List<Mode> each = new ArrayList<>();
        List<Callable<Optional<Findings>>> work = new ArrayList<>();
        for (Attack attack : attacks) {
            for (Mode mode : modes) {
                if (taskOf(attack).modes().contains(mode)) {
                    each.add(mode);
                    work.add(() -> findings(attack, mode));
                }
            }
        }
        List<Optional<Findings>> found = atOnce(work);
        Map<String, List<Findings>> byMode = new LinkedHashMap<>();
        for (Mode mode : modes) {
            byMode.put(mode.key(), new ArrayList<>());
        }
        for (int i = 0; i < found.size(); i++) {
            List<Findings> mine = byMode.get(each.get(i).key());
            found.get(i).ifPresent(mine::add);
        }
        return byMode;
    }

    private static <T> List<T> atOnce(List<Callable<T>> work) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException fault) {
            throw new IOException("an attack failed: " + fault.getCause(), fault.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private Optional<Findings> findings(Attack attack, Mode mode) throws IOException {
        List<Flow> mine = flows(attack, mode);
        return Optional.ofNullable(kept(attack.name() + "-" + mode.key() + "-" + mine.size(), Findings.class,
                attack.name() + " on " + mode.key(),
                () -> attack.run(Split.of(mine), settings.withSpacings(Spacings.of(mode)))));
    }

    /**
     * Runs the controls of attacks: on flows where it is known what must come out.
     *
     * @return what each came to, on the first of the modes that has flows
     */
    List<Controls.Outcome> controls(List<Attack> attacks, List<Mode> modes) throws IOException, InterruptedException {
        List<Callable<List<Controls.Outcome>>> work = new ArrayList<>();
        for (Attack attack : attacks) {
            work.add(() -> controls(attack, modes));
        }
        return atOnce(work).stream().flatMap(List::stream).toList();
    }

    private List<Controls.Outcome> controls(Attack attack, List<Mode> modes) throws IOException {
        for (Mode mode : modes) {
            List<Flow> mine = flows(attack, mode);
            if (!mine.isEmpty()) {
                Controls controls = new Controls(settings.withSpacings(Spacings.of(mode)));
                Controls.Outcome[] found = kept("controls-" + attack.name() + "-" + mode.key() + "-" + mine.size(),
                        Controls.Outcome[].class, "controls of " + attack.name(),
                        () -> controls.of(attack, new Dataset(mode.key(), mine)).toArray(Controls.Outcome[]::new));
                return found == null ? List.of() : List.of(found);
            }
        }
        return List.of();
    }

    /** Reads what was kept, or makes and keeps it; null if there is too little to go on. */
    private <T> T kept(String name, Class<T> type, String words, Supplier<T> maker) throws IOException {
        Path file = kept.resolve(name + ".json");
        if (Files.exists(file)) {
            return json.readValue(file.toFile(), type);
        }
        long begun = System.nanoTime();
        try {
            T made = maker.get();
            Path half = kept.resolve(name + ".half");
            json.writeValue(half.toFile(), made);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            say.accept(words + ": " + Words.span((System.nanoTime() - begun) / NANOS_PER_SECOND));
            return made;
        } catch (IllegalArgumentException tooLittle) {
            say.accept(words + " was left out: " + tooLittle.getMessage());
            return null;
        }
    }
}
