package org.qtop.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads a configuration file: one {@code key = value} a line, {@code #} starts a comment line. Stateless. */
public final class ConfigFile {

    private ConfigFile() {
    }

    /**
     * Reads a file.
     *
     * @param file the file, UTF-8
     * @return the settings that it gives
     * @throws SettingException if the file cannot be read, or a line is not a known setting, given once
     */
    public static Map<Setting, String> read(Path file) throws SettingException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw SettingException.badFile("--config " + file, "cannot be read (" + reason(e)
                    + "); give a readable UTF-8 file");
        }
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                readLine(line, file + " line " + (i + 1), values);
            }
        }
        return values;
    }

    private static void readLine(String line, String where, Map<Setting, String> values) throws SettingException {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw SettingException.bad(where + ": \"" + line + "\" is not of the form key = value");
        }
        String key = line.substring(0, equals).strip();
        Setting setting = Setting.byKey(key)
                .orElseThrow(() -> SettingException.bad(where + ": there is no setting \"" + key
                        + "\"; qtop run --help lists them (without the dashes)"));
        if (values.put(setting, line.substring(equals + 1).strip()) != null) {
            throw SettingException.bad(where + ": \"" + key + "\" is given twice; keep one");
        }
    }

    /**
     * Says in a few words why a file could not be used.
     *
     * @param e the failure
     * @return such as {@code no such file}
     */
    public static String reason(IOException e) {
        if (e instanceof java.nio.file.NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof java.nio.charset.CharacterCodingException) {
            return "not UTF-8 text";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
