package org.qtop.proxy.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** OpenSSH's server on a free port of loopback, with keys for one test, for this user alone. For tests. */
final class SshServer implements AutoCloseable {

    /** As root, sshd wants this folder, which the system makes at boot only where sshd is a service. */
    private static final Path SEPARATION = Path.of("/run/sshd");

    private final Path folder;
    private final int port;
    private final boolean madeSeparation;
    private Process process;

    private SshServer(Path folder, int port, boolean madeSeparation) {
        this.folder = folder;
        this.port = port;
        this.madeSeparation = madeSeparation;
    }

    static SshServer start(Path parent) throws Exception {
        Path folder = Files.createDirectory(parent.resolve("ssh"));
        Tool tool = new Tool(folder);
        for (String key : List.of("host", "user")) {
            tool.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder.resolve(key).toString())
                    .good();
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.copy(folder.resolve("user.pub"), folder.resolve("authorized"));
        Files.writeString(folder.resolve("known"), "qtop-test " + Files.readString(folder.resolve("host.pub")));
        Files.writeString(folder.resolve("config"), String.join("\n", "Port " + port, "ListenAddress 127.0.0.1",
                "HostKey " + folder.resolve("host"), "AuthorizedKeysFile " + folder.resolve("authorized"),
                "PidFile none", "StrictModes no", "UsePAM no", "PasswordAuthentication no", "PrintMotd no",
                "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "UseDNS no", ""));
        boolean make = "root".equals(System.getProperty("user.name")) && Files.notExists(SEPARATION);
        if (make) {
            Files.createDirectory(SEPARATION);
        }
        SshServer server = new SshServer(folder, port, make);
        try {
            server.process = tool.start("sshd", Tool.find("sshd").orElseThrow(), "-D", "-e", "-f",
                    folder.resolve("config").toString());
            Waiting.until(Waiting.LONG, () -> "an ssh server; " + tool.said("sshd"), () -> answers(port));
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> options(String proxyCommand) {
        return List.of("ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o",
                "HostKeyAlias=qtop-test", "-o", "UserKnownHostsFile=" + folder.resolve("known"), "-o",
                "GlobalKnownHostsFile=none", "-o", "IdentitiesOnly=yes", "-i", folder.resolve("user").toString(), "-o",
                "ProxyCommand=" + proxyCommand);
    }

    /** A command that runs another on the server. */
    String[] command(String proxyCommand, String remote) {
        List<String> command = new ArrayList<>(options(proxyCommand));
        command.addAll(List.of("-p", Integer.toString(port), System.getProperty("user.name") + "@" + Site.HOST,
                remote));
        return command.toArray(String[]::new);
    }

    /** What git is to run instead of ssh. */
    String gitCommand(String proxyCommand) {
        return String.join(" ", options(proxyCommand).stream().map(word -> "'" + word + "'").toList());
    }

    /** {@code USER@HOST:PORT}. */
    String place() {
        return System.getProperty("user.name") + "@" + Site.HOST + ":" + port;
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            Tool.end(process);
        }
        if (madeSeparation) {
            Files.deleteIfExists(SEPARATION);
        }
    }
}
