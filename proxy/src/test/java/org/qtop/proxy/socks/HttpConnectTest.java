package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpConnectTest {

    private final TorHttp http = TorHttp.asSocks(() -> "");

    @ParameterizedTest
    @CsvSource({"example.com:80, example.com, 80", "[::1]:80, [::1], 80", "::1, ::1, 0", "example.com, example.com, 0",
        "a:b:+0443, a:b, 443"})
    void shouldReadATargetAsTorDoes(String target, String host, int port) {
        HttpConnect connect = parsed("CONNECT \t" + target + " HTTP/1.7\r\n\r\n");
        assertNull(connect.refusal());
        assertEquals(host, connect.host());
        assertEquals(port, connect.port());
    }

    @ParameterizedTest
    @CsvSource({"example.com:0, 400", "example.com:65536, 400", "example.com:, 400"})
    void shouldRefuseATargetAsTorDoes(String target, String code) {
        assertEquals(code + " Bad Request", parsed("CONNECT " + target + " HTTP/1.0\r\n\r\n").refusal());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "2147483647, true", "2147483648, false", "-1, false", "x, false"})
    void shouldCloseAtALengthThatIsNone(String length, boolean taken) {
        assertEquals(taken ? null : "",
                parsed("CONNECT a:1 HTTP/1.0\r\nContent-Length: " + length + "\r\n\r\n").refusal());
    }

    @Test
    void shouldIsolateByEachHeaderAndByNothingElse() {
        String plain = password("CONNECT a:1 HTTP/1.0\r\n\r\n");
        assertEquals(plain, password("CONNECT b:2 HTTP/1.1\r\nUser-Agent: x\r\n\r\n"));
        String authorized = password("CONNECT a:1 HTTP/1.0\r\nproxy-authorization: Basic dG9yOmE=\r\n\r\n");
        assertNotEquals(plain, authorized);
        assertNotEquals(plain, password("CONNECT a:1 HTTP/1.0\r\nProxy-Authorization: \r\n\r\n"));
        String isolated = password("CONNECT a:1 HTTP/1.0\r\nTor-Stream-Isolation: k\r\n\r\n");
        String extra = password("CONNECT a:1 HTTP/1.0\r\nX-Tor-Stream-Isolation: k\r\n\r\n");
        assertNotEquals(isolated, extra);
        assertNotEquals(plain, isolated);
        assertEquals(extra, password(
                "CONNECT a:1 HTTP/1.0\r\nTor-Stream-Isolation: \r\nX-Tor-Stream-Isolation: k\r\n\r\n"));
    }

    private String password(String head) {
        return http.password(parsed(head).isolation());
    }

    private static HttpConnect parsed(String head) {
        return HttpConnect.parse(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1));
    }
}
