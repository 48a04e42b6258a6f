package org.qtop.proxy.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.qtop.engine.seed.OsSeedSource;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SourceFault;

/** Says for a person where seeds came from, and no more than is so. Stateless. */
final class SeedWords {

    private SeedWords() {
    }

    /** One item: how many there are, and of which origin. */
    static String now(SeedAccount account) {
        String filled = String.format(Locale.US, "%,d of %,d", account.available(), account.capacity());
        if (account.reseeds() == 0) {
            return filled + " so far; until a source has answered they come from " + origin(OsSeedSource.NAME);
        }
        String last = account.lastReseedOrigin();
        return filled + ", made by a DRBG from " + (last.equals(OsSeedSource.NAME) ? ""
                : String.format(Locale.US, "%,d bits of %s and ", account.bits(last), origin(last)))
                + origin(OsSeedSource.NAME);
    }

    /** One line for each source that is not in use. */
    static List<String> setAside(SeedAccount account) {
        List<String> lines = new ArrayList<>();
        for (SourceFault fault : account.setAside()) {
            lines.add(origin(fault.origin()) + " is not in use: " + fault.reason());
        }
        return lines;
    }

    /** What became of them, in one line. */
    static String summary(SeedAccount account) {
        return String.format(Locale.US, "%,d made (after a reseed from %s), %,d handed out, %,d of them while the"
                + " cache was empty; reseeds: %,d; raw bits drawn: %s%s", account.made(), each(account.seedsByOrigin()),
                account.handedOut(), account.misses(), account.reseeds(), each(account.bitsByOrigin()),
                account.setAside().isEmpty() ? "" : "; set aside: " + String.join(", ",
                        account.setAside().stream().map(SourceFault::origin).toList()));
    }

    private static String each(Map<String, Long> counts) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(counts).forEach((name, count) -> parts.add(String.format(Locale.US, "%s: %,d", name, count)));
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    private static String origin(String name) {
        return switch (name) {
            case "os" -> "the operating system's generator";
            case "outshift" -> "outshift (Cisco's quantum random numbers)";
            case "anu" -> "anu (ANU Quantum Numbers)";
            case "device" -> "the device";
            case "file" -> "the recording";
            default -> "the source " + name;
        };
    }
}
