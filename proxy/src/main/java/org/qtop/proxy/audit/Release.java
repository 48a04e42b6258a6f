package org.qtop.proxy.audit;

import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.proxy.stream.Kind;

/**
 * One release as it stands in the ring and in a journal. Immutable.
 *
 * @param record what the verifier checks; its stream and circuit are 0 where Tor's numbers are not known
 * @param kind what the client asked for
 */
public record Release(ReleaseRecord record, Kind kind) {

    /**
     * Tells whether Tor's number of the stream is known.
     *
     * @return false if the stream got stand-in identifiers
     */
    public boolean matched() {
        return record.stream() != 0;
    }
}
