package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;

class EventParserTest {

    private static final String NEW = "12 NEW 0 example.com:80 SOURCE_ADDR=127.0.0.1:40000 PURPOSE=USER "
            + "SOCKS_USERNAME=\"a b\" SOCKS_PASSWORD=\"c\\\" SOURCE_ADDR=9.9.9.9:9\" CLIENT_PROTOCOL=SOCKS5 "
            + "NYM_EPOCH=0 SESSION_GROUP=-4 ISO_FIELDS=SOCKS_USERNAME,SOCKS_PASSWORD";

    /** As Tor 0.4.9 writes them. */
    private static final List<String[]> REAL = List.of(
            new String[] {"STREAM", NEW},
            new String[] {"STREAM", "12 SENTCONNECT 5 10.0.0.1:80 SOCKS_USERNAME=\"a b\" CLIENT_PROTOCOL=SOCKS5"},
            new String[] {"STREAM", "13 NEW 0 [2001:db8::1]:443 SOURCE_ADDR=fe80::1:40001 PURPOSE=USER"},
            new String[] {"STREAM", "14 CLOSED 5 example.com:80 REASON=END REMOTE_REASON=EXITPOLICY"},
            new String[] {"STREAM", "15 NEW 0 x:1 SOURCE_ADDR=(Tor_internal):0 PURPOSE=DIR_FETCH"},
            new String[] {"CIRC", "5 BUILT $AA~a,$BB=b BUILD_FLAGS=NEED_CAPACITY PURPOSE=CONFLUX_LINKED CONFLUX_ID=6F "
                    + "CONFLUX_RTT=12 TIME_CREATED=2026-01-01T00:00:00.000000"},
            new String[] {"CIRC", "6 FAILED BUILD_FLAGS=X PURPOSE=GENERAL REASON=TIMEOUT"},
            new String[] {"STATUS_CLIENT", "NOTICE BOOTSTRAP PROGRESS=45 TAG=requesting_descriptors "
                    + "SUMMARY=\"Asking for \\\"relay\\\" descriptors\""},
            new String[] {"STATUS_CLIENT", "NOTICE CIRCUIT_ESTABLISHED"},
            new String[] {"SIGNAL", "RELOAD"});

    private final EventParser parser = new EventParser();

    private StreamEvent stream(String data) {
        Optional<ControlEvent> event = parser.parse("STREAM", data);
        assertTrue(event.isPresent(), data);
        return ((ControlEvent.OfStream) event.get()).event();
    }

    private CircuitEvent circuit(String data) {
        Optional<ControlEvent> event = parser.parse("CIRC", data);
        assertTrue(event.isPresent(), data);
        return ((ControlEvent.OfCircuit) event.get()).event();
    }

    @Test
    void shouldReadANewStream() {
        StreamEvent event = stream(NEW);
        assertEquals(12, event.streamId());
        assertEquals(StreamEvent.Status.NEW, event.status());
        assertEquals(0, event.circuitId());
        assertEquals(new InetSocketAddress("127.0.0.1", 40_000), event.source());
        assertEquals("USER", event.purpose());
        assertNull(event.reason());
        assertNull(event.remoteReason());
    }

