package org.qtop.proxy.socks;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes scripts of scripts: their bytes mangled here and there, and cut at random places. Confined to one thread. */
final class Mutator {

    /** Bytes that mean something to a parser of SOCKS. */
    private static final int[] TELLING = {0, 1, 2, 3, 4, 5, 6, 0x2e, 0x2d, 0x43, 0x47, 0x7f, 0x80, 0xf0, 0xf1, 0xfe,
        0xff};
    private static final int MOST_CHANGES = 4;
    private static final int MOST_CUTS = 4;
    private static final int LONGEST = 700;

    private final List<Script> sources;
    private final Random random;

    Mutator(List<Script> sources, long seed) {
        this.sources = List.copyOf(sources);
        this.random = new Random(seed);
    }

    List<Script> make(int count) {
        List<Script> made = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            made.add(next("generated " + i));
        }
        return made;
    }

    private Script next(String name) {
        Script source = sources.get(random.nextInt(sources.size()));
        byte[] bytes = source.written();
        for (int changes = random.nextInt(MOST_CHANGES + 1); changes > 0; changes--) {
            bytes = change(bytes);
        }
        if (bytes.length > LONGEST) {
            bytes = Arrays.copyOf(bytes, LONGEST);
        }
        List<Script.Step> steps = cut(bytes);
        int end = random.nextInt(10);
        if (end < 2) {
            steps.add(new Script.Pause());
            steps.add(new Script.End());
        }
        return new Script(name + " from " + source.name(), steps);
    }

    private byte[] change(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {telling()};
        }
        int at = random.nextInt(bytes.length);
        byte[] changed = bytes.clone();
        switch (random.nextInt(7)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = telling();
            case 2 -> changed[at] = (byte) random.nextInt(256);
            case 3 -> changed = joined(bytes, 0, at, new byte[] {telling()}, at);
            case 4 -> changed = joined(bytes, 0, at, new byte[0], at + 1);
            case 5 -> changed = joined(bytes, 0, at, Arrays.copyOfRange(bytes, random.nextInt(at + 1), at), at);
            default -> changed = Arrays.copyOf(bytes, at);
        }
        return changed;
    }

    private byte telling() {
        return (byte) TELLING[random.nextInt(TELLING.length)];
    }

    private static byte[] joined(byte[] bytes, int from, int to, byte[] between, int rest) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(bytes, from, to - from);
        all.writeBytes(between);
        all.write(bytes, rest, bytes.length - rest);
        return all.toByteArray();
    }

    private List<Script.Step> cut(byte[] bytes) {
        List<Script.Step> steps = new ArrayList<>();
        int[] places = random.ints(random.nextInt(MOST_CUTS + 1), 0, bytes.length + 1).sorted().toArray();
        int from = 0;
        for (int place : places) {
            add(steps, bytes, from, place);
            from = place;
        }
        add(steps, bytes, from, bytes.length);
        return steps;
    }

    private static void add(List<Script.Step> steps, byte[] bytes, int from, int to) {
        if (to > from) {
            if (!steps.isEmpty()) {
                steps.add(new Script.Pause());
            }
            steps.add(new Script.Write(Arrays.copyOfRange(bytes, from, to)));
        }
    }
}
