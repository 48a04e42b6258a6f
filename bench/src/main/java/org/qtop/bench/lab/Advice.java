package org.qtop.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qtop.bench.attack.Attack;
import org.qtop.bench.attack.Attacks;
import org.qtop.bench.attack.Figure;

/** What the figures suggest building next, attack by attack. Stateless. */
final class Advice {

    /** After Holm's correction. */
    private static final double CHANCE = 0.05;

    private Advice() {
    }

    static List<String> of(Results results) {
        List<String> lines = new ArrayList<>();
        for (String attack : Tables.attacks(results)) {
            if (attack.equals("action-time")) {
                lines.addAll(action(results));
            } else {
                traffic(results, attack).ifPresent(lines::add);
            }
        }
        return lines;
    }

    private static List<String> action(Results results) {
        List<String> lines = new ArrayList<>();
        for (Mode mode : Tables.modes(results, "action-time")) {
            long above = Tables.find(results, mode, "action-time").orElseThrow().figures().stream()
                    .filter(Figure::isAboveBound).count();
            if (above > 0) {
                lines.add("action-time, " + mode.words() + ": " + above + " distances are above the bound beyond their"
                        + " interval. Look for what tells of the act without being held.");
            }
        }
        if (lines.isEmpty()) {
            lines.add("action-time: nothing is above the bound beyond its interval. What would hide more is a wider"
                    + " range, or acts that are taken together at fixed moments; both cost time before the first"
                    + " byte.");
        }
        return lines;
    }

    /** Compares the best mode with straight at Tor by the attack's most telling figure. */
    private static Optional<String> traffic(Results results, String attack) {
        Optional<String> name = Tables.first(results, attack);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Figure direct = null;
        Figure least = null;
        Mode best = null;
        for (Mode mode : Tables.modes(results, attack)) {
            Optional<Figure> figure = Tables.find(results, mode, attack).flatMap(found -> found.figure(name.get()));
            if (figure.isPresent()) {
                if (mode == Mode.DIRECT) {
                    direct = figure.get();
                } else if (least == null || figure.get().value() < least.value()) {
                    least = figure.get();
                    best = mode;
                }
            }
        }
        if (direct == null || least == null) {
            return Optional.empty();
        }
        String figures = attack + ": " + name.get() + " is " + Tables.cell(direct) + " straight at Tor and "
                + Tables.cell(least) + " at best (" + best.words() + "). ";
        return Optional.of(figures + (helps(results, attack) ? "Holding the set-up helps a little here; "
                : "Holding the set-up does not help here; ") + cure(attack));
    }

    /** Whether some mode came out lower than straight at Tor, flow by flow, by more than chance. */
    private static boolean helps(Results results, String attack) {
        return results.differences().stream().anyMatch(one -> one.attack().equals(attack) && one.difference() < 0
                && one.holm() < CHANCE);
    }

    private static String cure(String name) {
        Attack.Task task = Attacks.all().stream().filter(attack -> attack.name().equals(name)).map(Attack::task)
                .findFirst().orElse(Attack.Task.ENDS);
        if (name.equals("sizes")) {
            return "Tor's cells already hide single sizes; sums are hidden by padding alone.";
        }
        return switch (task) {
            case SITE -> "what would is padding and pacing of the downstream direction between the client and a relay,"
                    + " or splitting a page over several guards.";
            case MARK -> "what would is to pace what arrives from the destination, at a relay or at the far end.";
            default -> "what would is traffic at a rate of its own on one of the two ends: constant or adaptive padding"
                    + " to the guard, with a relay or the far end taking part.";
        };
    }
}
