package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace whose only way out is a cable to nowhere, and that counts what its programs send: to and from
 * one port of its loopback, to name servers, and all else. The counters are nftables', in the output hook: so they see
 * what is sent to loopback, to the cable and to addresses that nobody has alike. Its routes lead everywhere, so that
 * whatever tries to go around the proxy does send something. What the kernel says by itself is not counted: it tells of
 * an unreachable address seconds after somebody tried it. Needs root. For tests.
 */
final class SealedPlace implements AutoCloseable {

    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");
    private static final String RULES = """
            table inet watch {
              counter proxied { }
              counter names { }
              counter other { }
              chain sent {
                type filter hook output priority 0; policy accept;
                meta l4proto { igmp, icmpv6 } accept
                icmp type destination-unreachable accept
                udp dport { 53, 853, 5353, 5355 } counter name names drop
                tcp dport { 53, 853 } counter name names drop
                oif lo tcp dport %1$d counter name proxied accept
                oif lo tcp sport %1$d counter name proxied accept
                counter name other
              }
            }
            """;

    private final String name = "qtop-it-" + ProcessHandle.current().pid();
    private final Tool tool;
    private final Path folder;
    private String[] prefix;

    SealedPlace(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        tool = new Tool(folder);
        Tool.need("ip", "nft", "nsenter");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")),
                "a network namespace needs root, and this is not");
        prefix = new String[] {Tool.find("nsenter").orElseThrow(), "--net=/run/netns/" + name};
        Assumptions.assumeTrue(tool.run("ip", "netns", "add", name).code() == 0,
                "this machine allows no network namespace");
        try {
            inside("ip", "link", "set", "lo", "up");
            Assumptions.assumeTrue(new Tool(folder, prefix()).run("ip", "link", "add", "cable", "type", "veth", "peer",
                    "name", "nowhere").code() == 0, "this machine allows no veth");
            inside("ip", "address", "add", "198.51.100.2/24", "dev", "cable");
            inside("ip", "address", "add", "2001:db8::2/64", "dev", "cable", "nodad");
            inside("ip", "link", "set", "cable", "up");
            inside("ip", "link", "set", "nowhere", "up");
            inside("ip", "route", "add", "default", "dev", "cable");
            inside("ip", "-6", "route", "add", "default", "dev", "cable");
            prefix = named(prefix);
        } catch (RuntimeException | Error | IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** Begins to count. */
    void watch(int port) throws IOException, InterruptedException {
        Path rules = Files.writeString(folder.resolve("rules"), RULES.formatted(port));
        inside("nft", "-f", rules.toString());
    }

    /**
     * What to put before a command so that it runs inside; {@code ip -n} and {@code ip netns exec} mount, which a
     * changed root forbids.
     */
    String[] prefix() {
        return prefix;
    }

    /**
     * Firefox looks up the machine's own name, of which a machine without {@code /etc/hosts} asks a name server:
     * scripts/browser warns of that. There the place has a name that needs no looking up.
     */
    private String[] named(String[] enter) throws IOException, InterruptedException {
        String host = tool.run("uname", "-n").good().out().strip();
        return tool.run("getent", "-s", "hosts:files", "hosts", host).code() == 0 ? enter
                : Stream.concat(Arrays.stream(enter), Stream.of("unshare", "--uts", "sh", "-c",
                        "echo 127.0.0.1 > /proc/sys/kernel/hostname; exec \"$@\"", "sh")).toArray(String[]::new);
    }

    private void inside(String... command) throws IOException, InterruptedException {
        Tool.Outcome outcome = new Tool(folder, prefix()).run(command);
        assertEquals(0, outcome.code(), outcome::toString);
    }

    /** Packets counted so far. */
    long packets(String counter) throws IOException, InterruptedException {
        Tool.Outcome listed = new Tool(folder, prefix()).run("nft", "list", "counter", "inet", "watch", counter);
        Matcher packets = PACKETS.matcher(listed.out());
        assertEquals(true, packets.find(), listed::toString);
        return Long.parseLong(packets.group(1));
    }

    /** Counts from zero again. */
    void watchAgain() throws IOException, InterruptedException {
        inside("nft", "reset", "counters", "table", "inet", "watch");
    }

    @Override
    public void close() throws IOException {
        try {
            tool.run("ip", "netns", "delete", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
