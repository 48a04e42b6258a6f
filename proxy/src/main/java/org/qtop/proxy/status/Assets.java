package org.qtop.proxy.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files of the page, from the jar. Thread-safe. */
final class Assets {

    private static final Map<String, String> TYPES = Map.of(
            "page.html", "text/html; charset=utf-8",
            "page.css", "text/css; charset=utf-8",
            "page.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private static final Map<String, byte[]> LOADED = new ConcurrentHashMap<>();

    private Assets() {
    }

    /** Gives a file's content type, or null if there is no such file. */
    static String type(String name) {
        return TYPES.get(name);
    }

    /** Gives a file. */
    static byte[] content(String name) {
        return LOADED.computeIfAbsent(name, Assets::load);
    }

    private static byte[] load(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the jar lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
