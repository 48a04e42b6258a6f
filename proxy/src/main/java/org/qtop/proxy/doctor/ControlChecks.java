package org.qtop.proxy.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlReply;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.SocksChoice;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.intercept.Company;
import org.qtop.proxy.status.StatusClient;

/** What Tor's control port offers and says. Confined to one thread. */
final class ControlChecks implements AutoCloseable {

    static final String PORT = "control-port";
    static final String LOGIN = "control-login";
    static final String RUNNING = "tor-running";
    static final String COMMANDS = "control-commands";
    static final String BOOTSTRAP = "tor-bootstrap";
    static final String CLOCK = "clock";
    static final String UNATTACHED = "leave-streams-unattached";

    private static final int LIMIT_MILLIS = 3_000;
    private static final Pattern METHODS = Pattern.compile("METHODS=(\\S+)");
    private static final Pattern PROGRESS = Pattern.compile("PROGRESS=(\\d+).*?SUMMARY=\"([^\"]*)\"");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final int OK = 250;
    /** Three digits and a blank. Source: Tor control-spec, "Replies". */
    private static final Pattern LAST_LINE = Pattern.compile("(?m)^\\d{3} .*\n");

    private static final String OPTION_ASKED = "GETCONF __LeaveStreamsUnattached";
    private static final String OPTION_KEPT = "SETCONF __LeaveStreamsUnattached=0";
    private static final String ATTACH = "ATTACHSTREAM 0 0";
    private static final int NO_SUCH_STREAM = 552;
    private static final long RECONNECT_MILLIS = 1_000;

    /** What qtop asks of Tor; a filter before the control port (onion-grater, for one) must let these through. */
    private static final List<String> NEEDED = List.of("GETINFO version", "GETINFO net/listeners/socks",
            "GETINFO stream-status", "GETINFO circuit-status", "GETINFO status/bootstrap-phase",
            OPTION_ASKED);

    private final Settings settings;
    private final Clock clock;
    private TorControl control;

