package org.qtop.bench.peers;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Something that stands between a client and Tor.
 *
 * @param name in the table
 * @param command what starts it; {@code @LISTEN@}, {@code @SOCKS@} and {@code @CONTROL@} are replaced by ports of
 *     127.0.0.1, {@code @CONFIG@} by the path of its configuration; empty for no proxy at all
 * @param configuration the text of its configuration, in which the same is replaced; empty if it needs none
 * @param jar the jar of qtop it runs, if it is one
 */
record Peer(String name, List<String> command, String configuration, Optional<Path> jar) {

    /** A peer without a jar. */
    Peer(String name, List<String> command, String configuration) {
        this(name, command, configuration, Optional.empty());
    }

    /** Whether it is no proxy at all. */
    boolean direct() {
        return command.isEmpty();
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
