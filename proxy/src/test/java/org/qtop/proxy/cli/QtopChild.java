package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.qtop.proxy.audit.JournalLine;
import org.qtop.proxy.audit.Release;

/**
 * The runnable jar as a child process, in a folder of its own that is also its home and its place for temporary files.
 *
 * <p>At its end nothing that it wrote may hold a {@linkplain #SECRET secret}, a leaked buffer or a stack trace. For
 * tests.
 */
final class QtopChild implements AutoCloseable {

    /** Part of every destination, path, login and payload that a test sends; what qtop writes must not hold it. */
    static final String SECRET = "hush-hush";

    private static final Path JAR = Path.of(System.getProperty("basedir", "."), "target", "qtop.jar").toAbsolutePath();
    /** What the shell ends with if the jar is older than what it is made from. */
    private static final int STALE = 10;
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Pattern POINT = Pattern.compile(
            "Point applications at socks5h://(\\[[0-9a-f:]+\\]|[0-9.]+):(\\d+) .*");
    /** As scripts/qtop starts it, but with Java's quick compiler alone, and with every buffer watched. */
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:MaxDirectMemorySize=256m",
            "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=1",
            "-Dio.netty.leakDetection.level=paranoid");

    private static final Set<ProcessHandle> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // For a test run that is cut short.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(ProcessHandle::destroyForcibly)));
    }

    private final Path folder;
    private final Process process;
    private final List<String> secrets = new ArrayList<>(List.of(SECRET));
    private boolean traceAllowed;

    private QtopChild(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Starts a command. */
    static QtopChild start(Path folder, String... arguments) throws IOException {
        return start(folder, Map.of(), List.of(), arguments);
    }

    /** Starts a command under some environment variables and further flags of the Java machine. */
    static QtopChild start(Path folder, Map<String, String> environment, List<String> flags, String... arguments)
            throws IOException {
        return start(folder, List.of(), environment, flags, arguments);
    }

    /** Starts a command behind another that becomes it, such as {@code ip netns exec}. */
    static QtopChild start(Path folder, List<String> prefix, String... arguments) throws IOException {
        return start(folder, prefix, Map.of(), List.of(), arguments);
    }

    /**
     * Starts a script of this project that becomes qtop. Skips the test if the script would build the jar anew, under
     * the feet of all other tests.
     */
    static QtopChild script(Path folder, String name, String... arguments) throws IOException, InterruptedException {
        Assumptions.assumeFalse(stale(), "the jar is older than what it is made from: the script would build it");
        List<String> command = new ArrayList<>(List.of(Tool.script(name)));
        command.addAll(List.of(arguments));
        return launch(folder, command, Map.of("QTOP_JAVA_OPTS", "-Dio.netty.leakDetection.level=paranoid"
                + " -Djava.io.tmpdir=" + folder.resolve("tmp")));
    }

    private static boolean stale() throws IOException, InterruptedException {
        Process script = new ProcessBuilder("bash", "-c", "source " + Tool.script("lib/common.sh") + " && source "
                + Tool.script("lib/build.sh") + " && { stale && exit 10 || exit 0; }", Tool.script("qtop"))
                .redirectErrorStream(true).start();
        String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = script.waitFor();
        assertTrue(code == 0 || code == STALE, said);
        return code == STALE;
    }

    private static QtopChild start(Path folder, List<String> prefix, Map<String, String> environment,
            List<String> flags, String... arguments) throws IOException {
        assertTrue(Files.isRegularFile(JAR), JAR + " is not built");
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
        command.addAll(flags);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return launch(folder, command, environment);
    }

    private static QtopChild launch(Path folder, List<String> program, Map<String, String> environment)
            throws IOException {
        Files.createDirectories(folder.resolve("tmp"));
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            // As at a terminal: Ctrl-C goes to all that this process starts, and to nobody else.
            command.add(SETSID.toString());
        }
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("QTOP_") || name.startsWith("JAVA_"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().remove("XDG_STATE_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        RUNNING.add(process.toHandle());
        process.getOutputStream().close();
        return new QtopChild(folder, process);
    }

    /** {@code qtop run} on a free port, logging all it can, with a journal, through a Tor that is there. */
    static QtopChild run(Path folder, InetSocketAddress socks, InetSocketAddress control, String... more)
            throws IOException {
        return start(folder, runArguments(socks, control, more));
    }

    static String[] runArguments(InetSocketAddress socks, InetSocketAddress control, String... more) {
        return Stream.concat(Stream.of("run", "--listen", "127.0.0.1:0", "--journal", "journal", "--log-level", "trace",
                "--tor-socks", text(socks), "--tor-control", text(control)), Stream.of(more)).toArray(String[]::new);
    }

    static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Whether somebody listens there. */
    static boolean answers(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, 5_000);
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }

    /** Adds something that must not be written down. */
    QtopChild hiding(String secret) {
        secrets.add(secret);
        return this;
    }

    /** Where it listens; waits for that. */
    InetSocketAddress address() throws Exception {
        awaitOut("Point applications at");
        Matcher matcher = out().stream().map(POINT::matcher).filter(Matcher::matches).findFirst().orElseThrow();
        return new InetSocketAddress(InetAddress.getByName(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Waits until a line of standard output holds the text. */
    void awaitOut(String text) throws Exception {
        awaitText(text, () -> out());
    }

    /** Waits until a line of standard error holds the text. */
    void awaitErr(String text) throws Exception {
        awaitText(text, () -> err());
    }

    private void awaitText(String text, java.util.concurrent.Callable<List<String>> lines) throws Exception {
        Waiting.until(Duration.ofSeconds(90), () -> "\"" + text + "\" from qtop, which said " + said(),
                () -> {
                    boolean alive = process.isAlive();
                    if (lines.call().stream().anyMatch(line -> line.contains(text))) {
                        return true;
                    }
                    assertTrue(alive, "qtop ended without saying \"" + text + "\" but " + said());
                    return false;
                });
    }

    List<String> out() throws IOException {
        return Files.readAllLines(folder.resolve("out"));
    }

    List<String> err() throws IOException {
        return Files.readAllLines(folder.resolve("err"));
    }

    /** All that it wrote so far, for a message. */
    String said() {
        try {
            return out() + " and " + err();
        } catch (IOException e) {
            return e.toString();
        }
    }

    Path journal() {
        return folder.resolve("journal");
    }

    /** The journal's releases so far; waits until there are so many. */
    List<Release> releases(int count) throws Exception {
        Waiting.until(Waiting.LONG, () -> count + " releases in the journal; qtop said " + said(),
                () -> Files.exists(journal()) && Files.readAllLines(journal()).size() >= count);
        return Files.readAllLines(journal()).stream().map(JournalLine::read).toList();
    }

    /** Waits until a release past the first so many is matched; streams that failed before may be reported late. */
    void awaitMatchedPast(int count) throws Exception {
        Waiting.until(Waiting.LONG, () -> "a matched release past " + count + "; qtop said " + said(),
                () -> releases(count).stream().skip(count).anyMatch(Release::matched));
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The tors that it runs now. */
    List<ProcessHandle> tors() {
        return process.descendants().filter(QtopChild::runs).toList();
    }

    /** Whether a process runs; one that has ended and waits for its parent to ask does not. */
    static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return process.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Fails if a temporary file is left. */
    void assertNothingLeft() throws IOException {
        try (Stream<Path> left = Files.walk(folder.resolve("tmp"))) {
            assertEquals(List.of(folder.resolve("tmp")), left.toList());
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kilobytes of memory that it holds now. */
    long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst().orElse(0);
    }

    /** SIGTERM. Not through the process, which would close its pipes too. */
    void terminate() {
        handle().destroy();
    }

    /** Ctrl-C: SIGINT to it and to what it has started. */
    void interrupt() throws IOException, InterruptedException {
        String target = (Files.isExecutable(SETSID) ? "-" : "") + process.pid();
        assertEquals(0, new ProcessBuilder("sh", "-c", "kill -INT " + target).start().waitFor());
    }

    /** SIGKILL. */
    void kill() {
        handle().destroyForcibly();
    }

    /** Waits for its end; returns the exit code. */
    int exitCode(Duration limit) throws InterruptedException {
        assertTrue(process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS),
                () -> "qtop did not end within " + limit.toSeconds() + " s; it said " + said());
        return process.exitValue();
    }

    /** Ends it with SIGTERM, which must go well. */
    void stop() throws InterruptedException {
        terminate();
        assertEquals(ExitCode.OK.code(), exitCode(Waiting.LONG), this::said);
    }

    /** For a run that is a fault on purpose. */
    QtopChild allowingTrace() {
        traceAllowed = true;
        return this;
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> children = process.descendants().toList();
        kill();
        handle().onExit().join();
        RUNNING.remove(handle());
        children.forEach(ProcessHandle::destroyForcibly);
        for (String name : List.of("out", "err", "journal")) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                assertClean(name, Files.readString(file));
            }
        }
    }

    private void assertClean(String name, String text) {
        for (String secret : secrets) {
            assertFalse(text.contains(secret), () -> name + " holds " + secret + ": " + text);
        }
        assertFalse(text.contains("LEAK"), () -> name + " tells of a leak: " + text);
        assertFalse(!traceAllowed && text.contains("\tat "), () -> name + " holds a stack trace: " + text);
    }
}