    ControlChecks(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    void examine(Consumer<Finding> told) {
        if (settings.torControl().isEmpty()) {
            told.accept(Finding.warning(PORT, "--tor-control is none: streams are held, but not matched to circuits.",
                    "Give --tor-control HOST:PORT."));
            return;
        }
        SocketAddress address = settings.torControl().get();
        Finding port = port(address);
        told.accept(port);
        if (port.verdict() != Finding.Verdict.OK) {
            List.of(LOGIN, RUNNING, COMMANDS, BOOTSTRAP, CLOCK, UNATTACHED).forEach(check ->
                    told.accept(Finding.skipped(check, "Needs the control port.")));
            return;
        }
        told.accept(login(address));
        if (control == null) {
            List.of(RUNNING, COMMANDS, BOOTSTRAP, CLOCK, UNATTACHED).forEach(check ->
                    told.accept(Finding.skipped(check, "Needs the login.")));
            return;
        }
        told.accept(TorProgramCheck.judge(RUNNING, control.identity().version(), "running"));
        told.accept(commands());
        told.accept(bootstrap());
        told.accept(clock());
        told.accept(unattached());
    }

    /**
     * Where {@code qtop run} would look for Tor's SOCKS port, once {@link #examine} is over.
     *
     * @return the address; empty if it would start a Tor of its own
     */
    Optional<SocketAddress> socks() {
        if (control == null) {
            boolean own = settings.torControl().isPresent() && !settings.torGiven();
            return own ? Optional.empty() : Optional.of(settings.torSocks());
        }
        if (settings.given().contains(Setting.TOR_SOCKS)) {
            return Optional.of(settings.torSocks());
        }
        try {
            return Optional.of(SocksChoice.among(control.socksListeners(), settings.torSocks()));
        } catch (ControlException e) {
            return Optional.of(settings.torSocks());
        }
    }

    /** Also tells which logins Tor offers: PROTOCOLINFO may be asked before any. */
    private static Finding port(SocketAddress address) {
        String start = "Start Tor with the lines ControlPort " + (address instanceof InetSocketAddress inet
                ? inet.getPort() : Values.text(address))
                + " and CookieAuthentication 1 in its torrc, or give the right --tor-control.";
        try {
            Matcher methods = METHODS.matcher(Talk.exchange(address,
                    "PROTOCOLINFO 1\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII), LIMIT_MILLIS,
                    said -> LAST_LINE.matcher(said).find()));
            return methods.find()
                    ? Finding.ok(PORT, "Tor answers at " + Values.text(address) + "; it offers the logins "
                            + methods.group(1).replace(",", ", "))
                    : Finding.failed(PORT, "What answers at " + Values.text(address) + " is not Tor's control port.",
                            "Give the address of Tor's ControlPort; its SocksPort is another.");
        } catch (IOException e) {
            return Finding.failed(PORT, "Nothing useful answers at " + Values.text(address) + " (" + e.getMessage()
                    + ").", start);
        }
    }

    private Finding login(SocketAddress address) {
        try {
            control = TorControl.open(login(settings, address), new ControlObserver() { });
            return Finding.ok(LOGIN, "Tor let us in; login: " + control.identity().login());
        } catch (ControlException e) {
            return Finding.failed(LOGIN, e.getMessage(), switch (e.kind()) {
                case COOKIE_UNREADABLE -> "Add this user to the group of the cookie file (Debian: sudo adduser $USER"
                        + " debian-tor, then log in again), or set CookieAuthFileGroupReadable 1.";
                case PASSWORD_MISSING -> "Write the password to a file and give --control-password-file FILE.";
                case PASSWORD_WRONG -> "Give the password whose hash is torrc's HashedControlPassword.";
                default -> "Set CookieAuthentication 1 in torrc; see that no filter stands before the control port.";
            });
        }
    }

    /** How to log in at a control port. */
    static ControlSettings login(Settings settings, SocketAddress address) {
        ControlSettings login = ControlSettings.at(address);
        login = settings.controlCookie().map(login::withCookieFile).orElse(login);
        return settings.controlPasswordFile().map(login::withPasswordFile).orElse(login);
    }

    private Finding commands() {
        StringJoiner refused = new StringJoiner(", ");
        for (String command : NEEDED) {
            if (ask(command).isEmpty()) {
                refused.add(command);
            }
        }
        String steering = refusedSteering();
        if (settings.holdAt() == HoldAt.ATTACH && !steering.isEmpty()) {
            refused.add(steering);
        }
        if (refused.length() > 0) {
            return Finding.failed(COMMANDS, "Refused: " + refused + ".", "A filter stands before the control port"
                    + " (onion-grater is one): let these commands through, and SETEVENTS STREAM CIRC STATUS_CLIENT"
                    + " SIGNAL.");
        }
        return Finding.ok(COMMANDS, "Tor answers all " + NEEDED.size() + " commands that qtop needs"
                + (steering.isEmpty() ? ", and lets streams be steered." : "; it refuses " + steering
                        + ", which only --hold-at attach and qtop intercept need."));
    }

    /**
     * What holding inside Tor needs and is not allowed, joined by commas. Nothing is changed: Tor has no stream 0, and
     * the option is set to what it is; not where it is on, lest whoever turned it on turns it off meanwhile.
     */
    private String refusedSteering() {
        StringJoiner refused = new StringJoiner(", ");
        if (code(ATTACH) != NO_SUCH_STREAM) {
            refused.add("ATTACHSTREAM");
        }
        if (ask(OPTION_ASKED).endsWith("=0") && code(OPTION_KEPT) != OK) {
            refused.add("SETCONF __LeaveStreamsUnattached");
        }
        return refused.toString();
    }

    /** Tor's reply code, or 0 without any. */
    private int code(String command) {
        try {
            return control.command(command).code();
        } catch (ControlException e) {
            return 0;
        }
    }

    /** Tor's answer, or empty text if it refused. */
    private String ask(String command) {
        try {
            ControlReply reply = control.command(command);
            return reply.code() == OK ? String.join("\n", reply.lines()) : "";
        } catch (ControlException e) {
            return "";
        }
    }

    private Finding bootstrap() {
        Matcher progress = PROGRESS.matcher(ask("GETINFO status/bootstrap-phase"));
        if (!progress.find()) {
            return Finding.skipped(BOOTSTRAP, "Tor does not tell how far it is.");
        }
        if (progress.group(1).equals("100")) {
            return Finding.ok(BOOTSTRAP, "Tor has joined the network.");
        }
        return Finding.failed(BOOTSTRAP, "Tor has come to " + progress.group(1) + "% only: " + progress.group(2) + ".",
                "Wait a minute; then look at Tor's log, at the network of this machine, and at DisableNetwork in torrc."
                        + " Where Tor is blocked, use bridges.");
    }

    /** Tor refuses a consensus that is not of today, so a wrong clock stops everything. Times of the consensus: UTC. */
    private Finding clock() {
        String after = ask("GETINFO consensus/valid-after");
        String until = ask("GETINFO consensus/valid-until");
        try {
            LocalDateTime from = LocalDateTime.parse(after.substring(after.indexOf('=') + 1).lines().findFirst()
                    .orElse("").replace("\"", ""), TIME);
            LocalDateTime to = LocalDateTime.parse(until.substring(until.indexOf('=') + 1).lines().findFirst()
                    .orElse("").replace("\"", ""), TIME);
            LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
            // A client may use a consensus for a day beyond its time.
            return now.isBefore(from) || now.isAfter(to.plusDays(1))
                    ? Finding.failed(CLOCK, "This machine's clock says " + TIME.format(now)
                            + " UTC, outside the time of Tor's consensus.",
                            "Set the clock: sudo timedatectl set-ntp true")
                    : Finding.ok(CLOCK, "This machine's clock agrees with Tor's consensus.");
        } catch (DateTimeParseException e) {
            return Finding.skipped(CLOCK, "Tor has no consensus to compare with.");
        }
    }

    /** A cure would let go what a live interceptor holds: so it is asked first, and looked for then. */
    private Finding unattached() {
        if (!ask(OPTION_ASKED).endsWith("=1")) {
            return Finding.ok(UNATTACHED, "Tor attaches streams by itself.");
        }
        if (heldByQtop()) {
            return Finding.ok(UNATTACHED, "The qtop that tells its status at " + settings.statusListen()
                    .map(Values::text).orElseThrow() + " holds streams inside Tor, and attaches them.");
        }
        return nobodyElse() ? Finding.failed(UNATTACHED, "__LeaveStreamsUnattached is 1, and nobody is connected to"
                + " Tor's control port who could attach streams: a program has died, and every stream hangs.",
                "qtop release, or in a control connection: SETCONF __LeaveStreamsUnattached=0; or restart Tor.")
                : Finding.warning(UNATTACHED, "__LeaveStreamsUnattached is 1: Tor leaves its streams to a controller."
                        + " If one is at work (a qtop intercept, for one), all is well; if it has died, every stream"
                        + " hangs.", "If none is meant to be at work: qtop release, which lets go at once what is held."
                        + " If a qtop is, give its --status-listen.");
    }

    /** Only what it says of this Tor counts. */
    private boolean heldByQtop() {
        try {
            JsonNode status = new ObjectMapper().readTree(StatusClient.get(settings.statusListen().orElseThrow(),
                    "/api/status"));
            return status.path("alive").asBoolean() && status.path("settings").path("holdAt").asText().equals("attach")
                    && status.path("tor").path("what").asText().endsWith("control port "
                            + Values.text(settings.torControl().orElseThrow()));
        } catch (IOException | NoSuchElementException e) {
            return false;
        }
    }

    /** Twice, since one that is alive may just have lost its connection. */
    private boolean nobodyElse() {
        try {
            if (Company.of(control) != Company.ALONE) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(RECONNECT_MILLIS);
            return Company.of(control) == Company.ALONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (control != null) {
            control.close();
        }
    }
}
