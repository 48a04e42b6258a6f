package org.qtop.proxy.control;

import java.io.Reader;
import org.qtop.proxy.control.ControlException.Kind;

/** What jtorctl reads from, thinking it the socket. Confined to jtorctl's own reading thread. */
final class JtorctlReader extends Reader {

    private final ControlWire wire;
    private String text = "";
    private int position;

    JtorctlReader(ControlWire wire) {
        this.wire = wire;
    }

    @Override
    public int read(char[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (position == text.length()) {
            String next = wire.nextForJtorctl();
            if (next == null) {
                return -1;
            }
            text = next;
            position = 0;
        }
        int count = Math.min(length, text.length() - position);
        text.getChars(position, position + count, target, offset);
        position += count;
        return count;
    }

    @Override
    public void close() {
        wire.fail(new ControlException(Kind.LOST, "the control connection was closed"));
    }
}
