package org.qtop.proxy.connector;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * The file of a Unix socket that we listen on, from its making to its end. Confined to one thread.
 *
 * <p>The socket is bound in a folder that nobody else can enter, gets its mode there, and is then moved to its place:
 * so at no moment can anybody connect whom the mode does not let in, and a file left behind by a dead qtop is replaced
 * in one step. A socket that somebody listens on, and a file that is no socket, are left alone.
 */
public final class UnixSocketFile {

    /** The longest path that the kernel takes, {@code sun_path} less its final zero (unix(7)). */
    private static final int LONGEST_PATH = 107;
    private static final String NAME = "s";

    private final Path path;
    private final Path folder;
    private Object key;

    private UnixSocketFile(Path path, Path folder) {
        this.path = path;
        this.folder = folder;
    }

    /**
     * Checks that a path can be taken.
     *
     * @param path where the socket is to be
     * @throws IOException if somebody listens there, or something else is there
     */
    public static void checkFree(Path path) throws IOException {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            throw new IOException("the path is longer than " + LONGEST_PATH + " bytes");
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
            throw new IOException("there is a file of that name, which is not a socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return;
        }
        throw new BindException("Address already in use");
    }

    /**
     * Makes a place to bind the socket at.
     *
     * @param path where the socket is to be
     * @return the file, to be published once it is bound
     * @throws IOException if the path cannot be taken
     */
    public static UnixSocketFile prepare(Path path) throws IOException {
        checkFree(path);
        Path folder = Files.createTempDirectory(path.toAbsolutePath().getParent(), ".qtop");
        UnixSocketFile file = new UnixSocketFile(path, folder);
        if (file.bindAt().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            file.abandon();
            throw new IOException("the path of its folder is too long");
        }
        return file;
    }

    /**
     * Where to bind the socket.
     *
     * @return a path that nobody else can reach
     */
    public Path bindAt() {
        return folder.resolve(NAME);
    }

    /**
     * Lets those connect whom the mode lets in.
     *
     * @param mode of the socket's file
     * @throws IOException if it cannot be moved to its place
     */
    public void publish(Set<PosixFilePermission> mode) throws IOException {
        try {
            Files.setPosixFilePermissions(bindAt(), mode);
            key = key(bindAt());
            Files.move(bindAt(), path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            abandon();
        }
    }

    /**
     * Takes away what was made but not published.
     *
     * @throws IOException if it cannot be taken away
     */
    public void abandon() throws IOException {
        Files.deleteIfExists(bindAt());
        Files.deleteIfExists(folder);
    }

    /**
     * Takes the socket away, unless another has taken its place.
     *
     * @throws IOException if it cannot be taken away
     */
    public void remove() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && key(path).equals(key)) {
            Files.delete(path);
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }
}
