package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.qtop.engine.seed.SeedSource;

/**
 * A generator's character device, such as {@code /dev/qrandom0} or {@code /dev/hwrng}. Confined to one thread at a
 * time; may be closed by another.
 *
 * <p>A read of a device that gives nothing cannot be ended from outside in every case, so it waits on a thread of its
 * own; while it does, no other is started, and what it brings at last is used then.
 */
final class DeviceSeedSource implements SeedSource {

    private final Path device;
    private final Patience patience;
    private CompletableFuture<byte[]> pending;
    private volatile FileChannel channel;
    private volatile boolean closed;

    /**
     * Names a device; it is opened when it is first read, and again after it has failed or ended.
     *
     * @throws IOException if it is not there, or is a plain file or a folder
     */
    DeviceSeedSource(Path device, Patience patience) throws IOException {
        Path real = device.toRealPath();
        if (Files.isRegularFile(real) || Files.isDirectory(real)) {
            throw new IOException("it is not a device; file:PATH reads a recording and notes what is used of it");
        }
        if (!Files.isReadable(real)) {
            throw new IOException("permission denied");
        }
        this.device = device;
        this.patience = patience;
    }

    @Override
    public String name() {
        return "device";
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (pending == null) {
            pending = start(length);
        }
        byte[] got;
        try {
            got = patience.await(pending);
        } catch (TimeoutException e) {
            throw new IOException("the device gave nothing in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            pending = null;
            throw new IOException("the device cannot be read ("
                    + (e.getCause() instanceof IOException why ? Reasons.of(why) : e.getCause().toString()) + ")");
        }
        pending = null;
        int taken = Math.min(length, got.length);
        System.arraycopy(got, 0, into, offset, taken);
        Arrays.fill(got, (byte) 0);
        return taken == 0 ? -1 : taken;
    }

    private CompletableFuture<byte[]> start(int length) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(readOnce(length));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        }, "qtop-seed-device");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private byte[] readOnce(int length) throws IOException {
        if (channel == null) {
            channel = FileChannel.open(device, StandardOpenOption.READ);
        }
        if (closed) {
            channel.close();
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int read = -1;
        try {
            read = channel.read(bytes);
        } finally {
            if (read < 0) {
                // A device that is put in again is another one, under the same name.
                channel.close();
                channel = null;
            }
        }
        return Arrays.copyOf(bytes.array(), Math.max(0, read));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        FileChannel open = channel;
        if (open != null) {
            open.close();
        }
    }
}