    @Test
    void shouldReadAClosedStream() {
        StreamEvent event = stream("14 CLOSED 5 example.com:80 REASON=END REMOTE_REASON=EXITPOLICY");
        assertEquals(StreamEvent.Status.CLOSED, event.status());
        assertEquals(5, event.circuitId());
        assertEquals("END", event.reason());
        assertEquals("EXITPOLICY", event.remoteReason());
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:1,127.0.0.1,1", "10.1.2.3:65535,10.1.2.3,65535", "::1:80,::1,80",
            "fe80::1:40001,fe80::1,40001", "[::1]:80,::1,80", "2001:db8:1:2:3:4:5:6:7,2001:db8:1:2:3:4:5:6,7",
            "::ffff:1.2.3.4:9,1.2.3.4,9"})
    void shouldSplitASourceAtItsLastColon(String text, String host, int port) {
        assertEquals(new InetSocketAddress(host, port), stream("1 NEW 0 x:1 SOURCE_ADDR=" + text).source());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(Tor_internal):0", "(Tor_internal):80", "/run/tor/socks:0", "127.0.0.1:0",
            "127.0.0.1:65536", "127.0.0.1", ":80", "", ":", "localhost:80", "1.2.3:80", "127.1:80", "::1", "::g:80",
            "0x7f000001:80",
            "127.0.0.1:+80", "127.0.0.1:99999999999999999999", "[:80", "]:80", "[]:80", "%:80", "example.com:80"})
    void shouldHaveNoSourceWithoutALiteralAddressAndPort(String text) {
        assertNull(stream("1 NEW 0 x:1 SOURCE_ADDR=" + text).source());
    }

    @Test
    void shouldNeverAskANameServerForASource() {
        InetSocketAddress source = stream("1 NEW 0 x:1 SOURCE_ADDR=192.0.2.77:80").source();
        // The name is the literal already: a look-up would give another or take seconds.
        assertEquals("192.0.2.77", source.getHostName());
        assertEquals("2001:db8::9", stream("1 NEW 0 x:1 SOURCE_ADDR=2001:db8::9:80").source().getHostName());
    }

    @Test
    void shouldNotTakeFieldsFromWithinALogin() {
        assertNull(stream("1 NEW 0 x:1 SOCKS_USERNAME=\" SOURCE_ADDR=9.9.9.9:9\"").source());
        assertNull(stream("1 NEW 0 x:1 SOCKS_USERNAME=\"\\\" SOURCE_ADDR=9.9.9.9:9\"").source());
        assertEquals("a", stream("1 NEW 0 x:1 SOCKS_USERNAME=\"\\\\\" PURPOSE=a").purpose());
        assertNull(stream("1 NEW 0 x:1 SOCKS_USERNAME=\"\\\" PURPOSE=a").purpose());
    }

    @Test
    void shouldKeepUnknownStatusesAsOther() {
        assertEquals(StreamEvent.Status.OTHER, stream("1 XYZZY 0 x:1").status());
        assertEquals(StreamEvent.Status.OTHER, stream("1 new 0 x:1").status());
        assertEquals(CircuitEvent.Status.OTHER, circuit("1 PURPOSE_CHANGED").status());
        for (StreamEvent.Status status : StreamEvent.Status.values()) {
            assertEquals(status, stream("1 " + status + " 0 x:1").status());
        }
        for (CircuitEvent.Status status : CircuitEvent.Status.values()) {
            assertEquals(status, circuit("1 " + status).status());
        }
        assertEquals(0, parser.unusableCount());
    }

    @Test
    void shouldReadCircuits() {
        CircuitEvent event = circuit(REAL.get(5)[1]);
        assertEquals(5, event.circuitId());
        assertEquals(CircuitEvent.Status.BUILT, event.status());
        assertEquals("6F", event.confluxId());
        assertNull(event.reason());
        assertEquals("TIMEOUT", circuit(REAL.get(6)[1]).reason());
        assertTrue(circuit(REAL.get(6)[1]).over());
    }

    @Test
    void shouldReadBootstrapAndSignal() {
        assertEquals(Optional.of(new ControlEvent.Bootstrap(45, "Asking for \"relay\" descriptors")),
                parser.parse("STATUS_CLIENT", REAL.get(7)[1]));
        assertEquals(Optional.empty(), parser.parse("STATUS_CLIENT", "NOTICE CIRCUIT_ESTABLISHED"));
        assertEquals(Optional.of(new ControlEvent.Signal("RELOAD")), parser.parse("SIGNAL", "RELOAD"));
        assertEquals(0, parser.unusableCount());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", value = {
            "STREAM|''", "STREAM|' '", "STREAM|1", "STREAM|1 NEW", "STREAM|1 NEW 0", "STREAM|0 NEW 0 x:1",
            "STREAM|-1 NEW 0 x:1", "STREAM|1 NEW -1 x:1", "STREAM|x NEW 0 x:1", "STREAM|1 NEW x x:1", "STREAM|null",
            "STREAM|99999999999999999999999 NEW 0 x:1", "STREAM|1 NEW 9223372036854775808 x:1", "CIRC|''", "CIRC|5",
            "CIRC|0 BUILT", "CIRC|5x BUILT", "STATUS_CLIENT|NOTICE", "STATUS_CLIENT|NOTICE BOOTSTRAP",
            "STATUS_CLIENT|NOTICE BOOTSTRAP PROGRESS=101", "STATUS_CLIENT|NOTICE BOOTSTRAP PROGRESS=-1", "SIGNAL|''",
            "BW|1 2", "''|''", "null|x"})
    void shouldCountWhatItCannotUse(String keyword, String data) {
        assertFalse(parser.parse(keyword, data).isPresent());
        assertEquals(1, parser.unusableCount());
    }

    @Test
    void shouldUndoEscapes() {
        assertEquals("a\"b\\c\n\r\tq", EventFields.unescape("a\\\"b\\\\c\\n\\r\\t\\q"));
        assertEquals("\u00e9\u0001x\u00ff7", EventFields.unescape("\\351\\1x\\3777"));
        assertEquals("\u003f7", EventFields.unescape("\\777"));
        assertEquals("\\", EventFields.unescape("\\"));
    }

    @Test
    void shouldSurviveEveryCutOfARealLine() {
        for (String[] line : REAL) {
            for (int end = 0; end <= line[1].length(); end++) {
                parser.parse(line[0], line[1].substring(0, end));
                parser.parse(line[0], line[1].substring(end));
            }
        }
    }

    @Test
    void shouldSurviveRandomText() {
        long seed = new Random().nextLong();
        try {
            Random random = new Random(seed);
            for (int i = 0; i < 100_000; i++) {
                String[] line = REAL.get(random.nextInt(REAL.size()));
                parser.parse(line[0], random.nextInt(4) == 0 ? noise(random) : mutated(line[1], random));
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void shouldReadBackWhatItWrites() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StreamEvent.Status status = StreamEvent.Status.values()[random.nextInt(StreamEvent.Status.values().length)];
            long id = 1 + (random.nextLong() >>> 5) % 1_000_000_000_000_000_000L % 999_999_999_999L;
            String login = noise(random).replace("\\", "\\\\").replace("\"", "\\\"");
            StreamEvent event = stream(id + " " + status + ' ' + i + " x:1 SOCKS_USERNAME=\"" + login
                    + "\" SOURCE_ADDR=127.0.0.1:" + (1 + i) + " PURPOSE=P");
            assertEquals(new StreamEvent(id, status, i, new InetSocketAddress("127.0.0.1", 1 + i), null, null, "P"),
                    event, "seed " + seed);
        }
    }

    private static String noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String mutated(String line, Random random) {
        StringBuilder text = new StringBuilder(line);
        for (int n = random.nextInt(6); n >= 0 && !text.isEmpty(); n--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.setCharAt(at, " \"\\=:.[]%"  .charAt(random.nextInt(9)));
                case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
                default -> text.insert(at, random.nextLong());
            }
        }
        return text.toString();
    }
}
