package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocksChoiceTest {

    private static SocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return text.startsWith("unix:") ? UnixDomainSocketAddress.of(text.substring("unix:".length()))
                : new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // The usual one, whatever stands before it.
        "127.0.0.1:9050 | 127.0.0.1:9050",
        "127.0.0.1:9052 127.0.0.1:9050 | 127.0.0.1:9050",
        "unix:/run/tor/socks 192.168.1.1:9050 127.0.0.1:9050 | 127.0.0.1:9050",
        "127.0.0.1:9052 0.0.0.0:9050 | 127.0.0.1:9050",
        "0.0.0.0:9052 127.0.0.1:9050 | 127.0.0.1:9050",
        // Loopback of IPv4, then a wildcard of IPv4, then the same of IPv6.
        "192.168.1.1:9050 [::1]:9050 127.0.0.1:9052 | 127.0.0.1:9052",
        "0.0.0.0:9051 127.0.0.5:9052 | 127.0.0.5:9052",
        "[::1]:9050 0.0.0.0:9052 | 127.0.0.1:9052",
        "192.168.1.1:9050 [::1]:9052 | [::1]:9052",
        "192.168.1.1:9050 [::]:9050 | [::1]:9050",
        // Else the first, TCP before Unix sockets.
        "unix:/run/tor/socks 192.168.1.1:9050 192.168.1.2:9050 | 192.168.1.1:9050",
        "unix:/run/tor/socks unix:/run/tor/other | unix:/run/tor/socks",
        "'' | 127.0.0.1:9050"})
    void shouldChooseThePortThatServesBest(String told, String chosen) {
        List<SocketAddress> all = Arrays.stream(told.split(" ")).filter(text -> !text.isEmpty())
                .map(SocksChoiceTest::address).toList();
        assertEquals(address(chosen), SocksChoice.among(all, address("127.0.0.1:9050")));
    }
}
