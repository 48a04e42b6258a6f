package org.qtop.proxy.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;
import java.util.Optional;
import org.qtop.proxy.control.ControlException.Kind;

/** Reads cookie and password files, and says what to do when it cannot. Stateless; keeps nothing it read. */
final class LoginSecrets {

    /** Longer passwords than this are a mistaken file. */
    static final int MAX_PASSWORD_BYTES = 4096;

    private LoginSecrets() {
    }

    /**
     * Reads the cookie that Tor wants to see. A file of another length is refused unread: what claims to be Tor may
     * have named any file of ours.
     *
     * @param settings may override the file that Tor names
     * @param info names the file
     * @return 32 bytes
     * @throws ControlException of the kind COOKIE_UNREADABLE
     */
    static byte[] cookie(ControlSettings settings, ProtocolInfo info) throws ControlException {
        Path file = settings.cookieFile().or(info::cookieFile).orElse(null);
        if (file == null) {
            throw new ControlException(Kind.COOKIE_UNREADABLE, "Tor at " + settings.addressText()
                    + " wants its cookie but does not say where it is: give its file with --control-cookie");
        }
        try {
            byte[] bytes = read(file, SafeCookie.BYTES);
            if (bytes.length == SafeCookie.BYTES) {
                return bytes;
            }
        } catch (IOException e) {
            throw new ControlException(Kind.COOKIE_UNREADABLE, "cannot read Tor's cookie file " + file + " ("
                    + reason(e) + "): " + cureFor(file, e), e);
        }
        throw new ControlException(Kind.COOKIE_UNREADABLE, "the cookie file " + file + " does not hold "
                + SafeCookie.BYTES + " bytes: give Tor's own with --control-cookie");
    }

    /**
     * Reads the password, less one line end.
     *
     * @param file holds it
     * @return its bytes
     * @throws ControlException of the kind PASSWORD_MISSING if the file cannot be read
     */
    static byte[] password(Path file) throws ControlException {
        byte[] bytes;
        try {
            bytes = read(file, MAX_PASSWORD_BYTES);
        } catch (IOException e) {
            throw new ControlException(Kind.PASSWORD_MISSING, "cannot read the password file " + file + " ("
                    + reason(e) + "): give a readable one with --control-password-file", e);
        }
        if (bytes.length > MAX_PASSWORD_BYTES) {
            throw new ControlException(Kind.PASSWORD_MISSING, "the password file " + file + " holds more than "
                    + MAX_PASSWORD_BYTES + " bytes: give the right one with --control-password-file");
        }
        int length = bytes.length;
        if (length > 0 && bytes[length - 1] == '\n') {
            length -= length > 1 && bytes[length - 2] == '\r' ? 2 : 1;
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Reads at most one byte more than wanted. Whatever else the file is (a pipe, a device), it is not waited for. */
    private static byte[] read(Path file, int wanted) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a folder");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is not a plain file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(wanted + 1);
        }
    }

    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    static String cureFor(Path file, IOException e) {
        if (e instanceof AccessDeniedException) {
            return joinGroup(file) + ", or give a password with --control-password-file";
        }
        return "give the right file with --control-cookie, or a password with --control-password-file";
    }

    /**
     * How to be let at a file of Tor's.
     *
     * @param file what cannot be reached
     * @return a clause that names the group, as far as it can be seen
     */
    static String joinGroup(Path file) {
        String user = System.getProperty("user.name", "USER");
        return "add this user to the group that may (adduser " + user + ' ' + groupOf(file).orElse("debian-tor")
                + "), log in again";
    }

    /** The group of the file, or of the nearest folder above it that can be seen, unless that is root's. */
    private static Optional<String> groupOf(Path file) {
        for (Path path = file.toAbsolutePath(); path != null; path = path.getParent()) {
            try {
                String group = Files.readAttributes(path, PosixFileAttributes.class).group().getName();
                return group.equals("root") ? Optional.empty() : Optional.of(group);
            } catch (IOException | UnsupportedOperationException e) {
                // Look one folder higher.
            }
        }
        return Optional.empty();
    }
}
