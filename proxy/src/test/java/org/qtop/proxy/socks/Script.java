package org.qtop.proxy.socks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a client does, step by step. Immutable.
 *
 * <p>As text, a script is a list of words, which make up writes: hexadecimal bytes; {@code 'text'}; a word times a
 * number, {@code 41*255}; a name in braces, {@code {echo}}, for bytes that are known only when the test runs. Between
 * writes stands {@code ~}, a pause, {@code ~*9}, nine, or {@code |}, none. At the end may stand {@code FIN} or {@code
 * RST}; else the client waits for what comes.
 *
 * @param name what it shows
 * @param steps what it does, in order
 */
record Script(String name, List<Step> steps) {

    /** One step. */
    sealed interface Step {
    }

    /** Bytes in one write. */
    record Write(byte[] bytes) implements Step {
    }

    /** Nothing, for a while. */
    record Pause() implements Step {
    }

    /** The client ends its output. */
    record End() implements Step {
    }

    /** The client resets the connection. */
    record Reset() implements Step {
    }

    Script {
        steps = List.copyOf(steps);
    }

    /** Reads a script. */
    static Script parse(String name, String text, Map<String, byte[]> names) {
        List<Step> steps = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String word : words(text)) {
            if (word.startsWith("~*")) {
                steps.addAll(flushed(bytes));
                steps.addAll(Collections.nCopies(Integer.parseInt(word.substring(2)), new Pause()));
                continue;
            }
            Step step = switch (word) {
                case "~" -> new Pause();
                case "FIN" -> new End();
                case "RST" -> new Reset();
                default -> null;
            };
            if (step == null && !word.equals("|")) {
                bytes.writeBytes(bytesOf(word, names));
                continue;
            }
            steps.addAll(flushed(bytes));
            if (step != null) {
                steps.add(step);
            }
        }
        steps.addAll(flushed(bytes));
        return new Script(name, steps);
    }

    private static List<Step> flushed(ByteArrayOutputStream bytes) {
        List<Step> write = bytes.size() == 0 ? List.of() : List.of(new Write(bytes.toByteArray()));
        bytes.reset();
        return write;
    }

    /** Splits at blanks that are not within quotes. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (text + " ").toCharArray()) {
            quoted ^= c == '\'';
            if (c != ' ' || quoted) {
                word.append(c);
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        return words;
    }

    private static byte[] bytesOf(String word, Map<String, byte[]> names) {
        int star = word.startsWith("'") ? word.indexOf('*', word.lastIndexOf('\'')) : word.indexOf('*');
        if (star > 0) {
            byte[] once = bytesOf(word.substring(0, star), names);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = Integer.parseInt(word.substring(star + 1)); i > 0; i--) {
                all.writeBytes(once);
            }
            return all.toByteArray();
        }
        if (word.startsWith("'")) {
            String text = word.substring(1, word.length() - 1);
            return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        if (word.startsWith("{")) {
            byte[] bytes = names.get(word.substring(1, word.length() - 1));
            if (bytes == null) {
                throw new IllegalArgumentException("nothing is called " + word);
            }
            return bytes;
        }
        return HexFormat.of().parseHex(word);
    }

    /** Reads a file of scripts: {@code name: script} a line, {@code #} begins a comment line. */
    static List<Script> read(String resource, Map<String, byte[]> names) throws IOException {
        try (InputStream in = Script.class.getResourceAsStream("/differential/" + resource)) {
            List<Script> scripts = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                int colon = line.indexOf(": ");
                if (!line.startsWith("#") && colon > 0) {
                    scripts.add(parse(line.substring(0, colon), line.substring(colon + 2), names));
                }
            }
            return scripts;
        }
    }

    /** All bytes that are written. */
    byte[] written() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        steps.forEach(step -> {
            if (step instanceof Write write) {
                all.writeBytes(write.bytes());
            }
        });
        return all.toByteArray();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        Step last = null;
        for (Step step : steps) {
            if (step instanceof Write write) {
                text.append(last instanceof Write ? "| " : "").append(HexFormat.of().formatHex(write.bytes()));
            } else {
                text.append(step instanceof Pause ? "~" : step instanceof End ? "FIN" : "RST");
            }
            text.append(' ');
            last = step;
        }
        return text.toString().strip();
    }
}
