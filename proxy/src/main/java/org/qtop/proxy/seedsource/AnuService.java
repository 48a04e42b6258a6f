package org.qtop.proxy.seedsource;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;

/** ANU Quantum Numbers. Immutable. Source: the service's documentation of its type {@code uint8}. */
final class AnuService implements HostedService {

    private static final URI HOME = URI.create("https://api.quantumnumbers.anu.edu.au");
    /** Most numbers in one answer. */
    private static final int MOST_NUMBERS = 1_024;

    @Override
    public String name() {
        return "anu";
    }

    @Override
    public URI home() {
        return HOME;
    }

    @Override
    public int mostBytes() {
        return MOST_NUMBERS;
    }

    @Override
    public HttpRequest.Builder request(URI base, String key, int bytes) {
        return HttpRequest.newBuilder(base.resolve("/?length=" + bytes + "&type=uint8"))
                .header("Accept", "application/json")
                .header("x-api-key", key);
    }

    @Override
    public byte[] read(byte[] body, int bytes) throws ServiceFault {
        JsonNode answer = JsonAnswer.object(body);
        if (!answer.path("success").isBoolean() || !answer.path("success").booleanValue()) {
            throw JsonAnswer.malformed("without \"success\": true");
        }
        if (!answer.path("type").asText().equals("uint8")) {
            throw JsonAnswer.malformed("numbers of another type than uint8");
        }
        JsonNode numbers = JsonAnswer.array(answer, "data", bytes);
        byte[] octets = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            if (!numbers.get(i).isIntegralNumber() || !numbers.get(i).canConvertToLong()) {
                throw JsonAnswer.malformed("something that is not a whole number");
            }
            octets[i] = JsonAnswer.octet(numbers.get(i).longValue());
        }
        return octets;
    }
}
