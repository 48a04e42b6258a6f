package org.qtop.proxy.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.qtop.proxy.stream.StreamException;
import org.qtop.proxy.stream.StreamFailure;

class ClientAddressesTest {

    private final ClientAddresses addresses = new ClientAddresses();

    private static Client client(int listener, String address) throws Exception {
        return new Client(listener, Optional.of(InetAddress.getByName(address)));
    }

    private String of(Client client) throws StreamException {
        return addresses.of(client).map(InetAddress::getHostAddress).orElse("any");
    }

    @Test
    void shouldLeaveLoopbackClientsOfTheFirstListenerTheirOwnAddress() throws Exception {
        assertEquals("any", of(client(0, "127.0.0.1")));
        assertEquals("127.0.0.2", of(client(0, "127.0.0.2")));
        assertEquals("127.127.255.254", of(client(0, "127.127.255.254")));
    }

    @Test
    void shouldGiveEveryOtherClientAnAddressOfItsOwn() throws Exception {
        Set<String> given = new HashSet<>();
        assertTrue(given.add(of(client(1, "127.0.0.1"))));
        assertTrue(given.add(of(client(2, "127.0.0.1"))));
        assertTrue(given.add(of(client(0, "127.128.0.1"))));
        assertTrue(given.add(of(client(0, "192.0.2.1"))));
        assertTrue(given.add(of(client(1, "192.0.2.1"))));
        assertTrue(given.add(of(client(0, "2001:db8::1"))));
        assertTrue(given.add(of(client(0, "::1"))));
        assertTrue(given.add(of(new Client(0, Optional.empty()))));
        assertTrue(given.stream().allMatch(address -> address.startsWith("127.128.0.")), given::toString);
    }

    @Test
    void shouldKeepAClientsAddress() throws Exception {
        String first = of(client(0, "192.0.2.1"));
        assertNotEquals(first, of(client(0, "192.0.2.2")));
        assertEquals(first, of(client(0, "192.0.2.1")));
    }

    @Test
    void shouldNeverGiveOneAddressToTwoClientsUntilAllAreGivenOut() throws Exception {
        Set<InetAddress> given = new HashSet<>();
        for (int i = 0; i < ClientAddresses.MOST; i++) {
            byte[] address = {10, 0, (byte) (i >> 8), (byte) i};
            InetAddress own = addresses.of(new Client(0, Optional.of(InetAddress.getByAddress(address)))).orElseThrow();
            assertTrue(given.add(own) && own.isLoopbackAddress() && (own.getAddress()[1] & 0xff) >= 128, own::toString);
        }
        StreamException e = assertThrows(StreamException.class, () -> of(client(0, "192.0.2.1")));
        assertEquals(StreamFailure.NO_ADDRESS_LEFT, e.failure());
        assertEquals(StreamFailure.NO_ADDRESS_LEFT, StreamFailure.ofDial(e));
        assertEquals("127.128.0.1", of(client(0, "10.0.0.0")));
        assertEquals("any", of(client(0, "127.0.0.1")));
    }

    @Test
    void shouldTakeAMappedOrZonedAddressForWhatItIs() throws Exception {
        byte[] mapped = InetAddress.getByName("2001:db8::1").getAddress();
        java.util.Arrays.fill(mapped, (byte) 0);
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = 10;
        mapped[15] = 1;
        InetAddress sixteen = Inet6Address.getByAddress(null, mapped, 0);
        assertTrue(Client.addressOf(new InetSocketAddress(sixteen, 1)).orElseThrow() instanceof Inet4Address);
        InetAddress zoned = Inet6Address.getByAddress(null, InetAddress.getByName("fe80::1").getAddress(), 1);
        assertEquals(Optional.of(InetAddress.getByName("fe80::1")), Client.addressOf(new InetSocketAddress(zoned, 1)));
    }
}
