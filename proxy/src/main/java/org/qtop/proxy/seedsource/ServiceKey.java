package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds a service's key: in the key file, else in the environment. Stateless; never says what it read. */
final class ServiceKey {

    private static final int MOST_FILE_BYTES = 8_192;
    private static final Pattern NAMED = Pattern.compile("(outshift|cisco_qapi|anu)\\s*=\\s*(\\S+)");
    private static final Pattern KEY = Pattern.compile("[!-~]{1,512}");

    private ServiceKey() {
    }

    /**
     * Finds a key.
     *
     * @param service the service's name
     * @param settings the environment and {@link SourceSettings}
     * @throws IOException if the key file cannot be read
     * @throws IllegalArgumentException if there is no key, or it cannot be one
     */
    static String find(String service, Map<String, String> settings) throws IOException {
        String variable = "QTOP_" + service.toUpperCase(Locale.ROOT) + "_KEY";
        String file = settings.get(SourceSettings.KEY_FILE);
        String key = file == null ? null : inFile(service, Path.of(file));
        if (key == null) {
            key = settings.get(variable);
        }
        if (key == null || key.isBlank()) {
            throw new IllegalArgumentException("a key is needed: set the environment variable " + variable
                    + " or give --seed-key-file");
        }
        if (!KEY.matcher(key.strip()).matches()) {
            throw new IllegalArgumentException("what is given as the key is not 1 to 512 printable characters without"
                    + " blanks");
        }
        return key.strip();
    }

    private static String inFile(String service, Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("the key file is not a plain file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_FILE_BYTES + 1);
        } catch (IOException e) {
            throw new IOException("the key file cannot be read (" + Reasons.of(e) + ")", e);
        }
        if (bytes.length > MOST_FILE_BYTES) {
            throw new IOException("the key file is too long to be one");
        }
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        return inLines(service, lines);
    }

    /** One key alone is for whatever is asked; otherwise every line names its service. */
    private static String inLines(String service, List<String> lines) throws IOException {
        String found = null;
        for (String line : lines) {
            Matcher named = NAMED.matcher(line);
            if (named.matches()) {
                String name = named.group(1).equals("cisco_qapi") ? "outshift" : named.group(1);
                found = name.equals(service) ? named.group(2) : found;
            } else if (lines.size() == 1) {
                return line;
            } else {
                throw new IOException("a line of the key file is not of the form outshift = KEY or anu = KEY");
            }
        }
        return found;
    }
}
