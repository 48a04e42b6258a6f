package org.qtop.proxy.seedsource;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;

/**
 * Cisco's Outshift quantum random numbers. Immutable.
 *
 * <p>Source: public clients of the service; no page of the vendor's was found. Numbers come as decimal strings.
 */
final class OutshiftService implements HostedService {

    private static final URI HOME = URI.create("https://api.qrng.outshift.com");
    /** Most blocks in one answer. */
    private static final int MOST_BLOCKS = 1_000;

    @Override
    public String name() {
        return "outshift";
    }

    @Override
    public URI home() {
        return HOME;
    }

    @Override
    public int mostBytes() {
        return MOST_BLOCKS;
    }

    @Override
    public HttpRequest.Builder request(URI base, String key, int bytes) {
        return HttpRequest.newBuilder(base.resolve("/api/v1/random_numbers"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("x-id-api-key", key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"encoding\":\"raw\",\"format\":\"all\","
                        + "\"bits_per_block\":8,\"number_of_blocks\":" + bytes + "}"));
    }

    @Override
    public byte[] read(byte[] body, int bytes) throws ServiceFault {
        JsonNode numbers = JsonAnswer.array(JsonAnswer.object(body), "random_numbers", bytes);
        byte[] octets = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            JsonNode number = numbers.get(i).path("decimal");
            if (!number.isTextual() || !number.textValue().matches("[0-9]{1,9}")) {
                throw JsonAnswer.malformed("a number that is not a string of decimal digits");
            }
            octets[i] = JsonAnswer.octet(Long.parseLong(number.textValue()));
        }
        return octets;
    }
}
