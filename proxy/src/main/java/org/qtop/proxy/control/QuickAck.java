package org.qtop.proxy.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * Reads from a channel and has the kernel acknowledge at once what was read, where it can be told to.
 *
 * <p>Tor leaves Nagle's algorithm on at its control port: an event or a reply waits in Tor while an earlier one is not
 * acknowledged, and a kernel that hopes for data to go with it delays the acknowledgement by 40 ms. So a stream would
 * wait up to that long before we heard of it. Linux keeps the option only until it thinks better of it, hence once a
 * read (tcp(7), TCP_QUICKACK).
 */
final class QuickAck implements ReadableByteChannel {

    private final SocketChannel channel;
    private boolean usable;

    QuickAck(SocketChannel channel) {
        this.channel = channel;
        this.usable = channel.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = channel.read(target);
        if (usable && count > 0) {
            try {
                channel.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            } catch (IOException | UnsupportedOperationException e) {
                usable = false;
            }
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
