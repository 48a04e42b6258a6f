package org.qtop.proxy.control;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;

/** Keeps everything it hears, in one list as text and typed beside it. For tests. */
class Recorder implements ControlObserver {

    final List<String> all = new CopyOnWriteArrayList<>();
    final List<StreamEvent> streams = new CopyOnWriteArrayList<>();
    final List<CircuitEvent> circuits = new CopyOnWriteArrayList<>();
    final List<TorIdentity> identities = new CopyOnWriteArrayList<>();

    @Override
    public void onConnected(TorIdentity identity, boolean sameTor) {
        identities.add(identity);
        all.add("connected " + sameTor);
    }

    @Override
    public void onStream(StreamEvent event) {
        streams.add(event);
        all.add("stream " + event.streamId() + ' ' + event.status());
    }

    @Override
    public void onCircuit(CircuitEvent event) {
        circuits.add(event);
        all.add("circuit " + event.circuitId() + ' ' + event.status());
    }

    @Override
    public void onBootstrap(int percent, String summary) {
        all.add("bootstrap " + percent + ' ' + summary);
    }

    @Override
    public void onSignal(String name) {
        all.add("signal " + name);
    }

    @Override
    public void onLost(String reason) {
        all.add("lost " + reason);
    }

    long count(String beginning) {
        return all.stream().filter(line -> line.startsWith(beginning)).count();
    }
}
