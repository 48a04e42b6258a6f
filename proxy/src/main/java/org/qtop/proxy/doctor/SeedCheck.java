package org.qtop.proxy.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.seed.SeedSources;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.seedsource.SourceSettings;

/**
 * Do the seed sources answer, and do their bytes pass the health tests? Stateless. Nothing is used up: a recording is
 * only looked at, and a hosted service, whose answers are counted, is not asked.
 */
final class SeedCheck {

    static final String NAME = "seed-source";

    private static final long LIMIT_SECONDS = 20;
    private static final List<String> HOSTED = List.of("outshift", "anu");

    private SeedCheck() {
    }

    static Finding of(Settings settings) {
        Map<String, String> forSources = new HashMap<>(SourceSettings.of(settings, System.getenv()));
        forSources.put(SourceSettings.LOOK_ONLY, "yes");
        List<String> fine = new ArrayList<>();
        for (String wanted : settings.seedSources()) {
            String scheme = SeedSources.scheme(wanted);
            try (SeedSource source = SeedSources.open(wanted, forSources)) {
                String trouble = HOSTED.contains(scheme) ? null : trouble(source);
                if (trouble != null) {
                    return Finding.failed(NAME, "The seed source " + scheme + " cannot be used: " + trouble + ".",
                            "Mend the source, or give --seed-source os; until then seeds come from the others and the"
                                    + " operating system.");
                }
                fine.add(scheme + (HOSTED.contains(scheme) ? " has a key (it is not asked, as answers are counted)"
                        : " answers, and its bytes pass the health tests"));
            } catch (IOException | IllegalArgumentException | ExecutionException | TimeoutException e) {
                return Finding.failed(NAME, "The seed source " + scheme + " does not answer: " + e.getMessage() + ".",
                        "Mend the source, or give --seed-source os.");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Finding.skipped(NAME, "Interrupted.");
            }
        }
        return Finding.ok(NAME, "The seed source " + String.join("; ", fine) + ".");
    }

    /** Draws as a run would at its start; gives what is wrong, or null. */
    private static String trouble(SeedSource source) throws ExecutionException, TimeoutException, InterruptedException {
        ExecutorService background = Executors.newSingleThreadExecutor();
        try (QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY, List.of(source), background)) {
            SeedAccount account = cache.reseedAsync().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return account.setAside().isEmpty() ? null : account.setAside().get(0).reason();
        } finally {
            background.shutdownNow();
        }
    }
}
