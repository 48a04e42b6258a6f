package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.config.AddressRange;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.slf4j.LoggerFactory;

class AdmissionTest {

    private final Metrics metrics = new Metrics();
    private final Admission admission = new Admission(List.of(AddressRange.of("192.0.2.0/24").orElseThrow()), metrics);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(Admission.class)).addAppender(log);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(Admission.class)).detachAppender(log);
    }

    private boolean admits(String address, long nowNanos) throws Exception {
        return admission.admits(InetAddress.getByName(address), nowNanos);
    }

    @Test
    void shouldAdmitThisMachineAndTheNetworksThatAreNamed() throws Exception {
        assertTrue(admits("127.0.0.1", 0));
        assertTrue(admits("127.1.2.3", 0));
        assertTrue(admits("::1", 0));
        assertTrue(admits("192.0.2.77", 0));
        assertFalse(admits("198.51.100.1", 0));
        assertFalse(admits("2001:db8::1", 0));
        assertEquals(2, metrics.value(Counter.CLIENTS_NOT_ALLOWED));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5, -30_000_000_000L})
    void shouldTellOfRefusalsOnceAMinuteWithoutAnAddress(long startNanos) throws Exception {
        for (int i = 0; i < 1_000; i++) {
            assertFalse(admits("198.51.100.1", startNanos + i * (Admission.LOG_NANOS / 500)));
        }
        assertEquals(2, log.list.size());
        assertTrue(log.list.stream().noneMatch(event -> event.getFormattedMessage().contains("198.51")));
        assertEquals(1_000, metrics.value(Counter.CLIENTS_NOT_ALLOWED));
    }
}
