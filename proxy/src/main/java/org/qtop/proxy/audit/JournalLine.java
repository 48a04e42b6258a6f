package org.qtop.proxy.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.proxy.stream.Kind;

/**
 * The text of one release in a journal: one JSON object on one line.
 *
 * <p>Fields: {@code stream} and {@code circuit} (Tor's numbers, null where unknown), {@code kind}, {@code advance} (16
 * hex digits), {@code holdNanos}, {@code latenessNanos}, {@code phase} and {@code winding} after binding, {@code from}
 * (the phase before), {@code n} (bindings on this path, from 1) and {@code law}. Stateless and thread-safe.
 */
public final class JournalLine {

    private static final JsonFactory JSON = new JsonFactory();
    private static final HexFormat HEX = HexFormat.of();

    private JournalLine() {
    }

    /**
     * Writes a release.
     *
     * @param release the release
     * @return one line, without its end
     */
    public static String write(Release release) {
        StringBuilder line = new StringBuilder();
        write(release, line);
        return line.toString();
    }

    /**
     * Writes a release behind other text.
     *
     * @param release the release
     * @param line takes one line in ASCII, without its end
     */
    static void write(Release release, StringBuilder line) {
        ReleaseRecord record = release.record();
        number(record.stream(), line.append("{\"stream\":"));
        number(record.circuit(), line.append(",\"circuit\":"));
        line.append(",\"kind\":\"").append(release.kind().word());
        hex(record.advance(), line.append("\",\"advance\":\""));
        line.append("\",\"holdNanos\":").append(record.holdNanos());
        line.append(",\"latenessNanos\":").append(record.latenessNanos());
        hex(record.from(), line.append(",\"from\":\""));
        hex(record.phase(), line.append("\",\"phase\":\""));
        line.append("\",\"winding\":").append(record.winding());
        line.append(",\"n\":").append(record.n());
        line.append(",\"law\":\"").append(record.law()).append("\"}");
    }

    private static void number(long id, StringBuilder line) {
        if (id == 0) {
            line.append("null");
        } else {
            line.append(id);
        }
    }

    private static void hex(long value, StringBuilder line) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            HEX.toHexDigits(line, (byte) (value >>> shift));
        }
    }

    /**
     * Reads a release.
     *
     * @param line one line of a journal
     * @return the release
     * @throws IllegalArgumentException if it is not a whole journal line; the message says what is missing
     */
    public static Release read(String line) {
        Map<String, String> fields = fields(line);
        Kind kind = Kind.ofWord(text(fields, "kind"));
        if (kind == null) {
            throw new IllegalArgumentException("kind is none of connect, resolve, resolve_ptr");
        }
        return new Release(new ReleaseRecord(integer(fields, "stream"), integer(fields, "circuit"),
                hex(fields, "advance"), integer(fields, "holdNanos"), integer(fields, "latenessNanos"),
                hex(fields, "from"), hex(fields, "phase"), integer(fields, "winding"), integer(fields, "n"),
                text(fields, "law")), kind);
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == null || !value.isScalarValue()) {
                    throw new IllegalArgumentException("field " + name + " is not a plain value");
                }
                fields.put(name, value == JsonToken.VALUE_NULL ? "0" : parser.getText());
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("something follows the JSON object");
            }
            return fields;
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON");
        }
    }

    private static String text(Map<String, String> fields, String name) {
        String text = fields.get(name);
        if (text == null) {
            throw new IllegalArgumentException("field " + name + " is missing");
        }
        return text;
    }

    private static long integer(Map<String, String> fields, String name) {
        try {
            return Long.parseLong(text(fields, name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("field " + name + " is not a whole number");
        }
    }

    private static long hex(Map<String, String> fields, String name) {
        String text = text(fields, name);
        if (text.length() != 16 || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("field " + name + " is not 16 hex digits");
        }
        return HexFormat.fromHexDigitsToLong(text);
    }
}
