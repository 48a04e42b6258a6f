package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Which names Tor's SOCKS parser takes, as tor 0.4.9.11 does. Stateless. */
final class TorNames {

    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9_-]*\\.)*[A-Za-z0-9][A-Za-z0-9_-]*\\.?");
    private static final int NAME_AT = 5;

    private TorNames() {
    }

    /**
     * Looks at the target of a request.
     *
     * @param request a whole SOCKS5 request; read by index only
     * @return true if it is an address, or a name that Tor takes
     */
    static boolean takes(ByteBuf request) {
        int from = request.readerIndex();
        if (request.getByte(from + NAME_AT - 2) != ClientFramer.ADDRESS_NAME) {
            return true;
        }
        String name = request.toString(from + NAME_AT, request.getUnsignedByte(from + NAME_AT - 1),
                StandardCharsets.ISO_8859_1);
        return takes(name.indexOf('\0') < 0 ? name : name.substring(0, name.indexOf('\0')));
    }

    private static boolean takes(String name) {
        String bare = name.startsWith("[") && name.endsWith("]") && name.length() > 1
                ? name.substring(1, name.length() - 1) : name;
        return HOST.matcher(bare).matches() || bare.indexOf('%') < 0 && NetUtil.isValidIpV6Address(bare);
    }
}
