package org.qtop.proxy.control;

/**
 * Walks along the text of one event: words first, then {@code KEY=VALUE} fields whose values may be quoted. Makes no
 * objects but those asked for, and takes any text. Confined to one thread.
 *
 * <p>Source: Tor control-spec, "General-use tokens" (QuotedString) and "Asynchronous events".
 */
final class EventFields {

    private final String text;
    private int position;
    private int keyStart;
    private int keyEnd;
    private int valueStart;
    private int valueEnd;
    private boolean quoted;

    EventFields(String text) {
        this.text = text;
    }

    /**
     * Takes the next word.
     *
     * @return the word, or null at the end
     */
    String word() {
        skipSpaces();
        int start = position;
        while (position < text.length() && text.charAt(position) != ' ') {
            position++;
        }
        return start == position ? null : text.substring(start, position);
    }

    /**
     * Goes to the next field that has a key, passing over words without one.
     *
     * @return false at the end
     */
    boolean next() {
        while (true) {
            skipSpaces();
            if (position >= text.length()) {
                return false;
            }
            keyStart = position;
            while (position < text.length() && text.charAt(position) != ' ' && text.charAt(position) != '=') {
                position++;
            }
            keyEnd = position;
            if (position < text.length() && text.charAt(position) == '=') {
                position++;
                value();
                return true;
            }
        }
    }

    /**
     * Goes to the next value that has no key, quoted or not.
     *
     * @return false at the end
     */
    boolean nextValue() {
        skipSpaces();
        if (position >= text.length()) {
            return false;
        }
        keyStart = position;
        keyEnd = position;
        value();
        return true;
    }

    /**
     * Tells whether the present field has this key.
     *
     * @param key in capitals, as Tor writes it
     * @return true if it has
     */
    boolean is(String key) {
        return keyEnd - keyStart == key.length() && text.startsWith(key, keyStart);
    }

    /**
     * The present field's value without its quotes.
     *
     * @return never null
     */
    String get() {
        String raw = text.substring(valueStart, valueEnd);
        return quoted ? unescape(raw) : raw;
    }

    private void value() {
        quoted = position < text.length() && text.charAt(position) == '"';
        if (!quoted) {
            valueStart = position;
            while (position < text.length() && text.charAt(position) != ' ') {
                position++;
            }
            valueEnd = position;
            return;
        }
        valueStart = ++position;
        while (position < text.length() && text.charAt(position) != '"') {
            position += text.charAt(position) == '\\' ? 2 : 1;
        }
        valueEnd = Math.min(position, text.length());
        position = Math.min(position + 1, text.length());
    }

    private void skipSpaces() {
        while (position < text.length() && text.charAt(position) == ' ') {
            position++;
        }
    }

    /**
     * Undoes the escapes of a quoted string: {@code \n}, {@code \r}, {@code \t}, one to three octal digits, and any
     * other character for itself.
     *
     * @param raw what stood between the quotes
     * @return one character, 0 to 255, for each byte
     */
    static String unescape(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\' || i == raw.length()) {
                out.append(c);
                continue;
            }
            char escaped = raw.charAt(i++);
            if (isOctal(escaped)) {
                int value = escaped - '0';
                int end = Math.min(raw.length(), i + 2);
                while (i < end && isOctal(raw.charAt(i)) && value * 8 + raw.charAt(i) - '0' <= 0xFF) {
                    value = value * 8 + raw.charAt(i++) - '0';
                }
                out.append((char) value);
            } else {
                out.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped == 't' ? '\t' : escaped);
            }
        }
        return out.toString();
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }
}
