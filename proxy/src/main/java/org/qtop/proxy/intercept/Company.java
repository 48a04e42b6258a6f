package org.qtop.proxy.intercept;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.TorControl;

/**
 * Whether anybody else talks to a Tor's control ports. Tor itself does not tell, but the machine that it runs on does:
 * the connections in Tor's own network namespace that end at one of its control ports, ours among them. So it takes
 * Linux, and a Tor whose process we can see. Sources: proc(5), {@code net/tcp} and {@code net/unix}; Tor control-spec,
 * GETINFO {@code net/listeners/control}.
 */
public enum Company {
    /** Nobody: there is one connection, and that is ours. A controller that was there is gone. */
    ALONE,
    /** Somebody, who may be a controller of streams or may not. */
    OTHERS,
    /** It cannot be seen from here. */
    UNKNOWN;

    private static final Path PROC = Path.of("/proc");
    private static final Pattern LISTENER = Pattern.compile("\"(?:unix:([^\"]+)|[^\"]*:(\\d+))\"");
    private static final String ESTABLISHED = "01";
    private static final int TCP_LOCAL = 1;
    private static final int TCP_STATE = 3;
    private static final String CONNECTED = "03";
    private static final int UNIX_STATE = 5;
    private static final int UNIX_PATH = 7;

    /**
     * Looks who is there at this moment.
     *
     * @param control our only connection to that Tor
     * @return who else is there
     */
    public static Company of(TorControl control) {
        Path process = PROC.resolve(Long.toString(control.identity().pid()));
        try {
            String name = Files.readString(process.resolve("comm")).strip();
            return name.equals("tor") || name.startsWith("tor.")
                    ? of(process.resolve("net"), control.getInfo("net/listeners/control")) : UNKNOWN;
        } catch (IOException | ControlException e) {
            // Another system or machine, or a process that this user may not see.
            return UNKNOWN;
        }
    }

    /** The same from the kernel's tables and Tor's list of listeners. */
    static Company of(Path net, String listeners) throws IOException {
        Set<String> ports = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (Matcher each = LISTENER.matcher(listeners); each.find();) {
            if (each.group(1) != null) {
                paths.add(each.group(1));
            } else {
                ports.add(String.format(Locale.ROOT, "%04X", Integer.parseInt(each.group(2))));
            }
        }
        long connections = lines(net.resolve("tcp")).stream().filter(line -> tcp(line, ports)).count()
                + lines(net.resolve("tcp6")).stream().filter(line -> tcp(line, ports)).count()
                + lines(net.resolve("unix")).stream().filter(line -> unix(line, paths)).count();
        return connections == 0 ? UNKNOWN : connections == 1 ? ALONE : OTHERS;
    }

    /** Latin-1, since a path may be any bytes. */
    private static List<String> lines(Path table) throws IOException {
        return Files.exists(table) ? Files.readAllLines(table, StandardCharsets.ISO_8859_1) : List.of();
    }

    /** Tor's side of a connection: its local port is the listener's. */
    private static boolean tcp(String line, Set<String> ports) {
        String[] field = line.strip().split("\\s+");
        return field.length > TCP_STATE && field[TCP_STATE].equals(ESTABLISHED)
                && ports.contains(field[TCP_LOCAL].substring(field[TCP_LOCAL].indexOf(':') + 1));
    }

    /** Tor's side of a connection has the listener's path, the other side has none. */
    private static boolean unix(String line, Set<String> paths) {
        String[] field = line.strip().split("\\s+", UNIX_PATH + 1);
        return field.length > UNIX_PATH && field[UNIX_STATE].equals(CONNECTED) && paths.contains(field[UNIX_PATH]);
    }
}
