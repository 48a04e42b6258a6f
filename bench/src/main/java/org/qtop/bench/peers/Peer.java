package org.qtop.bench.peers;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Something that stands between a client and Tor.
 *
 * @param name in the table
 * @param command what starts it; {@code @LISTEN@}, {@code @SOCKS@} and {@code @CONTROL@} are replaced by ports of
 *     127.0.0.1, {@code @CONFIG@} by the path of its configuration; empty for no proxy at all
 * @param configuration the text of its configuration, in which the same is replaced; empty if it needs none
 * @param environment variables that it gets besides
 */
record Peer(String name, List<String> command, String configuration, Map<String, String> environment) {

    /** A peer without variables. */
    Peer(String name, List<String> command, String configuration) {
        this(name, command, configuration, Map.of());
    }

    /** Whether it is no proxy at all. */
    boolean direct() {
        return command.isEmpty();
    }

    /** The same qtop with holds between these. */
    Peer holding(String least, String most) {
        List<String> words = new ArrayList<>(command);
        words.set(words.indexOf("--min-hold") + 1, least);
        words.set(words.indexOf("--max-hold") + 1, most);
        return new Peer(name, words, configuration, environment);
    }

    /** The command that starts it here. */
    List<String> command(int listen, InetSocketAddress socks, InetSocketAddress control, Path config) {
        return command.stream().map(word -> fill(word, listen, socks, control)
                .replace("@CONFIG@", config.toString())).toList();
    }

    /** Its configuration here. */
    String configuration(int listen, InetSocketAddress socks, InetSocketAddress control) {
        return fill(configuration, listen, socks, control);
    }

    private static String fill(String text, int listen, InetSocketAddress socks, InetSocketAddress control) {
        return text.replace("@LISTEN@", Integer.toString(listen))
                .replace("@SOCKS@", Integer.toString(socks.getPort()))
                .replace("@CONTROL@", Integer.toString(control.getPort()));
    }
}
