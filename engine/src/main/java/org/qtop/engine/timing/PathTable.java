package org.qtop.engine.timing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qtop.engine.winding.Winding;

/**
 * The paths of the circuits in use: a hash table in flat arrays, bounded, that drops the least recently bound path.
 * Not thread-safe.
 *
 * <p>A path is one row of a page, 40 bytes of numbers and 12 of links, beside 4 to 8 bytes of buckets. Pages come one
 * at a time as paths do, so no more than one is half empty, and nothing is copied when the table grows but buckets.
 */
final class PathTable {

    private static final int NONE = -1;
    private static final int PAGE_BITS = 9;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int CIRCUIT = 0;
    private static final int FIRST = 1;
    private static final int PHASE = 2;
    private static final int WINDING = 3;
    private static final int BINDINGS = 4;
    private static final int WIDTH = 5;
    /** Links of a row: the next of its bucket or of the free ones, and its neighbours in the order of binding. */
    private static final int NEXT = 0;
    private static final int OLDER = 1;
    private static final int NEWER = 2;
    private static final int LINKS = 3;

    private final int limit;
    private long[][] rows = new long[1][];
    private int[][] links = new int[1][];
    private int[] buckets = emptyBuckets(PAGE);
    private int used;
    private int free = NONE;
    private int size;
    private int oldest = NONE;
    private int newest = NONE;
    private long evicted;

    PathTable(int limit) {
        this.limit = limit;
    }

    int size() {
        return size;
    }

    long evicted() {
        return evicted;
    }

    void bind(long circuit, long advance, Binding out) {
        int row = find(circuit);
        if (row == NONE) {
            row = insert(circuit);
        } else if (row != newest) {
            unlink(row);
            linkNewest(row);
        }
        long[] page = rows[row >>> PAGE_BITS];
        int at = (row & PAGE - 1) * WIDTH;
        long from = page[at + PHASE];
        long phase = from + advance;
        long winding = Winding.after(page[at + WINDING], from, phase);
        long bindings = page[at + BINDINGS] + 1;
        page[at + PHASE] = phase;
        page[at + WINDING] = winding;
        page[at + BINDINGS] = bindings;
        out.set(circuit, from, phase, winding, bindings);
    }

    CircuitPath get(long circuit) {
        int row = find(circuit);
        return row == NONE ? null : path(row);
    }

    CircuitPath remove(long circuit) {
        int row = find(circuit);
        if (row == NONE) {
            return null;
        }
        CircuitPath path = path(row);
        drop(row);
        return path;
    }

    List<CircuitPath> all() {
        List<CircuitPath> paths = new ArrayList<>(size);
        for (int row = oldest; row != NONE; row = link(row, NEWER)) {
            paths.add(path(row));
        }
        return paths;
    }

    void clear() {
        while (oldest != NONE) {
            drop(oldest);
        }
    }

    private int insert(long circuit) {
        if (size == limit) {
            drop(oldest);
            evicted++;
        }
        int row = free;
        if (row != NONE) {
            free = link(row, NEXT);
        } else {
            row = used++;
            openPage(row >>> PAGE_BITS);
        }
        long[] page = rows[row >>> PAGE_BITS];
        int at = (row & PAGE - 1) * WIDTH;
        long first = Mixer.mix(circuit, 0);
        page[at + CIRCUIT] = circuit;
        page[at + FIRST] = first;
        page[at + PHASE] = first;
        page[at + WINDING] = 0;
        page[at + BINDINGS] = 0;
        size++;
        if (size > buckets.length) {
            rehash();
        }
        linkNewest(row);
        enter(row);
        return row;
    }

    private void openPage(int page) {
        if (page == rows.length) {
            rows = Arrays.copyOf(rows, page * 2);
            links = Arrays.copyOf(links, page * 2);
        }
        if (rows[page] == null) {
            rows[page] = new long[PAGE * WIDTH];
            links[page] = new int[PAGE * LINKS];
        }
    }

    private void drop(int row) {
        int bucket = bucket(circuit(row));
        int before = NONE;
        int at = buckets[bucket];
        while (at != row) {
            before = at;
            at = link(at, NEXT);
        }
        if (before == NONE) {
            buckets[bucket] = link(row, NEXT);
        } else {
            setLink(before, NEXT, link(row, NEXT));
        }
        unlink(row);
        setLink(row, NEXT, free);
        free = row;
        size--;
    }

    private int find(long circuit) {
        int row = buckets[bucket(circuit)];
        while (row != NONE && circuit(row) != circuit) {
            row = link(row, NEXT);
        }
        return row;
    }

    private void rehash() {
        buckets = emptyBuckets(buckets.length * 2);
        for (int row = oldest; row != NONE; row = link(row, NEWER)) {
            enter(row);
        }
    }

    private void enter(int row) {
        int bucket = bucket(circuit(row));
        setLink(row, NEXT, buckets[bucket]);
        buckets[bucket] = row;
    }

    private void linkNewest(int row) {
        setLink(row, OLDER, newest);
        setLink(row, NEWER, NONE);
        if (newest == NONE) {
            oldest = row;
        } else {
            setLink(newest, NEWER, row);
        }
        newest = row;
    }

    private void unlink(int row) {
        int older = link(row, OLDER);
        int newer = link(row, NEWER);
        if (older == NONE) {
            oldest = newer;
        } else {
            setLink(older, NEWER, newer);
        }
        if (newer == NONE) {
            newest = older;
        } else {
            setLink(newer, OLDER, older);
        }
    }

    private CircuitPath path(int row) {
        long[] page = rows[row >>> PAGE_BITS];
        int at = (row & PAGE - 1) * WIDTH;
        return new CircuitPath(page[at + CIRCUIT], page[at + FIRST], page[at + PHASE], page[at + WINDING],
                page[at + BINDINGS]);
    }

    private long circuit(int row) {
        return rows[row >>> PAGE_BITS][(row & PAGE - 1) * WIDTH + CIRCUIT];
    }

    private int link(int row, int which) {
        return links[row >>> PAGE_BITS][(row & PAGE - 1) * LINKS + which];
    }

    private void setLink(int row, int which, int to) {
        links[row >>> PAGE_BITS][(row & PAGE - 1) * LINKS + which] = to;
    }

    private int bucket(long circuit) {
        return (int) Mixer.mix(circuit, 0) & buckets.length - 1;
    }

    private static int[] emptyBuckets(int length) {
        int[] empty = new int[length];
        Arrays.fill(empty, NONE);
        return empty;
    }
}
