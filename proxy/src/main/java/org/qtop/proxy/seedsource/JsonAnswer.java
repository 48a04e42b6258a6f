package org.qtop.proxy.seedsource;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** Reads JSON answers strictly; what it says of a bad one holds nothing of the answer. Stateless and thread-safe. */
final class JsonAnswer {

    private static final int MAX_BYTE = 255;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private JsonAnswer() {
    }

    /** Reads one JSON object. */
    static JsonNode object(byte[] body) throws ServiceFault {
        JsonNode node;
        try {
            node = JSON.readTree(body);
        } catch (IOException e) {
            throw malformed("not JSON");
        }
        if (node == null || !node.isObject()) {
            throw malformed("not a JSON object");
        }
        return node;
    }

    /** Finds an array of a certain length. */
    static JsonNode array(JsonNode object, String name, int length) throws ServiceFault {
        JsonNode array = object.path(name);
        if (!array.isArray()) {
            throw malformed("without an array \"" + name + "\"");
        }
        if (array.size() != length) {
            throw malformed(array.size() + " numbers instead of " + length);
        }
        return array;
    }

    /** Checks that a number is a byte. */
    static byte octet(long number) throws ServiceFault {
        if (number < 0 || number > MAX_BYTE) {
            throw malformed("a number that is not from 0 to 255");
        }
        return (byte) number;
    }

    static ServiceFault malformed(String what) {
        return new ServiceFault(ServiceFault.Kind.MALFORMED,
                "the answer is not of the documented form: " + what + "; nothing of it is used");
    }
}
