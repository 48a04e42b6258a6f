package org.qtop.proxy.control;

import java.io.IOException;
import java.io.Writer;
import org.qtop.proxy.control.ControlException.Kind;

/**
 * What jtorctl writes to, thinking it the socket. jtorctl writes under a lock of its own, and flushes once a command.
 */
final class JtorctlWriter extends Writer {

    private final ControlWire wire;
    private final StringBuilder command = new StringBuilder();

    JtorctlWriter(ControlWire wire) {
        this.wire = wire;
    }

    @Override
    public void write(char[] source, int offset, int length) {
        command.append(source, offset, length);
    }

    @Override
    public void flush() throws IOException {
        String text = command.toString();
        command.setLength(0);
        try {
            wire.sendForJtorctl(text);
        } catch (ControlException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        wire.fail(new ControlException(Kind.LOST, "the control connection was closed"));
    }
}
