package org.qtop.bench.attack;

import java.util.List;
import org.qtop.bench.trace.Flow;

/**
 * The measured flows of one mode. Immutable, thread-safe.
 *
 * <p>For paired comparison, flows of one {@link Flow#id} in two data sets are the same planned visit: the same site,
 * the same draws of the workload. For the watermark attack, {@link Flow#id} is also what the destination drew the
 * flow's key from.
 *
 * @param mode what to call it in tables
 * @param flows any order
 */
public record Dataset(String mode, List<Flow> flows) {

    /** Copies the list. */
    public Dataset {
        flows = List.copyOf(flows);
    }
}
