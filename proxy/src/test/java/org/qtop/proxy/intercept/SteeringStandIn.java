package org.qtop.proxy.intercept;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.qtop.proxy.control.ControlReply;
import org.qtop.proxy.stream.StreamEvent;

/** A Tor that answers at once, as it is told to. For tests; confined to one thread. */
final class SteeringStandIn implements Steering {

    final List<String> sent = new ArrayList<>();
    final Map<String, Integer> codes = new HashMap<>();
    List<StreamEvent> streams = List.of();
    boolean optionOn;
    boolean lost;
    boolean streamsRefused;
    long missed;

    @Override
    public CompletableFuture<ControlReply> send(String line) {
        if (lost) {
            return CompletableFuture.failedFuture(new IllegalStateException("lost"));
        }
        sent.add(line);
        String word = line.split(" ")[0];
        int code = codes.getOrDefault(line, codes.getOrDefault(word, 250));
        String text = "OK";
        if (code == 250 && line.equals(Rescue.attach(0))) {
            code = 552;
        } else if (code == 250 && word.equals("SETCONF")) {
            optionOn = line.endsWith("=1");
        } else if (word.equals("GETCONF")) {
            text = Rescue.OPTION + (optionOn ? "=1" : "=0");
        }
        return CompletableFuture.completedFuture(new ControlReply(code, List.of(text)));
    }

    @Override
    public CompletableFuture<List<StreamEvent>> streams() {
        if (lost || streamsRefused) {
            return CompletableFuture.failedFuture(new IllegalStateException(lost ? "lost" : "refused"));
        }
        sent.add("streams");
        return CompletableFuture.completedFuture(streams);
    }

    @Override
    public long missed() {
        return missed;
    }

    /** What was sent since the last call. */
    List<String> sent() {
        List<String> since = List.copyOf(sent);
        sent.clear();
        return since;
    }
}
