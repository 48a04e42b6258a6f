package org.qtop.proxy.socks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Every difference between qtop and Tor that is meant, each with its reason. Nothing else may differ but the clock.
 *
 * <p>In each outcome the first proxy is Tor's port, the second ours.
 */
enum Difference {

    /** On the SOCKS port. */
    CONNECT_IS_SERVED("An HTTP CONNECT is served where Tor's SocksPort answers 501, so that one port speaks all that "
            + "Tor's ports do; to tell it apart, what begins like one is looked at up to its eighth byte first.") {
        @Override
        boolean explains(Duel.Outcome outcome) {
            byte[] written = outcome.script().written();
            int known = Math.min(written.length, CONNECT.length);
            String answer = text(outcome.right());
            return known > 1 && Arrays.equals(written, 0, known, CONNECT, 0, known)
                    && text(outcome.left()).startsWith("HTTP/1.0 501 ")
                    && (answer.startsWith("HTTP/1.0 ") || answer.isEmpty() && maySayNothing(outcome.script(), written));
        }

        /** To half a head, to one that Tor's HTTP port closes at, and to a client that does not wait for an answer. */
        private boolean maySayNothing(Script script, byte[] written) {
            String head = new String(written, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
            Script.Step last = script.steps().get(script.steps().size() - 1);
            return !head.contains("\r\n\r\n") || !REQUEST_LINE.matcher(head).lookingAt()
                    || head.contains("\r\nContent-Length: ") || !(last instanceof Script.Write
                    || last instanceof Script.Pause);
        }
    },

    /** Over IPv6, in front of a port that is called over IPv4. */
    LISTENER_OVER_IPV6(Reasons.ANOTHER_FAMILY) {
        @Override
        boolean explains(Duel.Outcome outcome) {
            return sameButGroup(outcome, outcome.left(), outcome.right());
        }
    },

    /** Over IPv4, in front of a port that is called over IPv6. */
    LISTENER_OVER_IPV4(Reasons.ANOTHER_FAMILY) {
        @Override
        boolean explains(Duel.Outcome outcome) {
            return sameButGroup(outcome, outcome.right(), outcome.left());
        }
    },

    /** Without Tor's HTTP port. */
    LOGIN_FOR_HEADERS("Without --tor-http a CONNECT reaches Tor as SOCKS5 with a login made of its isolation headers: "
            + "equal headers give equal logins. It shares no circuit with SOCKS clients, as none does at Tor.") {
        @Override
        boolean explains(Duel.Outcome outcome) {
            List<String> left = outcome.leftStream();
            List<String> right = outcome.rightStream();
            return outcome.left().equals(outcome.right()) && left.size() == 2 && right.size() == 2
                    && target(left).equals(target(right)) && left.get(1).equals(right.get(1))
                    && OUR_LOGIN.matcher(right.get(0)).find();
        }
    },

    /** Without Tor's HTTP port. */
    ONE_REASON_A_CODE("Without --tor-http the status line of a failed CONNECT is made from the SOCKS5 reply code, of "
            + "which there are fewer; a name or port that the SOCKS port refuses fails like one that Tor cannot use.") {
        @Override
        boolean explains(Duel.Outcome outcome) {
            List<String> left = outcome.leftStream();
            List<String> right = outcome.rightStream();
            return failed(outcome.left()) && failed(outcome.right()) && (left.isEmpty() || right.isEmpty()
                    || target(left).equals(target(right)) && OUR_LOGIN.matcher(right.get(0)).find());
        }

        private boolean failed(String seen) {
            String text = text(seen);
            return text.startsWith("HTTP/1.0 ") && !text.startsWith("HTTP/1.0 200") && text.endsWith("\r\n\r\n")
                    && text.contains("\r\nTor-Request-Failed: ") && seen.endsWith(" FIN");
        }
    },

    /** Without Tor's HTTP port. */
    EARLY_DATA_IS_KEPT("Without --tor-http data that comes in one piece with the head of a CONNECT is sent on. Tor "
            + "takes it for a body and drops it, or from 1,024 bytes on closes: a loss that helps nobody.") {
        @Override
        boolean explains(Duel.Outcome outcome) {
            String written = new String(outcome.script().written(), StandardCharsets.ISO_8859_1);
            int end = written.indexOf("\r\n\r\n") + 4;
            String left = text(outcome.left());
            String right = text(outcome.right());
            int head = right.indexOf("\r\n\r\n") + 4;
            return end < written.length() && right.substring(head).equals(written.substring(end))
                    && (left.isEmpty() || left.startsWith(right.substring(0, head)));
        }
    };

    private static final Pattern REQUEST_LINE = Pattern.compile("CONNECT\\s+\\S+\\s*HTTP/1\\.\\d+\r\n");
    /** The reserved user name and a MAC of the headers: see TorHttp. */
    private static final Pattern OUR_LOGIN = Pattern.compile(
            " SOCKS_USERNAME=\"<torS0X>0\" SOCKS_PASSWORD=\"[0-9a-f]{64}\" CLIENT_PROTOCOL=SOCKS5 ");
    private static final Pattern LOGIN = Pattern.compile(
            " SOCKS_USERNAME=(\"(?:[^\"\\\\]|\\\\.)*\")| SOCKS_PASSWORD=(\"(?:[^\"\\\\]|\\\\.)*\")");
    private static final byte[] CONNECT = "CONNECT ".getBytes(StandardCharsets.US_ASCII);

    /** A reason for two. */
    private static final class Reasons {
        static final String ANOTHER_FAMILY = "A listener of another address family than the Tor port behind it: "
                + "streams are of that port's session group, and what Tor refuses before a request is complete comes "
                + "in the length of that port's family.";
    }

    private final String reason;

    Difference(String reason) {
        this.reason = reason;
    }

    /** Whether this is all that sets the second outcome apart from the first. */
    abstract boolean explains(Duel.Outcome outcome);

    /** Why it is meant. */
    String reason() {
        return reason;
    }

    /** The same stream of another port; or none, and a refusal that is long over IPv6 and short over IPv4. */
    private static boolean sameButGroup(Duel.Outcome outcome, String overIpv6, String overIpv4) {
        List<String> left = outcome.leftStream();
        List<String> right = outcome.rightStream();
        return withoutGroup(left).equals(withoutGroup(right)) && (overIpv6.equals(overIpv4)
                || left.isEmpty() && overIpv6.replaceFirst("0004(00){18}", "0001000000000000").equals(overIpv4));
    }

    private static List<String> withoutGroup(List<String> events) {
        return events.stream().map(event -> event.replaceFirst("SESSION_GROUP=\\S+", "")).toList();
    }

    private static String text(String seen) {
        return new String(HexFormat.of().parseHex(seen.substring(0, seen.indexOf(' '))), StandardCharsets.ISO_8859_1);
    }

    /** User name and password of a stream, as Tor told them; an absent one is not there. */
    static List<String> login(List<String> events) {
        return LOGIN.matcher(events.get(0)).results().map(MatchResult::group).toList();
    }

    private static String target(List<String> events) {
        return events.get(0).split(" ")[1];
    }
}
