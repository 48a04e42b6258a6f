package org.qtop.proxy.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the value of {@code --seed-source}: sources in order, joined by commas. Stateless. */
final class SeedSourceList {

    private static final String OS = "os";
    private static final Set<String> ALONE = Set.of(OS, "outshift", "anu");
    private static final Set<String> WITH_PATH = Set.of("device", "file");

    private SeedSourceList() {
    }

    /** Gives each source in its canonical form; {@code os} at the end of others is left out, as it is always there. */
    static List<String> read(String text) throws SettingException {
        List<String> sources = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (sources.contains(OS)) {
                throw SettingException.badValue(Setting.SEED_SOURCE, text,
                        "os never runs out, so nothing after it is ever asked; put it last or leave it out");
            }
            String source = source(part.strip(), text);
            if (sources.contains(source)) {
                throw SettingException.badValue(Setting.SEED_SOURCE, text, "a source is given twice; keep one");
            }
            sources.add(source);
        }
        if (sources.size() > 1) {
            sources.remove(OS);
        }
        return sources;
    }

    private static String source(String part, String text) throws SettingException {
        int colon = part.indexOf(':');
        String scheme = (colon < 0 ? part : part.substring(0, colon)).toLowerCase(Locale.ROOT);
        if (colon < 0 && scheme.equals("cisco_qapi")) {
            return "outshift";
        }
        if (colon < 0 && ALONE.contains(scheme)) {
            return scheme;
        }
        if (!WITH_PATH.contains(scheme) || colon < 0 || colon == part.length() - 1) {
            throw SettingException.badValue(Setting.SEED_SOURCE, text,
                    "give os, outshift, anu, device:PATH or file:PATH, or several joined by commas");
        }
        String path = part.substring(colon + 1);
        try {
            if (scheme.equals("file")) {
                Settings.readable("--seed-source " + part, Path.of(path));
            }
        } catch (InvalidPathException e) {
            throw SettingException.badValue(Setting.SEED_SOURCE, text, "give the name of a file or folder");
        }
        return scheme + ":" + path;
    }
}
