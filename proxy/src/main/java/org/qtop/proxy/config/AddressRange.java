package org.qtop.proxy.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A range of IP addresses, as RFC 4632 and RFC 4291 write it: {@code 192.168.1.0/24}, {@code fd00::/8}, or one address.
 * Immutable.
 *
 * @param first the lowest address
 * @param prefix how many leading bits are common to all, 0 to 32 or 128
 */
public record AddressRange(InetAddress first, int prefix) {

    /**
     * Reads a range.
     *
     * @param text an address with or without a prefix length
     * @return the range; empty if the text is none, or the address has bits beyond its prefix
     */
    public static Optional<AddressRange> of(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> address = host.equalsIgnoreCase("localhost") ? Optional.empty()
                : Values.address((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":0")
                        .map(InetSocketAddress::getAddress);
        if (address.isEmpty() || slash >= 0 && !text.substring(slash + 1).matches("\\d{1,3}")) {
            return Optional.empty();
        }
        int bits = bits(address.get());
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        boolean exact = prefix <= bits && number(address.get()).getLowestSetBit() >= bits - prefix;
        boolean zero = prefix <= bits && number(address.get()).signum() == 0;
        return exact || zero ? Optional.of(new AddressRange(address.get(), prefix)) : Optional.empty();
    }

    /**
     * Tells whether an address is in the range.
     *
     * @param address any; an IPv6 address is never in a range of IPv4 addresses, nor the other way
     * @return true if the leading bits are the same
     */
    public boolean contains(InetAddress address) {
        int bits = bits(first);
        return bits(address) == bits
                && number(address).shiftRight(bits - prefix).equals(number(first).shiftRight(bits - prefix));
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + prefix;
    }
}
