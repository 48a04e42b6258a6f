package org.qtop.proxy.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.qtop.proxy.doctor.Finding.Verdict;

/** Which record is the doctor's own, and what it shows. */
class StreamCheckTest {

    private static final long MILLI = 1_000_000;

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    private static List<Integer> holds(List<JsonNode> records) {
        return records.stream().map(record -> record.path("holdNanos").asInt()).toList();
    }

    @Test
    void shouldFindItsOwnRecordByItsCircuit() throws IOException {
        JsonNode released = json("[{'circuit':5,'holdNanos':1},{'circuit':7,'holdNanos':2},{'circuit':5,'holdNanos':3},"
                + "{'circuit':null,'holdNanos':4}]");
        assertEquals(List.of(3), holds(StreamCheck.mine(released, 3, Set.of(5L, 6L))));
        assertEquals(List.of(), holds(StreamCheck.mine(released, 3, Set.of(8L))));
        assertEquals(List.of(2, 3, 4), holds(StreamCheck.mine(released, 3, Set.of())));
        assertEquals(List.of(), holds(StreamCheck.mine(released, 0, Set.of())));
        assertEquals(4, StreamCheck.mine(released, 4_000, Set.of()).size());
    }

    @Test
    void shouldNotBelieveAHoldThatItsClientDidNotWaitFor() throws IOException {
        JsonNode record = json("{'circuit':5,'holdNanos':5000000,'latenessNanos':100000}");
        assertEquals(Verdict.OK, StreamCheck.judge(record, MILLI, 5 * MILLI).verdict());
        Finding lie = StreamCheck.judge(record, MILLI, 5 * MILLI - 1);
        assertEquals(Verdict.FAILED, lie.verdict());
        assertTrue(lie.text().contains("it was not held"), lie.text());
        assertEquals(Verdict.WARNING, StreamCheck.judge(record, 6 * MILLI, 7 * MILLI).verdict());
    }
}
