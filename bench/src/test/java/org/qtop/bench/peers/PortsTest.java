package org.qtop.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void shouldReadHowManyPortsWait() {
        assertEquals(13_608, Ports.waiting("""
                sockets: used 42
                TCP: inuse 3 orphan 0 tw 13608 alloc 4 mem 1
                UDP: inuse 0 mem 0
                """));
        assertEquals(0, Ports.waiting("TCP: inuse 3 orphan 0 tw 0 alloc 4 mem 1\n"));
        assertEquals(0, Ports.waiting(""));
    }
}
