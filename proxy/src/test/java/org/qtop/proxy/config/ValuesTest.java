package org.qtop.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "0.1ms, 100000", "250us, 250000", "2s, 2000000000", "1ns, 1", "1.5us, 1500", "60s, 60000000000",
        "2m, 120000000000", "1h, 3600000000000"})
    void shouldReadTimes(String text, long nanos) {
        assertEquals(Optional.of(nanos), Values.nanos(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "ms", "-1ms", "1 ms", "1.5ns", "1e3ms", "1ms ", "0x1ms", "999999999999h", "1d"})
    void shouldRefuseWhatIsNoTime(String text) {
        assertEquals(Optional.empty(), Values.nanos(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1 ns", "250000, 0.25 ms", "99000, 99 us", "100000, 0.1 ms", "10000000, 10 ms",
        "2500000000, 2.5 s"})
    void shouldWriteTimesAsAPersonWould(long nanos, String text) {
        assertEquals(text, Values.time(nanos));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9150", "[::1]:9150", "localhost:9150"})
    void shouldReadAddresses(String text) throws Exception {
        InetSocketAddress address = Values.address(text).orElseThrow();
        assertEquals(9150, address.getPort());
        assertEquals(true, address.getAddress().isLoopbackAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9150", ":9150", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x",
        "example.com:80", "127.1:80", "::1:80", "[127.0.0.1:80", "[zz]:80", "1.2.3.400:80", "127.0.0.256:80",
        "127.0.0.:80", "1.2.3.4.5:80", "[.:]:80", "[1.2.3]:80", "300.1.1.1:80"})
    void shouldRefuseWhatIsNoAddressWithoutAskingANameServer(String text) {
        assertEquals(Optional.empty(), Values.address(text));
    }

    @Test
    void shouldWriteIpv6AddressesInBrackets() throws Exception {
        assertEquals("[::1]:5", Values.text(new InetSocketAddress(InetAddress.getByName("::1"), 5)));
    }
}
