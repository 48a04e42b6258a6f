package org.qtop.bench.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What there is to compare. */
final class Peers {

    private static final String NOBODY = "127.0.0.1";

    /** Every thread there is, no splicing (it gains nothing on loopback), and room for the idle streams. */
    private static final String HAPROXY = """
            global
              maxconn 9000
            defaults
              mode tcp
              timeout connect 5s
              timeout client 1h
              timeout server 1h
            listen relay
              bind 127.0.0.1:@LISTEN@
              server tor 127.0.0.1:@SOCKS@
            """;

    private static final String DANTE = """
            logoutput: /dev/null
            internal: 127.0.0.1 port = @LISTEN@
            external: 127.0.0.1
            clientmethod: none
            socksmethod: none
            user.privileged: root
            user.unprivileged: nobody
            client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            route {
              from: 0.0.0.0/0 to: 0.0.0.0/0 via: 127.0.0.1 port = @SOCKS@
              proxyprotocol: socks_v5
              command: connect
              protocol: tcp
              method: none
            }
            """;

    private static final List<String> QTOP = List.of("run", "--listen", "127.0.0.1:@LISTEN@", "--tor-socks",
            "127.0.0.1:@SOCKS@", "--min-hold", "0", "--max-hold", "0", "--status-listen", "none", "--log-level",
            "error", "--drain", "0", "--max-streams", "10000");

    private static final Pattern NAME = Pattern.compile(
            "(?<kind>[a-z+]+)(?:=(?<jar>[^{]+))?(?:\\{(?<flags>[^}]*)\\})?");

    private final Path root;

    /** Peers of a checkout. */
    Peers(Path root) {
        this.root = root;
    }

    /** Those that can run here, in the order of the table. */
    List<Peer> usual() {
        return Stream.of("direct", "floor", "haproxy", "dante", "netty", "qtop", "qtop+control").map(this::named)
                .filter(peer -> peer.direct() || there(peer.command().get(0))).toList();
    }

    private static boolean there(String program) {
        return Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder).resolve(program))
                .anyMatch(Files::isExecutable);
    }

    /**
     * Reads a list.
     *
     * @param list names with commas between; {@code qtop=JAR} takes another build, {@code qtop{FLAG...}} more flags of
     *     the Java machine, with blanks between, and both go together and with {@code qtop+control}
     * @return the peers, {@code direct} among them in any case
     * @throws IllegalArgumentException if there is no such peer
     */
    List<Peer> parse(String list) {
        return Stream.concat(Stream.of("direct"), Stream.of(list.split(",")))
                .distinct().map(this::named).toList();
    }

    private Peer named(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw unknown(name);
        }
        Path jar = parts.group("jar") == null ? root.resolve("proxy/target/qtop.jar")
                : Path.of(parts.group("jar")).toAbsolutePath();
        String flags = parts.group("flags") == null ? "" : parts.group("flags");
        String kind = parts.group("kind");
        return switch (kind) {
            case "direct" -> new Peer(name, List.of(), "");
            case "floor", "splice" -> new Peer(name, List.of(built(kind), "@LISTEN@", "@SOCKS@"), "");
            case "floor+control" -> new Peer(name, List.of(built("floor"), "@LISTEN@", "@SOCKS@", "@CONTROL@"), "");
            case "haproxy" -> new Peer(name, List.of("haproxy", "-db", "-q", "-f", "@CONFIG@"), HAPROXY);
            case "dante" -> new Peer(name, List.of("danted", "-f", "@CONFIG@"), DANTE);
            case "netty" -> new Peer(name, List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                    "org.qtop.bench.load.NettyForwarder", "@LISTEN@", "@SOCKS@"), "");
            case "qtop" -> qtop(name, jar, flags, "none");
            case "qtop+control" -> qtop(name, jar, flags, NOBODY + ":@CONTROL@");
            default -> throw unknown(name);
        };
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("\"" + name + "\" is none of direct, floor, floor+control, splice, haproxy,"
                + " dante, netty, qtop, qtop+control");
    }

    /** A program in C that the script has built. */
    private String built(String program) {
        return root.resolve("bench/target").resolve(program).toString();
    }

    private Peer qtop(String name, Path jar, String flags, String control) {
        List<String> command = Stream.of(Stream.of(root.resolve("scripts/lib/qtop.sh").toString()), QTOP.stream(),
                Stream.of("--tor-control", control)).flatMap(words -> words).collect(Collectors.toList());
        return new Peer(name, command, "", Map.of("QTOP_JAR", jar.toString(), "QTOP_JAVA_OPTS", flags));
    }
}
