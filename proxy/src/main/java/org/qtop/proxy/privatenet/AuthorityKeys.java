package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/**
 * The keys of one directory authority: those that sign the consensus, made by {@code tor-gencert}, and those it has as
 * a relay, made by tor.
 *
 * <p>They protect nothing but a network on loopback, so one JVM makes them once and every later network of its life
 * uses them again, which saves about a second of each start. They are never kept on disk beyond a network's life.
 * Immutable.
 *
 * @param files the files of the folder {@code keys} by name
 * @param fingerprint the relay's identity, 40 hex digits
 * @param v3ident the authority's identity, 40 hex digits
 */
record AuthorityKeys(Map<String, byte[]> files, String fingerprint, String v3ident) {
    private static final Pattern V3_IDENT = Pattern.compile("(?m)^fingerprint ([0-9A-F]{40})$");
    private static final Pattern FINGERPRINT = Pattern.compile("(?m)^\\w+ ((?:[0-9A-F]{4} ?){10})$");
    private static List<AuthorityKeys> made = List.of();

    /** Makes the keys of so many authorities, or returns those made before. */
    static synchronized List<AuthorityKeys> some(int count, Path scratch, Deadline deadline)
            throws IOException, InterruptedException {
        if (made.size() < count) {
            made = make(count, scratch, deadline);
        }
        return made.subList(0, count);
    }

    private static List<AuthorityKeys> make(int count, Path scratch, Deadline deadline)
            throws IOException, InterruptedException {
        Path gencert = TorPrograms.gencert();
        Path tor = TorPrograms.tor();
        List<Path> folders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path folder = scratch.resolve("keys" + i);
            Folders.makePrivate(folder);
            Folders.makePrivate(folder.resolve("keys"));
            Files.writeString(folder.resolve("torrc"), "");
            folders.add(folder);
        }
        runAll(gencert, folders, deadline, folder -> List.of("--create-identity-key", "-m", "12",
                "-i", "authority_identity_key", "-s", "authority_signing_key", "-c", "authority_certificate",
                "--passphrase-fd", "0"), "keys");
        List<String> prints = runAll(tor, folders, deadline, AuthorityKeys::listFingerprint, "");
        List<AuthorityKeys> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(read(folders.get(i), prints.get(i)));
            Folders.delete(folders.get(i));
        }
        return List.copyOf(keys);
    }

    private static List<String> listFingerprint(Path folder) {
        String empty = folder.resolve("torrc").toString();
        return List.of("--list-fingerprint", "--hush", "-f", empty, "--defaults-torrc", empty, "--DataDirectory",
                folder.toString(), "--Nickname", "authority", "--ORPort", "127.0.0.1:1",
                "--Address", "127.0.0.1", "--DirAuthority", "other 127.0.0.1:1 " + "F".repeat(40));
    }

    private interface Arguments {
        List<String> of(Path folder);
    }

    /** Runs one program in every folder at the same time and returns what each printed. */
    private static List<String> runAll(Path program, List<Path> folders, Deadline deadline, Arguments arguments,
            String below) throws IOException, InterruptedException {
        List<Command> running = new ArrayList<>();
        try {
            for (Path folder : folders) {
                running.add(Command.start(program, arguments.of(folder), folder.resolve(below), "private network\n"));
            }
            List<String> printed = new ArrayList<>();
            for (Command command : running) {
                printed.add(command.finish(deadline));
            }
            return printed;
        } finally {
            running.forEach(Command::close);
        }
    }

    private static AuthorityKeys read(Path folder, String printed) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.resolve("keys"))) {
            for (Path file : entries) {
                String name = file.getFileName().toString();
                if (!name.equals("authority_identity_key")) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        byte[] certificate = files.getOrDefault("authority_certificate", new byte[0]);
        String ident = group(V3_IDENT, new String(certificate, StandardCharsets.US_ASCII), "tor-gencert");
        String fingerprint = group(FINGERPRINT, printed, "tor --list-fingerprint").replace(" ", "");
        return new AuthorityKeys(Map.copyOf(files), fingerprint, ident);
    }

    private static String group(Pattern pattern, String text, String source) throws TorStartException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new TorStartException(Reason.ENDED, "no fingerprint in the output of " + source);
        }
        return matcher.group(1);
    }

    /** Puts the keys into a data directory. */
    void install(Path dataDirectory) throws IOException {
        Folders.makePrivate(dataDirectory);
        Path folder = dataDirectory.resolve("keys");
        Folders.makePrivate(folder);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }
}
