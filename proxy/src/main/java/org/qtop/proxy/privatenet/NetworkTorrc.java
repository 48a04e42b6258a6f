package org.qtop.proxy.privatenet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of every tor in a private network (tor's manual, "TESTING NETWORK OPTIONS"). Immutable.
 *
 * <p>Authorities alone are guards: only they hold every descriptor from the first moment of a consensus. A client that
 * asks a fresh exit for descriptors gets a 404 and asks again 10 s later, which was most of the wait.
 *
 * @param authorities the three authorities
 * @param resolvConf a file that names our own name server
 * @param votingSeconds time between two consensuses once the first is there
 * @param startOffset second, within the first voting interval of 5 s, at which a consensus is due
 */
record NetworkTorrc(List<Authority> authorities, Path resolvConf, int votingSeconds, int startOffset) {
    /** The shortest that tor allows: 1 s to vote, 1 s to sign, 1 s over ({@code dirvote.h}). */
    static final int INITIAL_INTERVAL_SECONDS = 5;

    /**
     * One authority.
     *
     * @param nickname its nickname
     * @param keys its keys
     * @param orPort port on which it listens for relays and clients
     * @param toldPort port at which they are told to reach it
     * @param dirPort port for directory requests over plain HTTP
     */
    record Authority(String nickname, AuthorityKeys keys, int orPort, int toldPort, int dirPort) {
        String line() {
            return "DirAuthority " + nickname + " orport=" + toldPort + " no-v2 v3ident=" + keys.v3ident()
                    + " 127.0.0.1:" + dirPort + " " + keys.fingerprint();
        }
    }

    /** Chooses the offset so that the first consensus comes the given time after now. */
    static int offsetFor(long epochMillis, Duration lead) {
        long secondAfter = Math.floorDiv(epochMillis + lead.toMillis() + 999, 1000L);
        return (int) Math.floorMod(secondAfter, (long) INITIAL_INTERVAL_SECONDS);
    }

    private List<String> common() {
        List<String> lines = new ArrayList<>(List.of(
                "TestingTorNetwork 1",
                "AvoidDiskWrites 1",
                "DisableDebuggerAttachment 0",
                // A connection from 127.0.0.1 cannot leave the machine: no tor of this network is a way out.
                "OutboundBindAddress 127.0.0.1"));
        authorities.forEach(authority -> lines.add(authority.line()));
        return lines;
    }

    private List<String> server(String nickname, int orPort, int toldPort) {
        List<String> lines = common();
        if (orPort != toldPort) {
            lines.add("ORPort 127.0.0.1:" + toldPort + " NoListen");
        }
        lines.addAll(List.of(
                "Nickname " + nickname,
                "ContactInfo qtop@localhost",
                "Address 127.0.0.1",
                "ORPort 127.0.0.1:" + orPort + (orPort == toldPort ? "" : " NoAdvertise"),
                "SocksPort 0",
                "AssumeReachable 1",
                "ExtraInfoStatistics 0",
                "ShutdownWaitLength 0"));
        return lines;
    }

    List<String> authority(Authority self) {
        List<String> lines = server(self.nickname(), self.orPort(), self.toldPort());
        lines.addAll(List.of(
                "DirPort 127.0.0.1:" + self.dirPort(),
                "AuthoritativeDirectory 1",
                "V3AuthoritativeDirectory 1",
                "ExitPolicy reject *:*",
                "TestingV3AuthInitialVotingInterval " + INITIAL_INTERVAL_SECONDS + " seconds",
                "TestingV3AuthInitialVoteDelay 2 seconds",
                "TestingV3AuthInitialDistDelay 2 seconds",
                "TestingV3AuthVotingStartOffset " + startOffset + " seconds",
                "V3AuthVotingInterval " + votingSeconds + " seconds",
                "V3AuthVoteDelay 2 seconds",
                "V3AuthDistDelay 2 seconds",
                // A missed vote or two must not make the consensus stale.
                "V3AuthNIntervalsValid 10",
                "TestingDirAuthVoteGuard " + String.join(",", fingerprints()),
                "TestingDirAuthVoteGuardIsStrict 1",
                "TestingDirAuthVoteHSDir *",
                "TestingMinExitFlagThreshold 0"));
        return lines;
    }

    private List<String> fingerprints() {
        return authorities.stream().map(authority -> '$' + authority.keys().fingerprint()).toList();
    }

    List<String> exit(String nickname, int orPort, int toldPort, List<String> extra) {
        List<String> lines = server(nickname, orPort, toldPort);
        lines.addAll(List.of(
                "ExitRelay 1",
                "IPv6Exit 1",
                "ExitPolicy accept *:*",
                // An exit whose own consensus is a vote behind must not refuse a middle relay that it does not list.
                "RefuseUnknownExits 0",
                "OutboundBindAddress [::1]",
                "ServerDNSResolvConfFile " + Torrc.quoted(resolvConf),
                "ServerDNSSearchDomains 0",
                "ServerDNSDetectHijacking 0",
                "ServerDNSTestAddresses",
                "ServerDNSAllowNonRFC953Hostnames 1"));
        lines.addAll(extra);
        return lines;
    }

    List<String> client(int socksPort, int controlPort, List<String> login, List<String> extra) {
        List<String> lines = common();
        lines.addAll(List.of(
                "SocksPort 127.0.0.1:" + socksPort,
                "ControlPort 127.0.0.1:" + controlPort,
                // What tor learns about timeouts from circuits of 3 ms gives up on the first busy moment.
                "LearnCircuitBuildTimeout 0",
                "CircuitBuildTimeout 60"));
        lines.addAll(login);
        lines.addAll(extra);
        return lines;
    }
}
