package org.qtop.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({"192.168.1.0/24, 192.168.1.0, true", "192.168.1.0/24, 192.168.1.255, true",
        "192.168.1.0/24, 192.168.2.0, false", "10.0.0.0/8, 10.255.0.1, true", "10.0.0.0/8, 11.0.0.0, false",
        "0.0.0.0/0, 203.0.113.9, true", "0.0.0.0/0, 2001:db8::1, false", "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false", "2001:db8::/32, 2001:db8:1::1, true", "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/32, 32.1.13.184, false", "::/0, 2001:db8::1, true", "2001:db8::7, 2001:db8::7, true",
        "192.0.2.4/30, 192.0.2.7, true", "192.0.2.4/30, 192.0.2.8, false"})
    void shouldContainAddressesWithTheSameLeadingBits(String range, String address, boolean inside) throws Exception {
        assertEquals(inside, AddressRange.of(range).orElseThrow().contains(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "2001:db8::1/32", "::/129",
        "localhost", "example.com/8", "10.0.0.0/-1", "10.0.0.0/8/8", "[::1]/128"})
    void shouldRefuseWhatIsNoRange(String text) {
        assertEquals(Optional.empty(), AddressRange.of(text));
    }
}
