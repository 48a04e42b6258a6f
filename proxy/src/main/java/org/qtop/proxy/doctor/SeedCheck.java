package org.qtop.proxy.doctor;

import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.seed.SeedSourceProvider;
import org.qtop.proxy.config.Settings;

/** Does the seed source answer, and do its bytes pass the health tests? Stateless. */
final class SeedCheck {

    static final String NAME = "seed-source";

    private static final long LIMIT_SECONDS = 20;
    private static final String OS = "os";

    private SeedCheck() {
    }

    static Finding of(Settings settings) {
        String[] wanted = settings.seedSource().split(":", 2);
        ExecutorService background = Executors.newSingleThreadExecutor();
        try (QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY, wanted[0].equals(OS) ? List.of()
                : List.of(open(wanted[0], wanted.length > 1 ? wanted[1] : "")), background)) {
            SeedAccount account = cache.reseedAsync().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return account.setAside().isEmpty() ? Finding.ok(NAME, "The seed source " + wanted[0]
                    + " answers, and its bytes pass the health tests.") : Finding.failed(NAME, "The seed source "
                    + wanted[0] + " cannot be used: " + account.setAside().get(0).reason() + ".",
                    "Mend the source, or give --seed-source os; until then seeds come from the operating system.");
        } catch (IOException | ExecutionException | TimeoutException e) {
            return Finding.failed(NAME, "The seed source " + wanted[0] + " does not answer: " + e.getMessage() + ".",
                    "Mend the source, or give --seed-source os.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.skipped(NAME, "Interrupted.");
        } finally {
            background.shutdownNow();
        }
    }

    private static SeedSource open(String scheme, String argument) throws IOException {
        for (SeedSourceProvider provider : ServiceLoader.load(SeedSourceProvider.class)) {
            if (provider.scheme().equals(scheme)) {
                return provider.open(argument, System.getenv());
            }
        }
        throw new IOException("no such kind of seed source");
    }
}
